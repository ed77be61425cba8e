package io.github.tensorboard4j.training;

import io.github.tensorboard4j.ConfusionMatrix;
import io.github.tensorboard4j.Embedding;
import io.github.tensorboard4j.Picture;
import io.github.tensorboard4j.PrCurve;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Records a {@link ValidationReport} of one run through the validation data. {@link TrainingRecorder#validationReportAtEpoch} and
 * {@link TrainingRecorder#validationReportAtIteration} return one; a listener adds batch after batch, and {@linkplain #record()
 * records} it at last. Not thread-safe.
 */
public final class ValidationRecording {

  private static final int MOST_CURVES = 100;
  private static final float HALF = 0.5f;

  private final TrainingRecorder recorder;
  private final ValidationReport report;
  private final long epoch;
  private final long iteration;
  private final PictureInputs pictures;
  private final Misclassified misclassified = new Misclassified();
  private final EmbeddedExamples embedded = new EmbeddedExamples();
  private final ScoreRow row = new ScoreRow();
  private List<String> names;
  private @Nullable ClassCounts counts;

  /** Starts with the number of either an epoch or an iteration, the other of which is 0. */
  ValidationRecording(TrainingRecorder recorder, ValidationReport report, long epoch, long iteration) {
    this.recorder = recorder;
    this.report = report;
    this.epoch = epoch;
    this.iteration = iteration;
    this.pictures = new PictureInputs(report);
    this.names = report.classes();
  }

  /**
   * Returns whether inputs are to be added: whether they are pictures.
   *
   * @param shape the shape of a batch, whose first dimension is that of the examples
   * @return whether they are
   */
  public boolean wantsInputs(long... shape) {
    return pictures.arePictures(shape);
  }

  /**
   * Returns the layer whose outputs are to be added.
   *
   * @return the layer's name, as the user has given it; empty if none is asked for
   */
  public Optional<String> embeddedLayer() {
    return report.layer();
  }

  /**
   * Returns whether further outputs of that layer have room.
   *
   * @param dimensions how many numbers it puts out for an example
   * @return whether they have
   */
  public boolean wantsEmbedding(long dimensions) {
    return report.layer().isPresent() && dimensions <= Integer.MAX_VALUE && embedded.wants((int) dimensions);
  }

  /**
   * Names the classes as the framework knows them. What the user has named them stands; names that several have are left out.
   *
   * @param known the names in the order of the model's outputs
   * @throws NullPointerException if the names are null or one is
   */
  public void nameClasses(List<String> known) {
    if (report.classes().isEmpty() && new HashSet<>(known).size() == known.size()) {
      names = List.copyOf(known);
    }
  }

  /**
   * Adds a batch.
   *
   * @param examples the batch, read during the call
   * @throws IllegalArgumentException if there are more or less classes than in another batch, or than the user has named
   */
  public void add(ValidationExamples examples) {
    if (examples.size() == 0) {
      return;
    }
    pictures.meet(examples);
    int classes = examples.classes();
    float[] truths = examples.truths();
    ClassCounts counted = counts(classes, truths == null);
    for (int i = 0; truths != null && i < truths.length; i++) {
      if (!Float.isNaN(truths[i])) {
        counted.addToClass(i % classes, truths[i] > HALF, examples.scores()[i]);
      }
    }
    for (int i = 0; truths == null && i < examples.size(); i++) {
      int label = examples.labels()[i];
      if (label >= 0) {
        row.read(examples.scores(), i, classes, label);
        add(examples, i, counted);
      }
    }
  }

  private void add(ValidationExamples examples, int example, ClassCounts counted) {
    int label = row.label();
    int prediction = row.prediction();
    int higher = row.higherThanLabel();
    float[] probabilities = row.toProbabilities();
    counted.add(probabilities, label, prediction, higher);
    if (prediction != label) {
      misclassified.add(label, prediction, probabilities[prediction],
          () -> pictures.of(examples, example, Misclassified.LONGEST_SIDE));
    }
    embed(examples, example, label, prediction);
  }

  private ClassCounts counts(int classes, boolean oneEach) {
    if (counts == null) {
      if (!report.classes().isEmpty() && report.classes().size() != classes) {
        throw new IllegalArgumentException("The validation report names " + report.classes().size()
            + " classes, but the model has " + classes + ": name each in classes(...), in the order of the model's outputs");
      }
      counts = oneEach ? ClassCounts.ofOneEach(classes, report.top(classes)) : ClassCounts.ofSeveral(classes);
    } else if (counts.classes() != classes) {
      throw new IllegalArgumentException(
          "The validation data have batches of " + counts.classes() + " and of " + classes + " classes");
    }
    return counts;
  }

  private void embed(ValidationExamples examples, int example, int label, int prediction) {
    float[] vectors = examples.vectors();
    if (vectors != null) {
      int dimensions = vectors.length / examples.size();
      if (embedded.wants(dimensions)) {
        embedded.add(vectors, example * dimensions, (example + 1) * dimensions, label, prediction,
            pictures.of(examples, example, EmbeddedExamples.LONGEST_SIDE));
      }
    }
  }

  /** Records what was found out; nothing if there were no examples. A fault with one part of it leaves the others. */
  public void record() {
    ClassCounts counted = counts;
    if (counted == null) {
      return;
    }
    recorder.attempt(() -> counted.figures().forEach(this::record));
    recorder.attempt(() -> recordCurves(counted));
    long[][] confusion = counted.confusion();
    if (confusion != null) {
      recorder.attempt(() -> recordConfusion(confusion));
    }
    recorder.attempt(this::recordMisclassified);
    recorder.attempt(this::recordEmbedding);
  }

  private long step() {
    return epoch + iteration;
  }

  private void record(String name, double figure) {
    if (epoch > 0) {
      recorder.recordValidationMetric(name, figure, epoch);
    } else {
      recorder.recordValidationBatchMetric(name, figure, iteration);
    }
  }

  private void recordCurves(ClassCounts counted) {
    Map<String, PrCurve> curves = new LinkedHashMap<>();
    ClassScores[] scores = counted.scores();
    for (int i = 0; i < Math.min(scores.length, MOST_CURVES); i++) {
      curves.put(name(i), scores[i].curve());
    }
    if (!curves.isEmpty()) {
      recorder.addToValidation(writer -> writer.addPrCurves(Tags.PR_CURVE, curves, step()));
    }
  }

  private void recordConfusion(long[][] confusion) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < confusion.length; i++) {
      all.add(name(i));
    }
    ConfusionMatrix matrix = ConfusionMatrix.of(confusion, all);
    recorder.addToValidation(writer -> writer.addConfusionMatrix(Tags.CONFUSION_MATRIX, matrix, step()));
  }

  private void recordMisclassified() {
    Picture grid = misclassified.grid(this::name);
    if (grid != null) {
      recorder.addToValidation(writer -> writer.addImage(Tags.MISCLASSIFIED, grid, step()));
    }
  }

  private void recordEmbedding() {
    Embedding embedding = embedded.embedding(this::name);
    if (embedding != null) {
      String tag = Tags.embedding(report.layer().orElseThrow());
      recorder.embedInValidation(tag, embedding, step());
    }
  }

  private String name(int index) {
    return index < names.size() && !names.get(index).isBlank() ? names.get(index) : String.valueOf(index);
  }
}
