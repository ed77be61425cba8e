package io.github.tensorboard4j.examples.mnist;

import java.util.Locale;

/** The frameworks that the network can be trained with. */
enum Framework {
  /** Deeplearning4j. */
  DL4J("Deeplearning4j", new Dl4jTraining()),
  /** Deep Java Library, with PyTorch. */
  DJL("DJL", new DjlTraining());

  private final String title;
  private final Training training;

  Framework(String title, Training training) {
    this.title = title;
    this.training = training;
  }

  /** The name as its makers write it. */
  String title() {
    return title;
  }

  Training training() {
    return training;
  }

  /** The name on the command line and in directories. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
