package io.github.tensorboard4j.tool.input;

import java.io.IOException;

/** Says that the shapes given by {@code --input} are not those that the model takes. */
public final class UnfitShapeException extends IOException {

  private static final long serialVersionUID = 1;

  UnfitShapeException(String message) {
    super(message);
  }
}
