package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.dl4j.internal.Workspaces;
import io.github.tensorboard4j.training.Diagnosis;
import io.github.tensorboard4j.training.DivergenceSearch;
import io.github.tensorboard4j.training.IterationFigures;
import io.github.tensorboard4j.training.TrainingRecorder;
import io.github.tensorboard4j.training.ValidationRecording;
import java.lang.ref.WeakReference;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.Loss;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.autodiff.samediff.internal.Variable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Records the iterations of a model's training, in the order in which the framework computes what they consist of. What it throws is
 * what the user's guard throws; all else is contained. Not thread-safe: the framework trains a model on one thread.
 */
final class SameDiffRecording {

  private final TrainingRecorder recorder;
  private final Progress progress;
  private final SameDiffSnapshots snapshots;
  private final OwnFigures ownFigures;
  private final Notices notices;
  private final boolean evaluates;
  private final List<String> activations;
  private final SameDiffGuard guard;
  private final IterationFigures figures = new IterationFigures();
  private final IterationFigures lossFigures = new IterationFigures();
  private @Nullable SameDiffTraining training;
  private WeakReference<SameDiff> firstModel = new WeakReference<>(null);
  private @Nullable OperationClock clock;
  private boolean begun;
  private boolean underWay;
  // of a point of the batch curves: what was evaluated before its iteration
  private boolean accuracyDue;
  private long correctBefore;
  private long predictionsBefore;

  /**
   * Creates the state before a training.
   *
   * @param recorder where it is recorded
   * @param progress numbers iterations and epochs
   * @param snapshots records what is due after an iteration
   * @param ownFigures waits for the training to begin
   * @param notices tells the user of what he may not expect
   * @param evaluates whether the evaluations of the configuration are made
   * @param activations the names of the variables that the user wants recorded as activations
   */
  SameDiffRecording(TrainingRecorder recorder, Progress progress, SameDiffSnapshots snapshots, OwnFigures ownFigures,
      Notices notices, boolean evaluates, List<String> activations) {
    this.recorder = recorder;
    this.progress = progress;
    this.snapshots = snapshots;
    this.ownFigures = ownFigures;
    this.notices = notices;
    this.evaluates = evaluates;
    this.activations = activations;
    this.guard = new SameDiffGuard(recorder, this::beginWithin);
  }

  /** Returns what is trained, null if nothing was yet. */
  @Nullable
  SameDiffTraining training() {
    return training;
  }

  /** Forgets the iteration under way, which has no end where something has thrown. */
  void abandonIteration() {
    underWay = false;
    clock = null;
    SameDiffTraining known = training;
    if (known != null) {
      known.finishIteration();
    }
  }

  /** Starts with an iteration of a model, if that is not under way: a listener that is set twice is told of it twice. */
  void startIteration(SameDiff model, At at, MultiDataSet batch, long etlMilliseconds) {
    SameDiffTraining trained = meet(model);
    if (underWay && trained.iteration() == at.iteration()) {
      return;
    }
    underWay = true;
    long number = progress.nextIteration(at.iteration());
    Diagnosis due = recorder.diagnoses() ? recorder.diagnosis(number, progress.startedEpoch(number)) : null;
    trained.startIteration(
        at, batch, due == null ? null : new SameDiffDiagnosis(recorder, due, trained.minimizes()));
    if (due != null) {
      beginWithin(trained);
    }
    if (!progress.hasEpochs()) {
      // nothing but the accuracy of a point is recorded of them
      trained.evaluations().start();
      accuracyDue = false;
    }
    if (recorder.isBatchDue(number)) {
      startPoint(trained, number, etlMilliseconds);
    }
    guard.startIteration();
    if (recorder.takeProfile(number)) {
      clock = new OperationClock(model);
    }
  }

  /** Returns what measures the operations of the iteration under way, null if they aren't to be measured. */
  @Nullable
  OperationClock clock() {
    return clock;
  }

