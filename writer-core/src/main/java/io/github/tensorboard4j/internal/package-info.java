/** What several packages of the core need, and nobody else: it may change with every version. */
@NullMarked
package io.github.tensorboard4j.internal;

import org.jspecify.annotations.NullMarked;
