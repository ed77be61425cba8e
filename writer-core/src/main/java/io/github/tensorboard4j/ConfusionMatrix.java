package io.github.tensorboard4j;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * How often examples of each class were taken for each class: a row for each true class, a column for each predicted one.
 * Immutable.
 *
 * <pre>{@code
 * writer.addConfusionMatrix("digits", ConfusionMatrix.of(counts, List.of("0", "1", "2")), epoch);
 * }</pre>
 *
 * <p>It is drawn with the shares of each row as colours: what is right in blue, what is wrong in red, where small shares are seen
 * too. The counts stand in the cells where they fit, which they do for some 50 classes; the names can be read for some 100.
 */
public final class ConfusionMatrix {

  static final int MOST_CLASSES = 1_000;

  private final long[][] counts;
  private final List<String> classes;

  private ConfusionMatrix(long[][] counts, List<String> classes) {
    this.counts = counts;
    this.classes = classes;
  }

  /**
   * Returns a matrix of counts.
   *
   * @param counts a row for each true class, in it a count for each predicted one: {@code counts[2][3]} is how often examples
   *     of the class 2 were taken for the class 3
   * @param classes the names of the classes, in the order of the rows and of the columns
   * @return the matrix
   * @throws IllegalArgumentException if there is no row or more than 1,000, if a row has not as many counts as there are rows, if
   *     there are not as many names, if a count is negative, or if all together are more than {@code Long.MAX_VALUE}
   * @throws NullPointerException if an argument, a row or a name is null
   */
  public static ConfusionMatrix of(long[][] counts, List<String> classes) {
    Objects.requireNonNull(counts, "Counts are asked for, but they are null");
    List<String> names = List.copyOf(Objects.requireNonNull(classes, "Names of classes are asked for, but they are null"));
    int size = counts.length;
    if (size < 1 || size > MOST_CLASSES) {
      throw new IllegalArgumentException("A confusion matrix has between 1 and " + MOST_CLASSES + " classes, not " + size);
    }
    if (names.size() != size) {
      throw new IllegalArgumentException("A confusion matrix of " + size + " rows needs as many names, not " + names.size());
    }
    long[][] copy = new long[size][];
    long sum = 0;
    for (int row = 0; row < size; row++) {
      copy[row] = Objects.requireNonNull(counts[row], "A row of counts is null").clone();
      if (copy[row].length != size) {
        throw new IllegalArgumentException("A confusion matrix has as many columns as rows, but row " + row + " of " + size
            + " has " + copy[row].length);
      }
      for (long count : copy[row]) {
        if (count < 0) {
          throw new IllegalArgumentException("A confusion matrix has counts of 0 or more, but row " + row + " has " + count);
        }
        if (count > Long.MAX_VALUE - sum) {
          throw new IllegalArgumentException(
              "The counts of a confusion matrix are more than " + Long.MAX_VALUE
                  + " together: divide all of them by a number");
        }
        sum += count;
      }
    }
    return new ConfusionMatrix(copy, names);
  }

  /**
   * Returns a matrix of counts.
   *
   * @param counts a row for each true class, in it a count for each predicted one
   * @param classes the names of the classes, in the order of the rows and of the columns
   * @return the matrix
   * @throws IllegalArgumentException if there is no row or more than 1,000, if a row has not as many counts as there are rows, if
   *     there are not as many names, or if a count is negative
   * @throws NullPointerException if an argument, a row or a name is null
   */
  public static ConfusionMatrix of(int[][] counts, List<String> classes) {
    Objects.requireNonNull(counts, "Counts are asked for, but they are null");
    long[][] wide = new long[counts.length][];
    for (int row = 0; row < counts.length; row++) {
      wide[row] = Arrays.stream(Objects.requireNonNull(counts[row], "A row of counts is null")).asLongStream().toArray();
    }
    return of(wide, classes);
  }

  /**
   * Returns the matrix as a picture, which is drawn when it is needed.
   *
   * @return the picture, larger the more classes there are
   */
  public Picture toPicture() {
    ConfusionDrawing drawing = new ConfusionDrawing(this);
    long bytes = (long) size() * size() * Long.BYTES;
    return new Picture(drawing.width(), drawing.height(), bytes, null, drawing::draw);
  }

  int size() {
    return classes.size();
  }

  String name(int index) {
    return classes.get(index);
  }

  long count(int row, int column) {
    return counts[row][column];
  }

  long sum(int row) {
    return Arrays.stream(counts[row]).sum();
  }

  /** Returns how many examples there are. */
  long sum() {
    return Arrays.stream(counts).flatMapToLong(Arrays::stream).sum();
  }

  /** Returns how many examples were taken for what they are. */
  long correct() {
    long right = 0;
    for (int i = 0; i < size(); i++) {
      right += counts[i][i];
    }
    return right;
  }
}
