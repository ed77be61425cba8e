/** Reading of event files. */
package io.github.tensorboard4j.events;
