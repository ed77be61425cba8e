/** Shared by the packages of the core and meant for nobody else: it may change with every version. */
@NullMarked
package io.github.tensorboard4j.internal;

import org.jspecify.annotations.NullMarked;
