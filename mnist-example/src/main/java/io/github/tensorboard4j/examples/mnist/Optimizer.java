package io.github.tensorboard4j.examples.mnist;

import java.util.Locale;

/** The optimizers to compare, with the learning rate that their authors' frameworks start with. */
enum Optimizer {
  /** Stochastic gradient descent. */
  SGD(0.01),
  /** Adam (D. Kingma, J. Ba, "Adam: A Method for Stochastic Optimization", 2015). */
  ADAM(0.001);

  private final double learningRate;

  Optimizer(double learningRate) {
    this.learningRate = learningRate;
  }

  double learningRate() {
    return learningRate;
  }

  /** The name on the command line, in tables and in directories. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
