package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.SessionStatus;
import io.github.tensorboard4j.SummaryWriter;
import io.github.tensorboard4j.dl4j.internal.LayerNames;
import io.github.tensorboard4j.dl4j.internal.Workspaces;
import io.github.tensorboard4j.training.Diagnosis;
import io.github.tensorboard4j.training.DivergenceSearch;
import io.github.tensorboard4j.training.DivergenceWatch;
import io.github.tensorboard4j.training.Frequency;
import io.github.tensorboard4j.training.RecordingOptions;
import io.github.tensorboard4j.training.TrainingRecorder;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.earlystopping.listener.EarlyStoppingListener;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.evaluation.IEvaluation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.adapter.MultiDataSetIteratorAdapter;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * Records the training of a {@code MultiLayerNetwork} or a {@code ComputationGraph} for TensorBoard.
 *
 * <pre>{@code
 * net.setListeners(new TensorBoardListener(Path.of("logs/sgd")));
 * net.fit(train, 5);
 * }</pre>
 *
 * <p>Recorded are, under the tags of {@link TrainingRecorder}: each epoch's loss, accuracy, learning rate, seconds and
 * examples a second; the same of iterations, as often as {@link RecordingOptions#batchFrequency batchFrequency} has it; a
 * histogram of every parameter each epoch; the model's graph, its configuration and its hyper-parameters. With
 * {@link Builder#validationData(DataSetIterator) validation data}, loss and accuracy on it after each epoch, and for a
 * regression {@code epoch_mae}, the mean absolute error, and {@code epoch_r2}. A
 * {@linkplain RecordingOptions#validationReport validation report} has more of a network with one output that classifies: the
 * classes are called as the data's iterator calls them, or else by number; a layer to be embedded as in the graph or as it was named.
 *
 * <p>What the figures mean:
 * <ul>
 *   <li>Loss is the network's score: the mean over the batch, with L1 and L2 terms. An epoch's loss is the mean over its
 *       examples, each with the weights that it met. A loss that is not a number is recorded: the training has diverged.
 *   <li>A graph with several outputs has each one's loss and accuracy too, as {@code epoch_loss/<output>} and the like. Their
 *       losses add up to the whole; the first has the L1 and L2 terms.
 *   <li>Accuracy is that of the outputs that training computes anyway, with dropout in front of the output layer as
 *       training has it. Where the loss is cross-entropy or the activation softmax it is the fraction of rows (time steps,
 *       pixels, voxels) whose largest output is the label's; for binary cross-entropy the fraction of single outputs on the
 *       label's side of a half. Masked outputs don't count; a graph's classifying outputs count together. A network
 *       without such an output has no accuracy. The framework doesn't keep its outputs. Those of an {@code OutputLayer} with
 *       softmax, 32-bit floats and no mask, on a CPU, cost next to nothing and are looked at in every iteration. Others are
 *       where the batch curves have a point and in each epoch's first iteration: their epoch's accuracy is the mean of those.
 *       {@code batchFrequency(Frequency.iterations(1))} makes it that of all.
 *   <li>Learning rate is that of the first parameter that is trained, as its updater and its schedule have it; where parameters
 *       have different ones, each is {@code learning_rate/<layer>/<parameter>} where the batch curves have a point.
 *   <li>Epochs and iterations count from 1, and go on where the network's own counts are.
 *   <li>Gradients, updates and activations, where the builder is asked for them, are those of the training's own passes: nothing
 *       is computed once more. A gradient is that of the mean loss, where the framework has the sum over the batch, before
 *       clipping and regularization; an update is what the optimizer subtracts, before constraints. What batch normalization
 *       keeps for inference has updates but no gradient; frozen layers have neither. Activations are those of hidden layers,
 *       with dropout as training has it, and with the steps that are masked: the framework doesn't show those of output layers.
 *   <li>What a layer takes, where the builder is asked to {@linkplain RecordingOptions#profileIteration profile an iteration}, is
 *       measured by a copy of the network that makes three forward and backward passes with the iteration's batch, after the
 *       iteration: the time is that of the fastest. The loss is in the time of the output layer's backward pass, and so is the
 *       layer's own forward pass. Masks are left out.
 *   <li>Parameters are called as {@link io.github.tensorboard4j.training.ParameterNames} has it, {@code hidden/weight} for
 *       {@code W} of the layer {@code hidden}, and as they are in the {@linkplain Dl4jGraph graph}. The tag of a histogram
 *       is {@code layer_<layer>/<parameter>}, such as {@code layer_hidden/weight}.
 * </ul>
 *
 * <p>{@code fit(DataSet)} tells listeners of no epochs, nor does a {@code ParallelWrapper}: there, the batch curves are recorded,
 * and histograms and validation after the iterations 1, 10 and every 100th, by iteration. To have what comes by epoch, say what
 * an epoch is: a {@linkplain Builder#epochEvery number of iterations}, or a {@linkplain #epoch block of code}.
 *
 * <p>A {@code ParallelWrapper} calls the listeners that it is given by {@code wrapper.setListeners(listener)}; those that are set
 * on the network once the wrapper is built hear nothing. Its workers may share one listener; their iterations are numbered in
 * the order in which they end. With truncated backpropagation through time, a segment is an iteration.
 *
 * <p>Of layers that {@code pretrain} trains alone, the loss is recorded as {@code pretrain_loss/<layer>}, at the layer's own
 * iterations. The network must have the listener by {@code setListeners}: {@code addListeners} doesn't pass it to its layers.
 *
 * <p>A loss that is NaN, infinite or explodes is looked into at once, before the update, and where it begins is logged and
 * recorded: in the batch, in a parameter, in an activation or in a gradient, and of which layer.
 * {@link RecordingOptions#guard guard} has more: to stop the training, say, by an exception out of {@code fit}.
 *
 * <p>Recording begins with the end of the first iteration, or within it if gradients and the like are recorded: a training that
 * fails before leaves nothing. One listener is for one
 * network; the iterations of several are one curve, and a warning says so.
 *
 * <p>Spark copies listeners to its workers. The copies record nothing, and a warning says so: what is trained there has to be
 * recorded on the driver, by {@link #scalar} and the like.
 *
 * <p>On a GPU nothing is copied to the host but what is looked at there: the accuracy of a batch that gives a point, as one number;
 * all parameters together, where histograms are due; all gradients, all updates and each activation, where the builder is asked
 * for them; all gradients and parameters in each iteration, if the guard is
 * {@linkplain io.github.tensorboard4j.training.Guard#watchingTensors() watching tensors}; and, once a training, where a divergence
 * is looked into, these, the batch and what each layer is fed with. With {@link Builder#systemMetrics()},
 * {@code system/physical_mib} is the memory that the process takes, ND4J's included; and {@code time/etl_ms}, where the batch curves
 * have a point, is how long that iteration has waited for its data, as the framework measures it.
 *
 * <p>The listener never throws out of {@code fit}, unless a guard is to do so: a fault of its own is logged once, and the training
 * goes on. Nothing needs {@link #close()} to be kept. TensorBoard's HParams page shows how the training ended if the listener is
 * told:
 *
 * <pre>{@code
 * try (TensorBoardListener listener = new TensorBoardListener(Path.of("logs/sgd"))) {
 *   net.setListeners(listener);
 *   net.fit(train, 5);
 *   listener.end(SessionStatus.SUCCESS);
 * }
 * }</pre>
 */
public final class TensorBoardListener extends BaseTrainingListener implements AutoCloseable, Serializable {

  private static final long serialVersionUID = 1;

  // no copy of it has any of these
  private final transient TrainingRecorder recorder;
  private final transient boolean accuracy;
  private final transient boolean validates;
  private final transient Progress progress;
  private final transient Snapshots snapshots;
  private final transient OwnFigures ownFigures;
  private final transient Notices notices =
      new Notices(TensorBoardListener.class, "network", "fit(DataSet) and ParallelWrapper don't");
  // not a ThreadLocal: its value would hold the network, and that this listener, for as long as the thread lives
  private final transient Map<Thread, Worker> workers = Collections.synchronizedMap(new WeakHashMap<>());
  private transient volatile WeakReference<Model> firstModel = new WeakReference<>(null);
  private transient volatile boolean severalNetworks;
  private transient volatile boolean begun;

  /**
   * Creates a listener with the defaults.
   *
   * @param run the run's directory; TensorBoard names the run after it
   * @throws IllegalArgumentException if the path, or {@code train} or {@code validation} in it, exists and is not a directory
   * @throws NullPointerException if the path is null
   */
  public TensorBoardListener(Path run) {
    this(builder(run));
  }

  private TensorBoardListener(Builder builder) {
    this.recorder = builder.recorder();
    this.accuracy = builder.accuracy;
    this.validates = builder.validationData != null;
    this.progress = new Progress(builder.epochLength);
    this.snapshots = new Snapshots(recorder, progress, builder.frozenLayers,
        builder.validationData == null ? null
            : new Validation(builder.validationData, builder.validationClasses, accuracy, recorder::contain),
        builder.validationFrequency);
    this.ownFigures = new OwnFigures(recorder, progress, !validates);
  }

  /**
   * Returns a builder of a listener, with the defaults.
   *
   * @param run the run's directory; TensorBoard names the run after it
   * @return the builder
   * @throws IllegalArgumentException if the path, or {@code train} or {@code validation} in it, exists and is not a directory
   * @throws NullPointerException if the path is null
   */
  public static Builder builder(Path run) {
    return new Builder(run);
  }

  /**
   * Trains an epoch of which the framework doesn't tell its listeners, such as one of many {@code fit(DataSet)}:
   *
   * <pre>{@code
   * for (int i = 0; i < epochs; i++) {
   *   listener.epoch(network, () -> batches.forEach(network::fit));
   * }
   * }</pre>
   *
   * <p>Its figures are recorded at its end, as are histograms and validation. Epochs of which the framework tells within are
   * parts of it. An epoch whose code throws has no end.
   *
   * @param network what is trained
   * @param training trains it for an epoch
   * @throws IllegalStateException if this is called within such an epoch, or {@link Builder#epochEvery(int)} says what an epoch is
   * @throws NullPointerException if an argument is null
   */
  public void epoch(Model network, Runnable training) {
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(training, "training");
    progress.startBlock(Network.epochCount(network));
    try {
      recorder.startEpoch();
      training.run();
      endEpoch(network);
    } finally {
      progress.endBlock();
    }
  }

  @Override
  public void onEpochStart(Model model) {
    if (!progress.declaresEpochs()) {
      progress.startEpoch(Network.epochCount(model));
      recorder.startEpoch();
    }
  }

  @Override
  public void onForwardPass(Model model, List<INDArray> activations) {
    if (recorder.diagnoses()) {
      startDiagnosis(model, diagnosis -> diagnosis.recordActivations(activations));
    }
  }

  @Override
  public void onForwardPass(Model model, Map<String, INDArray> activations) {
    if (recorder.diagnoses()) {
      startDiagnosis(model, diagnosis -> diagnosis.recordActivations(activations));
    }
  }

  @Override
  public void onBackwardPass(Model model) {
    if (recorder.hasEnded()) {
      return;
    }
    try {
      Worker worker = worker();
      if (accuracy) {
        boolean due = progress.isBetweenEpochs() || recorder.isBatchDue(progress.currentIteration() + 1);
        worker.countPredictions(model, due, recorder);
      }
      if (recorder.diagnoses()) {
        worker.recordGradients();
      }
      if (recorder.awaitsProfile()) {
        long number = progress.nextIteration(Network.iterationCount(model));
        if (recorder.takeProfile(number)) {
          worker.profile(model, number);
        }
      }
    } catch (Throwable e) {
      recorder.contain(e);
    }
    watch(model);
  }

  /** Looks for a divergence of the training. What the user wants thrown then, and nothing else, is thrown out of this. */
  private void watch(Model model) {
    DivergenceWatch watch = recorder.divergenceWatch();
    DivergenceSearch search = null;
    try {
      double loss = model.score();
      if (watch.suspects(loss) || watch.watchesTensors() && worker().suspectsTensors(model, watch)) {
        search = startSearch(model, watch, loss);
      }
    } catch (Throwable e) {
      recorder.contain(e);
    }
    if (search != null) {
      try {
        search.end();
      } catch (RuntimeException | Error e) {
        // the framework doesn't tell of the end of this iteration
        recorder.attempt(
            () -> recordIteration(worker(), model, Network.iterationCount(model), Network.epochCount(model)));
        throw e;
      }
    }
  }

  @Override
  public void iterationDone(Model model, int iteration, int epoch) {
    if (recorder.hasEnded()) {
      notices.ended();
      return;
    }
    try {
      Worker worker = worker();
      if (recorder.diagnoses()) {
        worker.recordUpdates();
      }
      Network network = worker.network(model);
      if (network == null) {
        recordPretraining(model, iteration + 1L);
      } else {
        snapshots.recordAfter(network, recordIteration(worker, model, iteration, epoch));
        worker.recordProfile(recorder);
      }
    } catch (Throwable e) {
      recorder.contain(e);
    }
  }

  /** Records the figures of an iteration of a network, and returns its number. */
  private long recordIteration(Worker worker, Model model, int iteration, int epoch) {
    meetIteration(worker, model, iteration, epoch);
    long number = progress.finishIteration(iteration, epoch);
    if (!begun) {
      begin(worker, progress.firstIteration(), epoch);
    }
    worker.recordOutputs(recorder, number);
    recorder.recordIteration(worker.figures(number));
    if (recorder.isBatchDue(number)) {
      worker.recordLearningRates(recorder, number);
      if (recorder.recordsSystemMetrics()) {
        recorder.recordDuration("etl", Network.etlMilliseconds(model), number);
      }
    }
    return number;
  }

  @Override
  public void onEpochEnd(Model model) {
    if (!progress.declaresEpochs()) {
      endEpoch(model);
    }
  }

  private void endEpoch(Model model) {
    if (recorder.hasEnded()) {
      return;
    }
    try {
      Network network = worker().network(model);
      if (network == null) {
        return;
      }
      long epoch = progress.endEpoch(Network.epochCount(model));
      if (epoch > 0) {
        snapshots.recordEpoch(network, epoch);
      } else {
        recorder.endEpoch(1);
      }
    } catch (Throwable e) {
      recorder.contain(e);
    }
  }

  /** Records a layer that is trained alone: of its network nothing is known yet. */
  private void recordPretraining(Model model, long iteration) {
    if (model instanceof Layer layer && recorder.isBatchDue(iteration)) {
      recorder.recordPretraining(LayerNames.of(layer.conf().getLayer(), layer.getIndex()), layer.score(), iteration);
    }
  }

  private void meetIteration(Worker worker, Model model, int iteration, int epoch) {
    Network network = worker.meetIteration(model, iteration, epoch);
    if (network != null && worker.meets(network) && !severalNetworks) {
      noteNetwork(model);
    }
  }

  private void noteNetwork(Model model) {
    Model first = firstModel.get();
    if (first == null && !begun) {
      firstModel = new WeakReference<>(model);
    } else if (first != model && !Callers.areWorkers()) {
      severalNetworks = true;
      notices.otherModel();
    }
  }

  /** Starts to look into the iteration under way, if that is due. */
  private void startDiagnosis(Model model, Consumer<LayerDiagnosis> activations) {
    if (recorder.hasEnded()) {
      return;
    }
    try {
      Worker worker = worker();
      worker.diagnose(null);
      Network network = worker.network(model);
      if (network == null) {
        return;
      }
      long number = progress.nextIteration(Network.iterationCount(model));
      Diagnosis due = recorder.diagnosis(number, progress.startedEpoch(number));
      if (due != null) {
        beginWithin(worker, model, number);
        LayerDiagnosis diagnosis = new LayerDiagnosis(recorder, network, due);
        worker.diagnose(diagnosis);
        activations.accept(diagnosis);
      }
    } catch (Throwable e) {
      recorder.contain(e);
    }
  }

  /** Starts to look for where a divergence begins, and passes on what is at hand. */
  private @Nullable DivergenceSearch startSearch(Model model, DivergenceWatch watch, double loss) {
    Worker worker = worker();
    Network network = worker.network(model);
    if (network == null) {
      return null;
    }
    long number = progress.nextIteration(Network.iterationCount(model));
    beginWithin(worker, model, number);
    DivergenceSearch search = watch.search(number, loss, model);
    recorder.attempt(() -> NetworkWatch.search(network, search));
    return search;
  }

  /** Begins the recording, if it has not begun, before its first iteration has ended. */
  private void beginWithin(Worker worker, Model model, long iteration) {
    if (!begun) {
      int epoch = Network.epochCount(model);
      meetIteration(worker, model, Network.iterationCount(model), epoch);
      Workspaces.runOutside(() -> begin(worker, iteration, epoch));
    }
  }

  private void begin(Worker worker, long firstIteration, int epoch) {
    if (!progress.hasEpochs()) {
      if (Callers.areWithinAnEpoch()) {
        progress.startEpoch(epoch);
        notices.joinedEpoch();
      } else {
        notices.missingEpochs(recorder.histogramFrequencyWithoutEpochs().toString(),
            validates ? snapshots.validationFrequency(false).toString() : "never, for want of data");
      }
    }
    recorder.begin(firstIteration, worker);
    begun = true;
    ownFigures.begin(firstIteration - 1, epoch);
  }

  private Worker worker() {
    return workers.computeIfAbsent(Thread.currentThread(), thread -> new Worker());
  }

  /**
   * Records a figure of your own in the training run, at the iteration that has ended last. Before the first it waits for it, and
   * is recorded as what was before; only the last figure of a tag waits. After the end nothing is recorded.
   *
   * @param tag the series' name; what stands before its first {@code /} groups it with others
   * @param value the figure
   * @throws IllegalArgumentException if the tag is blank, too long, or has summaries of another kind, or is that of a figure
   *     that is recorded anyway, such as {@code epoch_loss}
   * @throws NullPointerException if the tag is null
   */
  public void scalar(String tag, double value) {
    ownFigures.scalar(tag, value);
  }

  /**
   * Records a figure of your own in the training run, at the epoch that is under way, or at the last one between two. Before the
   * training has begun it waits, as with {@link #scalar}. In a training without epochs all figures have the step 0.
   *
   * @param tag the series' name; what stands before its first {@code /} groups it with others
   * @param value the figure
   * @throws IllegalArgumentException if the tag is blank, too long, or has summaries of another kind, or is that of a figure
   *     that is recorded anyway, such as {@code epoch_loss}
   * @throws NullPointerException if the tag is null
   */
  public void epochScalar(String tag, double value) {
    ownFigures.epochScalar(tag, value);
  }

  /**
   * Records what an evaluation has found out, in the validation run at the epoch that is under way, or at the last one between
   * two: accuracy, precision, recall, F1, MCC, the areas under the curves, MSE, MAE, RMSE and R², as far as its kind has them, as
   * {@code epoch_f1} and the like. In a training without epochs they are recorded as {@code batch_f1} and the like at the
   * iteration that has ended last. Where the listener has validation data, accuracy is that of those data alone. Figures that are
   * undefined and kinds of evaluation without such figures are left out.
   *
   * <pre>{@code
   * listener.evaluation(network.evaluate(test));
   * }</pre>
   *
   * <p>The same for what an {@code EvaluativeListener} has evaluated:
   *
   * <pre>{@code
   * evaluative.setCallback((source, model, count, evaluations) -> Arrays.stream(evaluations).forEach(listener::evaluation));
   * }</pre>
   *
   * @param evaluation the evaluation, read during the call
   * @throws NullPointerException if the evaluation is null
   */
  public void evaluation(IEvaluation<?> evaluation) {
    ownFigures.evaluation(Objects.requireNonNull(evaluation, "evaluation"));
  }

  /**
   * Returns a listener for an early stopping trainer, which records in the validation run the score by which it decides, as
   * {@code epoch_early_stopping_score}, and the number of the best epoch so far, as {@code epoch_best_epoch}; and at the end, as
   * the text {@code early_stopping}, why it ended, the best epoch and its score, and what has saved its model. These are no
   * hyper-parameters: TensorBoard takes those when a training begins.
   *
   * <pre>{@code
   * network.setListeners(listener);
   * new EarlyStoppingTrainer(configuration, network, train, listener.earlyStopping()).fit();
   * }</pre>
   *
   * @param <T> the kind of network
   * @return the listener, for one training
   */
  public <T extends Model> EarlyStoppingListener<T> earlyStopping() {
    return new EarlyStopping<>(progress, (score, epoch, best) -> recorder.attempt(() -> {
      if (epoch > 0) {
        recorder.recordValidationMetric("early_stopping_score", score, epoch);
        recorder.recordValidationMetric("best_epoch", best, epoch);
      }
    }), (outcome, epoch) -> recorder.attempt(() -> recorder.recordEarlyStopping(outcome, epoch)),
        () -> recorder.attempt(() -> recorder.endEpoch(Math.max(1, progress.currentEpoch()))));
  }

  /**
   * Returns the writer of the training run, for what has no method here: texts, histograms, images. The listener closes it.
   *
   * @return the writer
   * @throws IllegalStateException if the recording has ended, or has not begun in a run that has an earlier training, for only
   *     its first iteration shows whether it goes on with that
   */
  public SummaryWriter trainWriter() {
    return recorder.trainWriter();
  }

  /**
   * Returns the writer of the validation run, for what has no method here. The listener closes it.
   *
   * @return the writer
   * @throws IllegalStateException if the recording has ended, or has not begun in a run that has an earlier training, for only
   *     its first iteration shows whether it goes on with that
   */
  public SummaryWriter validationWriter() {
    return recorder.validationWriter();
  }

  /** Waits until all that was recorded is handed to the operating system, or has met a fault of the disk. */
  public void flush() {
    recorder.flush();
  }

  /**
   * Ends the recording with the status that TensorBoard's HParams page shows, and closes its files. Callbacks that still come
   * are ignored.
   *
   * @param status how the training ended
   * @throws NullPointerException if the status is null
   */
  public void end(SessionStatus status) {
    recorder.end(status);
    ownFigures.end();
    workers.clear();
  }

  /**
   * Ends the recording and closes its files, as {@link TrainingRecorder#close()} does: TensorBoard's HParams page shows a
   * failure if the last loss was not finite, a guard ended the training, or an epoch was broken off, as it is where {@code fit}
   * throws; else it shows that the end is unknown. Callbacks that still come are ignored.
   */
  @Override
  public void close() {
    recorder.close();
    ownFigures.end();
    workers.clear();
  }

  private Object writeReplace() {
    notices.copied();
    return new SilentListener();
  }

  private void readObject(ObjectInputStream stream) throws InvalidObjectException {
    throw new InvalidObjectException("A copy of this listener is another that records nothing");
  }

  /** Builds a {@link TensorBoardListener}. */
  public static final class Builder extends RecordingOptions<Builder> {

    private static final double MIB = 1 << 20;

    private @Nullable MultiDataSetIterator validationData;
    private Supplier<? extends @Nullable List<String>> validationClasses = () -> null;
    private @Nullable Frequency validationFrequency;
    private int epochLength;
    private boolean accuracy = true;
    private boolean frozenLayers = true;

    private Builder(Path run) {
      super(run);
      addSystemSampler(figures -> figures.accept("physical_mib", Pointer.physicalBytes() / MIB));
    }

    @Override
    protected Builder self() {
      return this;
    }

    /**
     * Sets the data on which loss and accuracy are measured after each epoch, or as {@link #validationFrequency} has it. That
     * takes one forward pass a batch, on the training thread, in which the output layer computes twice: its output and its loss.
     * {@link #validationReport} has more of the same pass.
     *
     * @param data the data, in an iterator of its own: where it is the one that is trained with, the training loses what is
     *     left of it when validation comes within an epoch, as it does by iteration; it must support {@code reset()} to be
     *     measured more than once
     * @return this builder
     * @throws NullPointerException if the data is null
     */
    public Builder validationData(DataSetIterator data) {
      validationData(new MultiDataSetIteratorAdapter(Objects.requireNonNull(data, "data")));
      this.validationClasses = data::getLabels;
      return this;
    }

    /**
     * Sets the data on which loss and accuracy of a {@code ComputationGraph} are measured after each epoch, or as
     * {@link #validationFrequency} has it.
     *
     * @param data the data, in an iterator of its own: where it is the one that is trained with, the training loses what is
     *     left of it when validation comes within an epoch, as it does by iteration; it must support {@code reset()} to be
     *     measured more than once
     * @return this builder
     * @throws NullPointerException if the data is null
     */
    public Builder validationData(MultiDataSetIterator data) {
      this.validationData = Objects.requireNonNull(data, "data");
      this.validationClasses = () -> null;
      return this;
    }

    /**
     * Sets how often the network is measured on the validation data. After an epoch, {@code epoch_loss} and
     * {@code epoch_accuracy} are recorded; after an iteration, {@code batch_loss} and {@code batch_accuracy}.
     *
     * @param frequency the frequency; if not set, every epoch, or {@link Frequency#withoutEpochs()} where there are none
     * @return this builder
     * @throws NullPointerException if the frequency is null
     */
    public Builder validationFrequency(Frequency frequency) {
      this.validationFrequency = Objects.requireNonNull(frequency, "frequency");
      return this;
    }

    /**
     * Sets how often what hidden layers put out is recorded as pictures, {@code activation/<layer>}, for TensorBoard's Images page,
     * as {@link Diagnosis#activationImage} describes them: for the first example of the iteration's batch, or of the epoch's first,
     * in the training's own forward pass. Channels may come first or last.
     *
     * <p>TensorBoard keeps 10 steps of a series, unless started with {@code --samples_per_plugin images=100}.
     *
     * @param frequency the frequency, never if not set
     * @param layers the names of layers that put out channels of rows and columns, as in the tags of their histograms; none for all
     *     two-dimensional convolutions. A warning tells of others
     * @return this builder
     * @throws IllegalArgumentException if a name is blank
     * @throws NullPointerException if the frequency or a name is null
     */
    public Builder activationImageFrequency(Frequency frequency, String... layers) {
      return activationImages(frequency, layers);
    }

    /**
     * Declares every so many iterations to be an epoch, for trainings that tell their listeners of none, such as those by
     * {@code fit(DataSet)}, or whose own are too long. Epochs of which the framework tells are then ignored. What a program does
     * between two iterations, such as reading data, counts to the epoch's seconds; the first epoch has none, for nobody knows
     * when it began.
     *
     * @param iterations the number of iterations, at least 1
     * @return this builder
     * @throws IllegalArgumentException if the number is less than 1
     */
    public Builder epochEvery(int iterations) {
      if (iterations < 1) {
        throw new IllegalArgumentException("An epoch is 1 or more iterations, not " + iterations);
      }
      this.epochLength = iterations;
      return this;
    }

    /**
     * Leaves out accuracy, in training and in validation: for
     * outputs that are no classes though they look so, or where every microsecond counts.
     *
     * @return this builder
     */
    public Builder withoutAccuracy() {
      this.accuracy = false;
      return this;
    }

    /**
     * Leaves out the histograms of frozen layers, whose parameters stay as they are.
     *
     * @return this builder
     */
    public Builder withoutFrozenLayers() {
      this.frozenLayers = false;
      return this;
    }

    /**
     * Returns a listener. Files appear with what is recorded first.
     *
     * @return the listener
     * @throws IllegalStateException if the directory has event files and
     *     {@link io.github.tensorboard4j.training.ExistingRun#REFUSE} was chosen
     * @throws UncheckedIOException if the directory can't be written to and {@link #failFast()} was called
     */
    public TensorBoardListener build() {
      return new TensorBoardListener(this);
    }

    private TrainingRecorder recorder() {
      return buildRecorder();
    }
  }
}
