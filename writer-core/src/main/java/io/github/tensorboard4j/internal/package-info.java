/** What several packages of the core need, and nobody else: it may change with every version. */
package io.github.tensorboard4j.internal;
