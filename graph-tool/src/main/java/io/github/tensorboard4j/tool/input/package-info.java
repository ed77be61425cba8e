/** What the user says of a model's inputs. */
package io.github.tensorboard4j.tool.input;