  /** Returns what a model is for training; looks at it anew if it is another, or has another configuration or gradient function. */
  private SameDiffTraining meet(SameDiff model) {
    SameDiffTraining known = training;
    if (known == null || !known.isOf(model)) {
      forget();
      known = new SameDiffTraining(model, activations);
      training = known;
      List<String> unknown = SameDiffRequests.unknown(model, activations);
      if (!unknown.isEmpty()) {
        notices.unknownVariables(unknown);
      }
      SameDiff first = firstModel.get();
      if (first == null && !begun) {
        firstModel = new WeakReference<>(model);
      } else if (first != model) {
        notices.otherModel();
      }
    }
    return known;
  }

  /** Forgets the model, and what it was asked for. */
  void forget() {
    SameDiffTraining known = training;
    training = null;
    underWay = false;
    if (known != null) {
      recorder.attempt(known::withdrawRequests);
    }
  }

  /** Takes note of what a point of the batch curves needs from before the iteration. */
  private void startPoint(SameDiffTraining trained, long number, long etlMilliseconds) {
    accuracyDue = evaluates && !trained.evaluations().isEmpty();
    if (accuracyDue) {
      correctBefore = trained.evaluations().correct();
      predictionsBefore = trained.evaluations().predictions();
    }
    if (begun) {
      recorder.recordDuration("etl", etlMilliseconds, number);
    }
  }

  /** Takes what an operation has put out in training. */
  void computed(SameDiffTraining trained, MultiDataSet batch, SameDiffOp operation, String name, INDArray array) {
    ComputedVariable variable = trained.variable(name);
    boolean evaluated = true;
    try {
      if (variable != null) {
        trained.computed(variable, array);
        diagnose(trained.diagnosis(), operation, variable, array);
      }
      if (evaluates && (accuracyDue || progress.hasEpochs())) {
        evaluated = trained.evaluations().evaluate(name, trained.iteration(), array, batch);
      }
    } catch (Throwable e) {
      recorder.contain(e);
    }
    DivergenceSearch search = null;
    try {
      search = guard.watch(trained, batch, variable, array, evaluated);
    } catch (Throwable e) {
      recorder.contain(e);
    }
    if (search != null) {
      end(search, trained);
    }
  }

  private static void diagnose(@Nullable SameDiffDiagnosis diagnosis, SameDiffOp operation, ComputedVariable variable,
      INDArray array) {
    if (diagnosis == null || !variable.takeFirst()) {
      return;
    }
    SameDiffParameter parameter = variable.gradientOf();
    if (parameter != null) {
      diagnosis.recordGradient(parameter, array);
    } else if (variable.isActivation()) {
      diagnosis.recordActivation(variable.name(), operation, array);
    }
  }

  /** Ends a search. What the user wants thrown then, and nothing else, is thrown out of this. */
  private void end(DivergenceSearch search, SameDiffTraining trained) {
    try {
      search.end();
    } catch (RuntimeException | Error e) {
      // the framework doesn't tell of the end of this iteration, nor of the training's
      recorder.attempt(() -> recordIteration(trained));
      forget();
      throw e;
    }
  }

  /** Takes what an operation has put out in validation. */
  void validated(SameDiffTraining trained, int iteration, MultiDataSet batch, String name, INDArray array) {
    ComputedVariable variable = trained.variable(name);
    if (variable != null && variable.isLoss()) {
      trained.validation().losses().set(variable.loss(), array);
    }
    if (evaluates) {
      trained.validation().evaluations().evaluate(name, iteration, array, batch);
    }
    SameDiffReport report = trained.validation().report();
    if (report != null) {
      add(trained, () -> report.computed(name, iteration, array, batch));
    }
  }

  /** Starts with a validation. */
  void startValidation(SameDiffTraining trained) {
    trained.validation().start();
    ValidationRecording due = snapshots.validationReport();
    if (due == null) {
      return;
    }
    try {
      SameDiffReport report = trained.report(due);
      trained.validation().report(report);
      if (report.embedded().isEmpty()) {
        due.embeddedLayer().ifPresent(notices::missingEmbedding);
      }
    } catch (IllegalArgumentException e) {
      notices.missingReport(String.valueOf(e.getMessage()));
    }
  }

