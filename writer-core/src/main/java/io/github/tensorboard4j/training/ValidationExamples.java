package io.github.tensorboard4j.training;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A batch of the validation data and what a model has made of it, for {@link ValidationRecording#add}. Its arrays are not copied. */
public final class ValidationExamples {

  private final int[] labels;
  private final float[] scores;
  private final float @Nullable [] truths;
  private float @Nullable [] inputs;
  private long[] inputShape = {};
  private float @Nullable [] vectors;

  private ValidationExamples(int[] labels, float[] scores, float @Nullable [] truths) {
    this.labels = labels;
    this.scores = scores;
    this.truths = truths;
  }

  /**
   * Returns examples with their predictions.
   *
   * @param labels the number of each example's class, from 0; less than 0 for one that doesn't count
   * @param scores example by example a score for each class: probabilities, or what becomes such by a softmax; or one score for each
   *     example, the probability of the second of two classes
   * @return the examples
   * @throws IllegalArgumentException if the number of scores is no multiple of that of the labels, or a class has no score
   * @throws NullPointerException if an argument is null
   */
  public static ValidationExamples of(int[] labels, float[] scores) {
    Objects.requireNonNull(labels, "labels");
    Objects.requireNonNull(scores, "scores");
    int width = labels.length == 0 ? 0 : scores.length / labels.length;
    if (width * labels.length != scores.length || labels.length > 0 && width == 0) {
      throw new IllegalArgumentException(
          labels.length + " examples have as many scores each, unlike " + scores.length + " together");
    }
    int classes = Math.max(2, width);
    for (int label : labels) {
      if (label >= classes) {
        throw new IllegalArgumentException(
            "Classes are from 0 to " + (classes - 1) + ", as there are scores, unlike " + label);
      }
    }
    return new ValidationExamples(labels, width == 1 ? ofTwoClasses(scores) : scores, null);
  }

  /**
   * Returns examples each of which may belong to several classes, or to none. They have figures and precision-recall curves, for a
   * score of more than a half predicts the class, but neither a confusion matrix nor pictures nor an embedding.
   *
   * @param classes the number of classes
   * @param truths example by example a number for each class: 1 if it belongs to it, 0 if not, NaN if that doesn't count
   * @param scores example by example a probability for each class
   * @return the examples
   * @throws IllegalArgumentException if there is no class, if the number of scores is no multiple of that of the classes, or there
   *     are more or less numbers of the one than of the other
   * @throws NullPointerException if an argument is null
   */
  public static ValidationExamples ofSeveralClasses(int classes, float[] truths, float[] scores) {
    if (classes < 1 || scores.length % classes != 0 || truths.length != scores.length) {
      throw new IllegalArgumentException("Examples of " + classes + " classes have as many numbers and scores each, unlike "
          + truths.length + " and " + scores.length + " together");
    }
    return new ValidationExamples(new int[scores.length / classes], scores, truths);
  }

  private static float[] ofTwoClasses(float[] positive) {
    float[] scores = new float[2 * positive.length];
    for (int i = 0; i < positive.length; i++) {
      scores[2 * i] = 1 - positive[i];
      scores[2 * i + 1] = positive[i];
    }
    return scores;
  }

  /**
   * Adds what the model has got for each example, where {@link ValidationRecording#wantsInputs} says that it is wanted.
   *
   * @param values example by example its numbers
   * @param shape the shape of the batch, whose first dimension is that of the examples
   * @return these examples
   * @throws IllegalArgumentException if the shape has another number of elements
   * @throws NullPointerException if an argument is null
   */
  public ValidationExamples inputs(float[] values, long... shape) {
    long elements = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    if (values.length != elements) {
      throw new IllegalArgumentException(
          "Inputs of the shape " + Arrays.toString(shape) + " are " + elements + " numbers, not " + values.length);
    }
    this.inputs = values;
    this.inputShape = shape.clone();
    return this;
  }

  /**
   * Adds what the {@linkplain ValidationRecording#embeddedLayer() layer of the embedding} has put out.
   *
   * @param values example by example its numbers
   * @return these examples
   * @throws IllegalArgumentException if their number is no multiple of that of the examples
   * @throws NullPointerException if the values are null
   */
  public ValidationExamples embedding(float[] values) {
    if (labels.length > 0 && values.length % labels.length != 0) {
      throw new IllegalArgumentException(
          "Vectors of " + labels.length + " examples have as many numbers each, unlike " + values.length + " together");
    }
    this.vectors = values;
    return this;
  }

  int size() {
    return labels.length;
  }

  int classes() {
    return labels.length == 0 ? 0 : scores.length / labels.length;
  }

  int[] labels() {
    return labels;
  }

  float[] scores() {
    return scores;
  }

  /** Returns which classes the examples belong to; null if each belongs to one, its label. */
  float @Nullable [] truths() {
    return truths;
  }

  /** Returns the inputs, null if there are none, or not one for each label. */
  float @Nullable [] inputs() {
    return inputShape.length > 0 && inputShape[0] == labels.length ? inputs : null;
  }

  long[] inputShape() {
    return inputShape;
  }

  float @Nullable [] vectors() {
    return vectors;
  }
}
