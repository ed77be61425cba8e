package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.training.ValidationExamples;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Makes of the arrays of a batch what a report on a validation takes. */
final class ReportedExamples {

  private static final float HALF = 0.5f;

  private ReportedExamples() {}

  /**
   * Returns examples each of which belongs to one class; one score alone is that of the second of two.
   *
   * @param layout where the classes lie in the arrays
   * @param labels one-hot labels, with the shape of the output
   * @param output the scores
   * @param mask which of them count, null if all do
   * @throws IllegalArgumentException if the labels have another shape
   */
  static ValidationExamples ofOneClass(OutputLayout layout, INDArray labels, INDArray output, @Nullable INDArray mask) {
    INDArray scores = layout.rows(output);
    int[] classes = classes(truths(layout, labels, output, scores), scores.columns());
    INDArray maskOfRows = layout.maskOfRows(mask, output);
    if (maskOfRows != null) {
      leaveOut(classes, floats(maskOfRows));
    }
    return ValidationExamples.of(classes, floats(scores));
  }

  /**
   * Returns examples each of which may belong to several classes.
   *
   * @param layout where the classes lie in the arrays
   * @param labels labels of zeros and ones, with the shape of the output
   * @param output the probabilities
   * @param mask which of them count, null if all do
   * @throws IllegalArgumentException if the labels have another shape
   */
  static ValidationExamples ofSeveralClasses(OutputLayout layout, INDArray labels, INDArray output,
      @Nullable INDArray mask) {
    INDArray scores = layout.rows(output);
    float[] truths = truths(layout, labels, output, scores);
    INDArray maskOfRows = layout.maskOfRows(mask, output);
    if (maskOfRows != null) {
      leaveOut(truths, floats(maskOfRows));
    }
    return ValidationExamples.ofSeveralClasses(scores.columns(), truths, floats(scores));
  }

  private static float[] truths(OutputLayout layout, INDArray labels, INDArray output, INDArray scores) {
    INDArray truths = layout.rows(labels);
    if (!truths.equalShapes(scores)) {
      throw new IllegalArgumentException("A validation report is that of one class an example, unlike labels of the shape "
          + Arrays.toString(labels.shape()) + " for outputs of " + Arrays.toString(output.shape()));
    }
    return floats(truths);
  }

  private static int[] classes(float[] truth, int columns) {
    int[] classes = new int[truth.length / columns];
    for (int row = 0; row < classes.length; row++) {
      if (columns == 1) {
        classes[row] = truth[row] > HALF ? 1 : 0;
        continue;
      }
      for (int column = 1; column < columns; column++) {
        if (truth[row * columns + column] > truth[row * columns + classes[row]]) {
          classes[row] = column;
        }
      }
    }
    return classes;
  }

  /** Marks the elements that a mask leaves out, which has one number for each, or for each row. */
  private static void leaveOut(float[] truths, float[] mask) {
    int width = truths.length / mask.length;
    for (int i = 0; i < truths.length; i++) {
      truths[i] = mask[i / width] == 0 ? Float.NaN : truths[i];
    }
  }

  /** Marks the rows that a mask leaves out: a mask has one number for each row, or for each element of it. */
  private static void leaveOut(int[] classes, float[] mask) {
    int width = mask.length / classes.length;
    for (int row = 0; row < classes.length; row++) {
      boolean counts = false;
      for (int i = row * width; i < (row + 1) * width; i++) {
        counts |= mask[i] != 0;
      }
      classes[row] = counts ? classes[row] : -1;
    }
  }

  /** Returns the elements of an array, the last dimension's side by side. */
  static float[] floats(INDArray array) {
    return array.castTo(DataType.FLOAT).dup('c').data().asFloat();
  }
}
