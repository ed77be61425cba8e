package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.SessionStatus;
import io.github.tensorboard4j.TensorValues;
import io.github.tensorboard4j.training.EpochSummary;
import io.github.tensorboard4j.training.RecordingOptions;
import io.github.tensorboard4j.training.TrainingRecorder;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.jspecify.annotations.Nullable;
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
 * examples a second; the same every 10 iterations; a histogram of every parameter each epoch; the model's graph, its
 * configuration and its hyper-parameters. With {@link Builder#validationData(DataSetIterator) validation data}, loss and
 * accuracy on it after each epoch.
 *
 * <p>What the figures mean:
 * <ul>
 *   <li>Loss is the network's score: the mean over the batch, with L1 and L2 terms. An epoch's loss is the mean over its
 *       examples, each with the weights that it met. A loss that is not a number is recorded: the training has diverged.
 *   <li>Accuracy is that of the outputs that training computes anyway, with dropout in front of the output layer as
 *       training has it. Where the loss is cross-entropy or the activation softmax it is the fraction of rows (time steps,
 *       pixels, voxels) whose largest output is the label's; for binary cross-entropy the fraction of single outputs on the
 *       label's side of a half. Masked outputs don't count; a graph's classifying outputs count together. A network
 *       without such an output has no accuracy.
 *   <li>Learning rate is that of the first parameter that is trained.
 *   <li>Epochs and iterations count from 1, and go on where the network's own counts are.
 *   <li>Parameters are called as {@link io.github.tensorboard4j.training.ParameterNames} has it, {@code hidden/weight} for
 *       {@code W} of the layer {@code hidden}, and as they are in the {@linkplain Dl4jGraph graph}.
 * </ul>
 *
 * <p>{@code fit(DataSet)} reports no epochs to listeners, nor does a {@code ParallelWrapper}: there, only the batch curves are
 * recorded, unless you call {@link #onEpochStart} and {@link #onEpochEnd} yourself around each epoch. The workers of a
 * {@code ParallelWrapper} may share one listener; their iterations are numbered in the order in which they end. With
 * truncated backpropagation through time, a segment is an iteration.
 *
 * <p>Recording begins with the end of the first iteration: a training that fails before leaves nothing. One listener is for one
 * network; the iterations of several would be one curve.
 *
 * <p>The listener never throws out of {@code fit}: a fault of its own is logged once, and the training goes on. Nothing needs
 * {@link #close()} to be kept. TensorBoard's HParams page shows how the training ended if the listener is told:
 *
 * <pre>{@code
 * try (TensorBoardListener listener = new TensorBoardListener(Path.of("logs/sgd"))) {
 *   net.setListeners(listener);
 *   net.fit(train, 5);
 *   listener.end(SessionStatus.SUCCESS);
 * }
 * }</pre>
 */
public final class TensorBoardListener extends BaseTrainingListener implements AutoCloseable {

  private final TrainingRecorder recorder;
  private final @Nullable Validation validation;
  private final Progress progress = new Progress();
  // not a ThreadLocal: its value would hold the network, and that this listener, for as long as the thread lives
  private final Map<Thread, Worker> workers = Collections.synchronizedMap(new WeakHashMap<>());
  private volatile boolean ended;

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
    this.validation = builder.validationData == null ? null : new Validation(builder.validationData);
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

  @Override
  public void onEpochStart(Model model) {
    progress.startEpoch();
    recorder.startEpoch();
  }

  @Override
  public void onBackwardPass(Model model) {
    if (ended) {
      return;
    }
    try {
      worker().countPredictions(model);
    } catch (Throwable e) {
      recorder.contain(e);
    }
  }

  @Override
  public void iterationDone(Model model, int iteration, int epoch) {
    if (ended) {
      return;
    }
    try {
      Worker worker = worker();
      Network network = worker.finishIteration(model, iteration, epoch);
      if (network == null) {
        return;
      }
      long number = progress.finishIteration(iteration, epoch);
      recorder.begin(progress.firstIteration(), worker);
      recorder.recordIteration(worker.figures(number));
      if (recorder.histogramFrequency().isDueAtIteration(number)) {
        recordParameters(network, number);
      }
    } catch (Throwable e) {
      recorder.contain(e);
    }
  }

  @Override
  public void onEpochEnd(Model model) {
    if (ended) {
      return;
    }
    try {
      Network network = worker().network(model);
      if (network == null) {
        return;
      }
      long epoch = progress.endEpoch(network.epochCount());
      EpochSummary.Builder summary = recorder.endEpoch(epoch);
      if (recorder.histogramFrequency().isDueAtEpoch(epoch)) {
        recorder.attempt(() -> recordParameters(network, epoch));
      }
      if (validation != null) {
        recorder.attempt(() -> validation.measure(network, summary));
      }
      recorder.recordEpoch(summary.build());
    } catch (Throwable e) {
      recorder.contain(e);
    }
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
    ended = true;
  }

  /**
   * Ends the recording and closes its files, as {@link TrainingRecorder#close()} does: TensorBoard's HParams page shows a
   * failure if the last loss was not finite or an epoch was broken off, as it is where {@code fit} throws; else it shows that
   * the end is unknown. Callbacks that still come are ignored.
   */
  @Override
  public void close() {
    recorder.close();
    ended = true;
  }

  private Worker worker() {
    return workers.computeIfAbsent(Thread.currentThread(), thread -> new Worker());
  }

  private void recordParameters(Network network, long step) {
    ParameterViews.synchronize(network.flatParameters());
    for (Network.Parameter parameter : network.parameters()) {
      TensorValues values = ParameterViews.of(parameter.values());
      if (values != null) {
        recorder.recordParameter(parameter.layer(), parameter.name(), values, step);
      }
    }
  }

  /** Builds a {@link TensorBoardListener}. */
  public static final class Builder extends RecordingOptions<Builder> {

    private @Nullable MultiDataSetIterator validationData;

    private Builder(Path run) {
      super(run);
    }

    @Override
    protected Builder self() {
      return this;
    }

    /**
     * Sets the data on which loss and accuracy are measured after each epoch. That takes two forward passes a batch (one
     * if the network is no classifier), on the training thread.
     *
     * @param data the data, which must support {@code reset()} for more than one epoch
     * @return this builder
     * @throws NullPointerException if the data is null
     */
    public Builder validationData(DataSetIterator data) {
      return validationData(new MultiDataSetIteratorAdapter(Objects.requireNonNull(data, "data")));
    }

    /**
     * Sets the data on which loss and accuracy of a {@code ComputationGraph} are measured after each epoch.
     *
     * @param data the data, which must support {@code reset()} for more than one epoch
     * @return this builder
     * @throws NullPointerException if the data is null
     */
    public Builder validationData(MultiDataSetIterator data) {
      this.validationData = Objects.requireNonNull(data, "data");
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
