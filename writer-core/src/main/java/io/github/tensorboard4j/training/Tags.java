package io.github.tensorboard4j.training;

import io.github.tensorboard4j.internal.TagLength;
import java.util.Objects;
import java.util.Set;

/**
 * The names of all series of a training. TensorBoard sorts groups of charts by name: the curves of batches and epochs stand
 * first, whatever the layers are called, and a group, of which it shows 12 charts at a time, is what one layer has.
 */
final class Tags {

  static final String BATCH_LOSS = "batch_loss";
  static final String BATCH_ACCURACY = "batch_accuracy";
  static final String BATCH_LEARNING_RATE = "batch_learning_rate";
  static final String BATCH_SECONDS = "batch_seconds";
  static final String BATCH_EXAMPLES_PER_SECOND = "batch_examples_per_second";
  static final String EPOCH_LOSS = "epoch_loss";
  static final String EPOCH_ACCURACY = "epoch_accuracy";
  static final String EPOCH_LEARNING_RATE = "epoch_learning_rate";
  static final String EPOCH_SECONDS = "epoch_seconds";
  static final String EPOCH_EXAMPLES_PER_SECOND = "epoch_examples_per_second";
  static final String CONFIGURATION = "configuration";
  static final String PROFILE = "profile";
  static final String EARLY_STOPPING = "early_stopping";
  static final String DIVERGENCE = "divergence";
  static final String PR_CURVE = "pr_curve";
  static final String CONFUSION_MATRIX = "confusion_matrix";
  static final String MISCLASSIFIED = "misclassified";

  static final String GRADIENT_NORM = "gradient_norm";
  static final String UPDATE_RATIO = "update_ratio_log10";

  private static final int LONGEST_DIRECTORY = 100;

  /** The names of the recorder's own figures, behind {@code batch_} and {@code epoch_}. */
  private static final Set<String> FIGURES =
      Set.of("loss", "accuracy", "learning_rate", "seconds", "examples_per_second");

  private Tags() {}

  static String batchMetric(String name) {
    return "batch_" + requireMetric(name);
  }

  static String epochMetric(String name) {
    return "epoch_" + requireMetric(name);
  }

  /** Returns the tag of a scalar of the user's own, unless it is one of the recorder's figures. */
  static String own(String tag) {
    if (Objects.requireNonNull(tag, "A scalar needs a tag, but it is null").isBlank()) {
      throw new IllegalArgumentException("A scalar needs a tag, but it is blank");
    }
    TagLength.require(tag);
    if (isFigure(tag, "batch_") || isFigure(tag, "epoch_")) {
      throw new IllegalArgumentException(
          "The scalar " + tag + " would mix with the curve that is recorded already: give it another tag, such as own/"
              + tag);
    }
    return tag;
  }

  private static boolean isFigure(String tag, String prefix) {
    return tag.startsWith(prefix) && FIGURES.contains(tag.substring(prefix.length()));
  }

  static String duration(String phase) {
    return "time/" + requireName(phase, "phase") + "_ms";
  }

  static String ofOutput(String figure, String output) {
    return figure + '/' + requireName(output, "output");
  }

  static String pretraining(String layer) {
    return ofLayer("pretrain_loss", layer);
  }

  static String parameter(String layer, String parameter) {
    return "layer_" + requireName(layer, "layer") + '/' + requireName(parameter, "parameter");
  }

  /** Unlike {@link #parameter}, for a tag has either histograms or pictures. */
  static String weightImage(String layer, String parameter) {
    return "image_" + requireName(layer, "layer") + '/' + requireName(parameter, "parameter");
  }

  static String activation(String layer) {
    return "layer_" + requireName(layer, "layer") + "/activation";
  }

  /** Unlike {@link #activation}, for a tag has either histograms or pictures. */
  static String activationImage(String layer) {
    return ofLayer("activation", layer);
  }

  static String gradient(String layer, String parameter) {
    return ofParameter("gradient", layer, parameter);
  }

  static String update(String layer, String parameter) {
    return ofParameter("update", layer, parameter);
  }

  static String learningRate(String layer, String parameter) {
    return ofParameter("learning_rate", layer, parameter);
  }

  static String ofLayer(String figure, String layer) {
    return figure + '/' + requireName(layer, "layer");
  }

  static String ofParameter(String figure, String layer, String parameter) {
    return ofLayer(figure, layer) + '/' + requireName(parameter, "parameter");
  }

  /** Returns the name of an embedding, which is that of a directory too. */
  static String embedding(String layer) {
    String name = requireName(layer, "layer").replaceAll("[^A-Za-z0-9 ._()=,-]", "_");
    return name.substring(0, Math.min(name.length(), LONGEST_DIRECTORY));
  }

  /** Returns what the Graphs page calls a profile, in which no tag of a series is. */
  static String profile(long iteration) {
    return "iteration " + iteration;
  }

  static String system(String name) {
    return "system/" + requireName(name, "system metric");
  }

  private static String requireMetric(String name) {
    if (FIGURES.contains(requireName(name, "metric"))) {
      throw new IllegalArgumentException("The metric " + name
          + " would mix with the recorder's own: set it in IterationFigures or EpochSummary, or give it another name");
    }
    return name;
  }

  private static String requireName(String name, String what) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("A " + what + " needs a name, but it is blank");
    }
    return name;
  }
}
