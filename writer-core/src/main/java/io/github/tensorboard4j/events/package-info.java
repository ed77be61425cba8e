/** Reading of event files: {@link io.github.tensorboard4j.events.EventFileReader} reads what this library and others wrote. */
package io.github.tensorboard4j.events;
