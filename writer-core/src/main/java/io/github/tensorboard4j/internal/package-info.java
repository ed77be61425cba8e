/** What several packages of the core need; not for use outside of it. */
package io.github.tensorboard4j.internal;
