package io.github.tensorboard4j.djl;

import ai.djl.nn.Block;
import ai.djl.training.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** The network of {@link Trainings#classifier()} in plain Java, in 64-bit floats: what it puts out, its loss and its gradients. */
final class PlainMlp {

  /** Weights and biases of the hidden layer, then of the output layer; a weight is a row for each unit. */
  private final List<double[]> parameters = new ArrayList<>();

  private PlainMlp(Block block) {
    block.getParameters().values().forEach(parameter -> parameters.add(doubles(parameter.getArray().toFloatArray())));
  }

  /** Copies what a trainer's network is now. */
  static PlainMlp of(Trainer trainer) {
    return new PlainMlp(trainer.getModel().getBlock());
  }

  static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  /** Returns what the hidden layer puts out before its ReLU, example by example. */
  double[] hidden(double[] inputs) {
    return linear(inputs, parameters.get(0), parameters.get(1));
  }

  static double[] relu(double[] values) {
    double[] positive = values.clone();
    for (int i = 0; i < positive.length; i++) {
      positive[i] = Math.max(0, positive[i]);
    }
    return positive;
  }

  /** Returns what the output layer puts out, example by example. */
  double[] output(double[] inputs) {
    return linear(relu(hidden(inputs)), parameters.get(2), parameters.get(3));
  }

  /** Returns the mean of the examples' cross entropies. */
  double loss(double[] inputs, int[] labels) {
    double[] output = output(inputs);
    int classes = output.length / labels.length;
    double sum = 0;
    for (int row = 0; row < labels.length; row++) {
      double all = 0;
      for (int i = 0; i < classes; i++) {
        all += Math.exp(output[row * classes + i]);
      }
      sum += Math.log(all) - output[row * classes + labels[row]];
    }
    return sum / labels.length;
  }

  /** Returns the gradient of the loss by a parameter's elements, as quotients of finite differences. */
  double[] gradient(int parameter, double[] inputs, int[] labels) {
    double[] elements = parameters.get(parameter);
    double[] gradient = new double[elements.length];
    double step = 1e-6;
    for (int i = 0; i < elements.length; i++) {
      double before = elements[i];
      elements[i] = before + step;
      double above = loss(inputs, labels);
      elements[i] = before - step;
      double below = loss(inputs, labels);
      elements[i] = before;
      gradient[i] = (above - below) / (2 * step);
    }
    return gradient;
  }

  private static double[] linear(double[] inputs, double[] weight, double[] bias) {
    int units = bias.length;
    int width = weight.length / units;
    int rows = inputs.length / width;
    double[] outputs = new double[rows * units];
    for (int row = 0; row < rows; row++) {
      for (int unit = 0; unit < units; unit++) {
        double sum = bias[unit];
        for (int i = 0; i < width; i++) {
          sum += inputs[row * width + i] * weight[unit * width + i];
        }
        outputs[row * units + unit] = sum;
      }
    }
    return outputs;
  }

  static double norm(double[] values) {
    return Math.sqrt(sum(values, value -> value * value));
  }

  static double meanMagnitude(double[] values) {
    return sum(values, Math::abs) / values.length;
  }

  static double mean(double[] values) {
    return sum(values, value -> value) / values.length;
  }

  static double standardDeviation(double[] values) {
    double mean = mean(values);
    return Math.sqrt(sum(values, value -> (value - mean) * (value - mean)) / values.length);
  }

  private static double sum(double[] values, DoubleUnaryOperator figure) {
    double sum = 0;
    for (double value : values) {
      sum += figure.applyAsDouble(value);
    }
    return sum;
  }
}
