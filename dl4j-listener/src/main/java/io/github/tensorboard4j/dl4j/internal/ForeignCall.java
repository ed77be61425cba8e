package io.github.tensorboard4j.dl4j.internal;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls of foreign code, which may be a user's own layer, for what is good to know but not needed. */
final class ForeignCall {

  private static final Logger LOGGER = LoggerFactory.getLogger(ForeignCall.class);

  private ForeignCall() {}

  /** Returns the call's result, or null if it throws. */
  static <T> @Nullable T orNull(Supplier<? extends @Nullable T> call) {
    try {
      return call.get();
    } catch (RuntimeException | LinkageError e) {
      LOGGER.debug("left out of the graph", e);
      return null;
    }
  }
}
