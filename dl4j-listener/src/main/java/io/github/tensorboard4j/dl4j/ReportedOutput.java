package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.dl4j.internal.LossFunctions;
import io.github.tensorboard4j.training.ValidationExamples;
import io.github.tensorboard4j.training.ValidationRecording;
import java.util.Optional;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Layer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** Adds what a network's only output has made of the validation data to a report, batch by batch. */
final class ReportedOutput {

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
    INDArray given = pass.batch().getLabels(0);
    INDArray labels = loss instanceof LossSparseMCXENT ? layout.oneHot(given, output) : given;
    if (loss instanceof LossBinaryXENT && output.size(layout.classAxis()) > 1) {
      recording.add(ReportedExamples.ofSeveralClasses(layout, labels, output, pass.mask(0)));
      return;
    }
    ValidationExamples examples = ReportedExamples.ofOneClass(layout, labels, output, pass.mask(0));
    if (output.rank() == 2) {
      addDetails(examples, pass, output.size(0));
    }
    recording.add(examples);
  }

  private void addDetails(ValidationExamples examples, ValidationPass pass, long count) {
    INDArray features = pass.batch().getFeatures(0);
    if (pass.batch().getFeatures().length == 1 && recording.wantsInputs(features.shape())) {
      examples.inputs(ReportedExamples.floats(features), features.shape());
    }
    if (pass.hasWatched()) {
      INDArray values = pass.watched();
      boolean fits = values.size(0) == count && recording.wantsEmbedding(values.length() / count);
      wantsWatched = fits;
      if (fits) {
        examples.embedding(ReportedExamples.floats(values));
      }
    }
  }
}
