package io.github.tensorboard4j.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.TrainingListener.BatchData;
import ai.djl.training.loss.Loss;
import ai.djl.training.loss.SigmoidBinaryCrossEntropyLoss;
import io.github.tensorboard4j.training.TrainingRecorder;
import io.github.tensorboard4j.training.ValidationExamples;
import io.github.tensorboard4j.training.ValidationRecording;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Adds what one trainer's model makes of the validation data to the report of an epoch, if one is due. Not thread-safe. */
final class ReportedValidation {

  private final TrainingRecorder recorder;
  private final LayerActivations activations;
  private final boolean severalClasses;
  private @Nullable ValidationRecording recording;
  private boolean started;
  private boolean embeds;
  private long dimensions;
  private boolean logits;

  /** Starts with a trainer's loss, which shows whether an example may belong to several classes. */
  ReportedValidation(TrainingRecorder recorder, Loss loss, LayerActivations activations) {
    this.severalClasses = loss instanceof SigmoidBinaryCrossEntropyLoss;
    this.recorder = recorder;
    this.activations = activations;
  }

  /** Adds a batch of the validation that belongs to an epoch. What can't be reported on leaves that epoch without a report. */
  void add(@Nullable BatchData data, long epoch) {
    if (!started) {
      started = true;
      recording = recorder.validationReportAtEpoch(epoch);
      embeds = recording != null && recording.embeddedLayer().isPresent();
      dimensions = 2;
    }
    if (recording != null && data != null) {
      try {
        add(recording, data);
      } catch (RuntimeException e) {
        recording = null;
        recorder.contain(e);
      }
    }
  }

  private void add(ValidationRecording report, BatchData data) {
    Map<Device, NDList> labels = data.getLabels();
    Map<Device, NDList> predictions = data.getPredictions();
    if (labels == null || predictions == null) {
      return;
    }
    for (Map.Entry<Device, NDList> entry : labels.entrySet()) {
      NDList predicted = predictions.get(entry.getKey());
      if (predicted != null && !predicted.isEmpty() && !entry.getValue().isEmpty()) {
        ValidationExamples examples = examples(entry.getValue().get(0), predicted.get(0));
        // which part of a batch a device has is told to nobody
        if (labels.size() == 1 && data.getBatch() != null && predicted.get(0).getShape().dimension() <= 2) {
          addDetails(report, examples, data.getBatch());
        }
        report.add(examples);
      }
    }
  }

  private ValidationExamples examples(NDArray labels, NDArray predictions) {
    Shape shape = predictions.getShape();
    int rank = shape.dimension();
    int width = rank < 2 ? 1 : Math.toIntExact(shape.get(rank - 1));
    float[] scores = floats(predictions);
    float[] truth = floats(labels);
    int rows = scores.length / Math.max(1, width);
    if (truth.length != rows && truth.length != scores.length) {
      throw new IllegalArgumentException(
          "A validation report is that of one class an example, the scores of which are the last "
              + "dimension of the predictions, unlike labels of the shape " + labels.getShape() + " for predictions of "
              + shape);
    }
    if (width > 1 && severalClasses && truth.length == scores.length) {
      return ValidationExamples.ofSeveralClasses(width, truth, probabilities(scores));
    }
    if (width == 1) {
      scores = probabilities(scores);
    }
    return ValidationExamples.of(width > 1 && truth.length == scores.length ? highest(truth, width) : integers(truth),
        scores);
  }

  /** Makes probabilities of outputs that are such already, or become such by a sigmoid, as the first shows that is neither. */
  private float[] probabilities(float[] outputs) {
    for (float output : outputs) {
      logits |= output < 0 || output > 1;
    }
    if (logits) {
      for (int i = 0; i < outputs.length; i++) {
        outputs[i] = (float) (1 / (1 + Math.exp(-outputs[i])));
      }
    }
    return outputs;
  }

  private static int[] integers(float[] labels) {
    int[] classes = new int[labels.length];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = (int) labels[i];
    }
    return classes;
  }

  private static int[] highest(float[] truth, int width) {
    int[] classes = new int[truth.length / width];
    for (int row = 0; row < classes.length; row++) {
      for (int column = 1; column < width; column++) {
        if (truth[row * width + column] > truth[row * width + classes[row]]) {
          classes[row] = column;
        }
      }
    }
    return classes;
  }

  private void addDetails(ValidationRecording report, ValidationExamples examples, Batch batch) {
    NDList inputs = batch.getData();
    if (inputs != null && inputs.size() == 1) {
      long[] shape = inputs.get(0).getShape().getShape();
      if (report.wantsInputs(shape)) {
        examples.inputs(floats(inputs.get(0)), shape);
      }
    }
    if (embeds && report.wantsEmbedding(dimensions)) {
      embed(report, examples, batch);
    }
  }

  /** Runs the model once more, for nobody is told what a layer puts out. */
  private void embed(ValidationRecording report, ValidationExamples examples, Batch batch) {
    String wanted = report.embeddedLayer().orElseThrow();
    List<String> known = new ArrayList<>();
    boolean[] found = new boolean[1];
    activations.of(batch, output -> {
      known.add(output.layer());
      if (output.layer().equals(wanted)) {
        found[0] = true;
        Shape shape = output.array().getShape();
        if (shape.dimension() == 0 || shape.get(0) != batch.getData().get(0).getShape().get(0)) {
          embeds = false;
          throw new IllegalArgumentException("An embedding of the layer " + wanted
              + " is asked for, but what it puts out has the shape " + shape + ", and no row for each example");
        }
        dimensions = output.array().size() / Math.max(1, shape.get(0));
        if (report.wantsEmbedding(dimensions)) {
          examples.embedding(floats(output.array()));
        }
      }
    });
    if (!found[0]) {
      embeds = false;
      if (!known.isEmpty()) {
        recorder.contain(new IllegalArgumentException(
            "An embedding of the layer " + wanted + " is asked for, but the layers are " + known));
      }
    }
  }

  /** Records the report of the epoch, if there is one. */
  void record() {
    ValidationRecording ended = recording;
    recording = null;
    started = false;
    if (ended != null) {
      ended.record();
    }
  }

  private static float[] floats(NDArray array) {
    DataType type = array.getDataType();
    if (type == DataType.BOOLEAN || type == DataType.UINT8 || type == DataType.INT8) {
      try (NDArray wide = array.toType(DataType.FLOAT32, true)) {
        return floats(wide);
      }
    }
    float[][] floats = new float[1][];
    boolean numbers =
        ArrayViews.onHost(array, plain -> floats[0] = plain.toType(DataType.FLOAT32, false).toFloatArray());
    if (!numbers) {
      throw new IllegalArgumentException("There are no numbers to read in the type " + array.getDataType());
    }
    return floats[0];
  }
}