  /** Counts a batch of a validation. */
  void finishValidated(SameDiffTraining trained, int iteration, MultiDataSet batch) {
    trained.validation().finishBatch(SameDiffTraining.examples(batch));
    SameDiffReport report = trained.validation().report();
    if (report != null) {
      add(trained, () -> report.finishBatch(iteration, batch));
    }
  }

  /** Adds a part to a report, or gives that up if the part is lost: the others would be taken for all of the data. */
  private static void add(SameDiffTraining trained, Runnable part) {
    try {
      part.run();
    } catch (RuntimeException e) {
      trained.validation().report(null);
      throw e;
    }
  }

  /** Takes what a variable will be updated by. */
  void update(SameDiffTraining trained, Variable variable, INDArray update) {
    SameDiffDiagnosis diagnosis = trained.diagnosis();
    SameDiffParameter parameter = diagnosis == null ? null : trained.parameter(variable);
    if (diagnosis != null && parameter != null) {
      diagnosis.keepUpdate(parameter, update);
    }
  }

  /** Records what an iteration has ended with. */
  void finishIteration(SameDiffTraining trained, @Nullable Loss loss) {
    if (trained.diagnosis() != null) {
      trained.diagnosis().recordUpdates();
    }
    if (loss != null) {
      trained.losses().addRegularization(loss);
    }
    OperationClock measured = clock;
    clock = null;
    long number = recordIteration(trained);
    if (measured != null) {
      recorder.recordProfile(measured.profile(), number);
    }
    snapshots.recordAfter(trained, number);
  }

  /** Records the figures of an iteration, and returns its number. */
  private long recordIteration(SameDiffTraining trained) {
    long number = progress.finishIteration(trained.iteration(), trained.epoch());
    if (!begun) {
      begin(trained, progress.firstIteration());
    }
    figures.start(number, trained.examples());
    SameDiffLosses losses = trained.losses();
    if (losses.areKnown()) {
      recordLosses(losses, number, trained.examples());
      figures.loss(losses.sum());
    }
    if (accuracyDue) {
      accuracyDue = false;
      figures.predictions(trained.evaluations().correct() - correctBefore,
          trained.evaluations().predictions() - predictionsBefore);
    }
    double rate = trained.learningRate();
    if (!Double.isNaN(rate)) {
      figures.learningRate(rate);
    }
    recorder.recordIteration(figures);
    trained.finishIteration();
    underWay = false;
    return number;
  }

  /** Records each loss where there are several. */
  private void recordLosses(SameDiffLosses losses, long number, long examples) {
    String regularization = losses.regularization();
    if (losses.names().size() == 1 && regularization == null) {
      return;
    }
    for (int i = 0; i < losses.names().size(); i++) {
      recorder.recordOutput(losses.names().get(i), lossFigures.start(number, examples).loss(losses.value(i)));
    }
    if (regularization != null) {
      recorder.recordOutput(
          regularization, lossFigures.start(number, examples).loss(losses.regularizationValue()));
    }
  }

  /** Begins the recording, if it has not begun, before its first iteration has ended, and returns the number of that under way. */
  private long beginWithin(SameDiffTraining trained) {
    long number = progress.nextIteration(trained.iteration());
    if (!begun) {
      begin(trained, number);
    }
    return number;
  }

  private void begin(SameDiffTraining trained, long firstIteration) {
    if (!progress.hasEpochs()) {
      notices.missingEpochs(recorder.histogramFrequencyWithoutEpochs().toString(), "never, for want of data");
    }
    Workspaces.runOutside(() -> recorder.begin(firstIteration, trained));
    begun = true;
    ownFigures.begin(firstIteration - 1, trained.epoch());
  }
}
