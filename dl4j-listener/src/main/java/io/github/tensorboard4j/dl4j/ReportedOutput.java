package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.dl4j.internal.LossFunctions;
import io.github.tensorboard4j.training.ValidationExamples;
import io.github.tensorboard4j.training.ValidationRecording;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Layer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** Adds what a network's only output has made of the validation data to a report, batch by batch. */
final class ReportedOutput {

  private static final float HALF = 0.5f;

  private final ValidationRecording recording;
  private final Layer layer;
  private final @Nullable String watched;
  private boolean wantsWatched = true;

  private ReportedOutput(ValidationRecording recording, Layer layer, @Nullable String watched) {
    this.recording = recording;
    this.layer = layer;
    this.watched = watched;
  }

  /**
   * Returns what a report takes of a network.
   *
   * @param faults takes why there is no embedding, where one is asked for
   * @throws IllegalArgumentException if it can't be reported on, with the reason
   */
  static ReportedOutput of(Network network, ValidationRecording recording, Consumer<Throwable> faults) {
    Layer[] outputs = network.outputs();
    if (outputs.length != 1 || !CorrectPredictions.isClassifier(outputs[0])) {
      throw new IllegalArgumentException(
          "A validation report is that of a network with one output, which classifies; this one has "
              + network.outputNames() + ", and is validated without one");
    }
    String watched = null;
    try {
      watched = recording.embeddedLayer().map(network::layer).orElse(null);
    } catch (IllegalArgumentException e) {
      faults.accept(e);
    }
    return new ReportedOutput(recording, outputs[0], watched);
  }

  /** Returns which layer's output is to be embedded, by its key in the network; empty if none, or no more. */
  Optional<String> watched() {
    return wantsWatched ? Optional.ofNullable(watched) : Optional.empty();
  }

  void add(ValidationPass pass) {
    INDArray output = pass.output(0);
    OutputLayout layout = OutputLayout.of(layer);
    ILossFunction loss = LossFunctions.of(layer.conf().getLayer());
    INDArray labels = pass.batch().getLabels(0);
    INDArray scores = layout.rows(output);
    INDArray truth = layout.rows(loss instanceof LossSparseMCXENT ? layout.oneHot(labels, output) : labels);
    if (!truth.equalShapes(scores)) {
      throw new IllegalArgumentException("A validation report is that of one class an example, unlike labels of the shape "
          + Arrays.toString(labels.shape()) + " for outputs of " + Arrays.toString(output.shape()));
    }
    INDArray mask = layout.maskOfRows(pass.mask(0), output);
    if (loss instanceof LossBinaryXENT && scores.columns() > 1) {
      float[] truths = floats(truth);
      if (mask != null) {
        leaveOut(truths, floats(mask));
      }
      recording.add(ValidationExamples.ofSeveralClasses(scores.columns(), truths, floats(scores)));
      return;
    }
    int[] classes = classes(floats(truth), scores.columns());
    if (mask != null) {
      leaveOut(classes, floats(mask));
    }
    ValidationExamples examples = ValidationExamples.of(classes, floats(scores));
    if (output.rank() == 2) {
      addDetails(examples, pass, classes.length);
    }
    recording.add(examples);
  }

  private void addDetails(ValidationExamples examples, ValidationPass pass, int count) {
    INDArray features = pass.batch().getFeatures(0);
    if (pass.batch().getFeatures().length == 1 && recording.wantsInputs(features.shape())) {
      examples.inputs(floats(features), features.shape());
    }
    if (pass.hasWatched()) {
      INDArray values = pass.watched();
      boolean fits = values.size(0) == count && recording.wantsEmbedding(values.length() / count);
      wantsWatched = fits;
      if (fits) {
        examples.embedding(floats(values));
      }
    }
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

  private static float[] floats(INDArray array) {
    return array.castTo(DataType.FLOAT).dup('c').data().asFloat();
  }
}
