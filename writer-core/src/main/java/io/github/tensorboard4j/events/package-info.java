/** Reading of event files: {@link io.github.tensorboard4j.events.EventFileReader} reads what this library and others wrote. */
@NullMarked
package io.github.tensorboard4j.events;

import org.jspecify.annotations.NullMarked;
