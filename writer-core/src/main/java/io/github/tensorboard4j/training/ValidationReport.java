package io.github.tensorboard4j.training;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to be found out of a classifier on its validation data, beyond loss and accuracy, in the same pass through the data. It
 * is recorded in the validation run, at the epoch or the iteration of the validation:
 * <ul>
 *   <li>{@code epoch_precision}, {@code epoch_recall} and {@code epoch_f1}: the means over the classes for which they are defined; of
 *       two classes those of the second, the positive one, as Deeplearning4j's {@code Evaluation} has them. {@code epoch_auc}, the
 *       area under the ROC curve, likewise; it takes scores within 3 % of each other for the same.
 *       {@code epoch_top_5_accuracy}, the share of examples whose class is among the five with the highest scores, where there are
 *       more than ten classes. In a training without epochs, {@code batch_precision} and the like.
 *   <li>{@code pr_curve/<class>}: a precision-recall curve of each of the first 100 classes, at 127 thresholds. TensorBoard keeps
 *       100 steps of a series.
 *   <li>{@code confusion_matrix}, a picture, of up to 1,000 classes. TensorBoard keeps 10 steps of a series of pictures, evenly
 *       chosen, unless it is started with {@code --samples_per_plugin images=100}.
 *   <li>{@code misclassified}, if the inputs are pictures: the 36 wrong predictions of which the model was surest, with what the
 *       example is and what it was taken for.
 *   <li>The embedding that is {@linkplain Builder#embedding asked for}, of the first 1,000 examples, as {@code <layer>:<step>} on the
 *       Projector page, with label and prediction of each, to search and colour by, and, if the inputs are pictures, these. TensorBoard reads the list of a
 *       run's embeddings once: those that come later are shown once it is started again.
 * </ul>
 *
 * <p>Nothing else is kept of the examples: what is counted takes some 35 KB a class, of up to 1,000 classes. With more classes there
 * are precision, recall, F1 and top-k accuracy.
 *
 * <p>Where an example may belong to several classes, as with outputs that pass a sigmoid each, a score of more than a half predicts
 * the class: there are the curves of each class, and figures that are means over all of them.
 *
 * <p>Scores that are no probabilities, which are from 0 to 1 and have the sum of 1, pass a softmax first. Steps and pixels that are
 * classified each count as examples, but have neither pictures nor embeddings. Immutable.
 */
public final class ValidationReport {

  private static final ValidationReport STANDARD = builder().build();
  private static final int DEFAULT_TOP = 5;
  private static final int FEW_CLASSES = 10;

  private final List<String> classes;
  private final int width;
  private final int height;
  private final float black;
  private final float white;
  private final @Nullable String layer;
  private final int top;
  private final @Nullable Frequency frequency;

  private ValidationReport(Builder builder) {
    this.classes = builder.classes;
    this.width = builder.width;
    this.height = builder.height;
    this.black = builder.black;
    this.white = builder.white;
    this.layer = builder.layer;
    this.top = builder.top;
    this.frequency = builder.frequency;
  }

  /**
   * Returns the report of which no more needs to be said, at each validation: the classes have the names that the framework knows, or
   * else numbers; inputs are pictures if they have the shape of a batch of pictures with 1, 3 or 4 channels, whichever dimension these
   * are.
   *
   * @return the report
   */
  public static ValidationReport standard() {
    return STANDARD;
  }

  /**
   * Returns a builder of a report, with what is standard.
   *
   * @return the builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the names of the classes, none if the user has given none. */
  List<String> classes() {
    return classes;
  }

  /** Returns the width of flat pictures, 0 if not set. */
  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** Returns whether the user has said what is black and what is white. */
  boolean hasRange() {
    return black < white;
  }

  float black() {
    return black;
  }

  float white() {
    return white;
  }

  Optional<String> layer() {
    return Optional.ofNullable(layer);
  }

  /** Returns the k of the top-k accuracy, 0 for none. */
  int top(int ofClasses) {
    return top > 0 ? Math.min(top, ofClasses) : ofClasses > FEW_CLASSES ? DEFAULT_TOP : 0;
  }

  boolean isDueAtEpoch(long epoch) {
    return frequency == null || frequency.isDueAtEpoch(epoch);
  }

  boolean isDueAtIteration(long iteration) {
    return frequency == null || frequency.isDueAtIteration(iteration);
  }

  /** Builds a {@link ValidationReport}. */
  public static final class Builder {

    private List<String> classes = List.of();
    private int width;
    private int height;
    private float black;
    private float white;
    private @Nullable String layer;
    private int top;
    private @Nullable Frequency frequency;

    private Builder() {}

    /**
     * Names the classes.
     *
     * @param names the names, in the order of the model's outputs
     * @return this builder
     * @throws IllegalArgumentException if a name is blank, or two are the same, or there are less than two
     * @throws NullPointerException if the names are null or one is
     */
    public Builder classes(List<String> names) {
      List<String> copy = List.copyOf(Objects.requireNonNull(names, "Names of classes are asked for, but they are null"));
      if (copy.size() < 2 || copy.stream().anyMatch(String::isBlank) || new HashSet<>(copy).size() < copy.size()) {
        throw new IllegalArgumentException("Two classes or more have names of their own, unlike " + copy);
      }
      this.classes = copy;
      return this;
    }

    /**
     * Names the classes.
     *
     * @param names the names, in the order of the model's outputs
     * @return this builder
     * @throws IllegalArgumentException if a name is blank, or two are the same, or there are less than two
     * @throws NullPointerException if the names are null or one is
     */
    public Builder classes(String... names) {
      return classes(List.of(names));
    }

    /**
     * Says that the inputs are pictures of that size, though they are flat rows of numbers, or have no channels. Rows of three times
     * or four times as many numbers are coloured, one plane after the other.
     *
     * @param width the number of columns
     * @param height the number of rows
     * @return this builder
     * @throws IllegalArgumentException if a number is less than 1 or more than 16,384
     */
    public Builder pictures(int width, int height) {
      if (width < 1 || height < 1 || width > PictureInputs.LONGEST_SIDE || height > PictureInputs.LONGEST_SIDE) {
        throw new IllegalArgumentException(
            "Pictures have between 1 and " + PictureInputs.LONGEST_SIDE + " pixels on each side, not " + width + " x "
                + height);
      }
      this.width = width;
      this.height = height;
      return this;
    }

    /**
     * Says what is shown as black and as white in pictures. If not set, the first batch shows it: 0 and 1, 0 and 255, or -1 and 1, if
     * all its numbers are between them, else the least and the greatest.
     *
     * @param black what is shown as black
     * @param white what is shown as white, more than that
     * @return this builder
     * @throws IllegalArgumentException if the range is empty or not finite
     */
    public Builder pictureRange(float black, float white) {
      if (!Float.isFinite(black) || !Float.isFinite(white) || black >= white) {
        throw new IllegalArgumentException(
            "Pixels lie between two numbers, the first of which is less, not " + black + " and " + white);
      }
      this.black = black;
      this.white = white;
      return this;
    }

    /**
     * Asks for an embedding of what a layer puts out, if that is two numbers or more an example; of more than 4,000, less than 1,000
     * examples have room.
     *
     * @param layer the layer's name, as the graph and the tags have it, or as the framework has it
     * @return this builder
     * @throws IllegalArgumentException if the name is blank
     * @throws NullPointerException if the name is null
     */
    public Builder embedding(String layer) {
      if (layer.isBlank()) {
        throw new IllegalArgumentException("An embedding needs the name of a layer, but it is blank");
      }
      this.layer = layer;
      return this;
    }

    /**
     * Asks for the share of examples whose class is among those with the highest scores, {@code epoch_top_<k>_accuracy}.
     *
     * @param k among how many; if not set, 5 where there are more than ten classes
     * @return this builder
     * @throws IllegalArgumentException if the number is less than 2, for of 1 it is the accuracy
     */
    public Builder topAccuracy(int k) {
      if (k < 2) {
        throw new IllegalArgumentException("A top-k accuracy is that of 2 classes or more, not of " + k
            + ": epoch_accuracy is that of 1");
      }
      this.top = k;
      return this;
    }

    /**
     * Sets how often there is a report.
     *
     * @param frequency the frequency, of epochs where the validation is measured after epochs; at each validation if not set
     * @return this builder
     * @throws NullPointerException if the frequency is null
     */
    public Builder frequency(Frequency frequency) {
      this.frequency = Objects.requireNonNull(frequency, "frequency");
      return this;
    }

    /**
     * Returns the report.
     *
     * @return the report
     */
    public ValidationReport build() {
      return new ValidationReport(this);
    }
  }
}
