package io.github.tensorboard4j.dl4j.internal;

import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks foreign code, which may be a user's own layer, for what is good to know but not needed. */
final class Facts {

  private static final Logger LOG = LoggerFactory.getLogger(Facts.class);

  private Facts() {}

  /** The answer, or null if there is none. */
  static <T> T orNull(Supplier<T> question) {
    try {
      return question.get();
    } catch (RuntimeException | LinkageError e) {
      LOG.debug("left out of the graph", e);
      return null;
    }
  }
}
