package io.github.tensorboard4j.logistic;

import java.nio.FloatBuffer;
import java.util.Random;

/** A logistic regression written by hand, trained by stochastic gradient descent: as small as a framework can be. */
final class LogisticRegression {

  /** Is called as the training goes on, as the listeners of frameworks are. */
  interface Listener {

    void epochStarted(LogisticRegression model);

    void iterationDone(LogisticRegression model, int batchSize, double loss, int correct);

    void epochEnded(LogisticRegression model);
  }

  private final float[] weights;
  private final float[] gradients;
  private final float[] bias = new float[1];
  private final float learningRate;
  private final int batchSize;

  LogisticRegression(int features, float learningRate, int batchSize) {
    this.weights = new float[features];
    this.gradients = new float[features];
    this.learningRate = learningRate;
    this.batchSize = batchSize;
  }

  /** Trains on rows of features and the classes 0 and 1. */
  void fit(float[][] features, int[] classes, int epochs, Listener listener) {
    for (int epoch = 0; epoch < epochs; epoch++) {
      listener.epochStarted(this);
      for (int start = 0; start < features.length; start += batchSize) {
        step(features, classes, start, Math.min(start + batchSize, features.length), listener);
      }
      listener.epochEnded(this);
    }
  }

  private void step(float[][] features, int[] classes, int start, int end, Listener listener) {
    java.util.Arrays.fill(gradients, 0);
    float biasGradient = 0;
    double loss = 0;
    int correct = 0;
    for (int row = start; row < end; row++) {
      double probability = predict(features[row]);
      double error = probability - classes[row];
      loss -= Math.log(classes[row] == 1 ? probability : 1 - probability);
      correct += (probability > 0.5 ? 1 : 0) == classes[row] ? 1 : 0;
      for (int i = 0; i < weights.length; i++) {
        gradients[i] += (float) (error * features[row][i]);
      }
      biasGradient += (float) error;
    }
    int size = end - start;
    for (int i = 0; i < weights.length; i++) {
      weights[i] -= learningRate * gradients[i] / size;
    }
    bias[0] -= learningRate * biasGradient / size;
    listener.iterationDone(this, size, loss / size, correct);
  }

  double predict(float[] row) {
    double sum = bias[0];
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * row[i];
    }
    return 1 / (1 + Math.exp(-sum));
  }

  FloatBuffer weights() {
    return FloatBuffer.wrap(weights);
  }

  FloatBuffer bias() {
    return FloatBuffer.wrap(bias);
  }

  float learningRate() {
    return learningRate;
  }

  /** Makes rows whose class depends on the sign of a weighted sum. */
  static float[][] features(int rows, int columns, long seed) {
    Random random = new Random(seed);
    float[][] features = new float[rows][columns];
    for (float[] row : features) {
      for (int i = 0; i < columns; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return features;
  }

  static int[] classes(float[][] features) {
    int[] classes = new int[features.length];
    for (int row = 0; row < classes.length; row++) {
      double sum = 0;
      for (int i = 0; i < features[row].length; i++) {
        sum += (i % 2 == 0 ? 1 : -1) * features[row][i];
      }
      classes[row] = sum > 0 ? 1 : 0;
    }
    return classes;
  }
}
