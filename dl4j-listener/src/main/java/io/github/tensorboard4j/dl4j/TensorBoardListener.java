package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.TensorValues;
import io.github.tensorboard4j.training.EpochSummary;
import io.github.tensorboard4j.training.Frequency;
import io.github.tensorboard4j.training.TrainingRecorder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.dataset.adapter.MultiDataSetIteratorAdapter;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
 *       examples, each with the weights that it met.
 *   <li>Accuracy is that of the outputs that training computes anyway, with dropout in front of the output layer as
 *       training has it. Where the loss is cross-entropy or the activation softmax it is the fraction of rows (time steps,
 *       pixels) whose largest output is the label's; for binary cross-entropy the fraction of single outputs on the
 *       label's side of a half. Masked outputs don't count; a graph's classifying outputs count together. A network
 *       without such an output has no accuracy.
 *   <li>Learning rate is that of the first parameter that is trained.
 *   <li>Epochs and iterations count from 1, and go on where the network's own counts are.
 * </ul>
 *
 * <p>{@code fit(DataSet)} tells listeners of no epoch, nor does a {@code ParallelWrapper}: there, only the batch curves are
 * recorded, unless you call {@link #onEpochStart} and {@link #onEpochEnd} yourself around each epoch. The workers of a
 * {@code ParallelWrapper} may share one listener; their iterations are numbered in the order in which they end. With
 * truncated backpropagation through time, a segment is an iteration.
 *
 * <p>The listener never throws out of {@code fit}: a fault of its own is logged once, and the training goes on.
 * {@link #close()} is not needed for anything to be kept; it ends the session on TensorBoard's HParams page.
 */
public final class TensorBoardListener extends BaseTrainingListener implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(TensorBoardListener.class);

  /** What a training thread keeps between its callbacks: the network that it trains and what it has predicted. */
  private static final class Worker {
    private Network network;
    private final CorrectPredictions predictions = new CorrectPredictions();

    /** Gives the model's network, or null for what is none. */
    Network network(Model model) {
      if (network == null || network.model() != model) {
        network = Network.of(model);
      }
      return network;
    }
  }

  private final TrainingRecorder recorder;
  private final Validation validation;
  // not a ThreadLocal: its value would hold the network, and that this listener, for as long as the thread lives
  private final Map<Thread, Worker> workers = Collections.synchronizedMap(new WeakHashMap<>());

  // guarded by this
  private boolean begun;
  private boolean inEpoch;
  private boolean epochless;
  private boolean faultReported;
  private long lastIteration;
  private long lastEpoch;

  /**
   * Creates a listener with the defaults.
   *
   * @param run the run's directory; TensorBoard names the run after it
   * @throws IllegalArgumentException if there is something else than a directory
   */
  public TensorBoardListener(Path run) {
    this(builder(run));
  }

  private TensorBoardListener(Builder builder) {
    this.recorder = builder.recorder.build();
    this.validation = builder.validationData == null ? null : new Validation(builder.validationData);
  }

  /**
   * Starts a listener that is other than the default.
   *
   * @param run the run's directory; TensorBoard names the run after it
   * @return the builder
   * @throws IllegalArgumentException if there is something else than a directory
   */
  public static Builder builder(Path run) {
    return new Builder(run);
  }

  @Override
  public void onEpochStart(Model model) {
    synchronized (this) {
      inEpoch = true;
    }
    recorder.startEpoch();
  }

  @Override
  public void onBackwardPass(Model model) {
    try {
      Worker worker = worker();
      worker.predictions.reset();
      Network network = worker.network(model);
      if (network != null) {
        for (Layer output : network.outputs()) {
          worker.predictions.add(output);
        }
      }
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      report(e);
    }
  }

  @Override
  public void iterationDone(Model model, int iteration, int epoch) {
    try {
      Worker worker = worker();
      Network network = worker.network(model);
      if (network == null) {
        return;
      }
      long number = number(network, iteration, epoch);
      recorder.batch(
          number,
          model.batchSize(),
          model.score(),
          worker.predictions.correct(),
          worker.predictions.count(),
          network.learningRate(iteration, epoch));
      if (recorder.histogramFrequency().isDueAtIteration(number)) {
        recordParameters(network, number);
      }
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      report(e);
    }
  }

  @Override
  public void onEpochEnd(Model model) {
    try {
      Network network = worker().network(model);
      if (network == null) {
        return;
      }
      long epoch = endEpoch(network);
      EpochSummary summary = recorder.endEpoch(epoch);
      if (recorder.histogramFrequency().isDueAtEpoch(epoch)) {
        attempt(() -> recordParameters(network, epoch));
      }
      recorder.epoch(validated(summary, network));
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      report(e);
    }
  }

  /** Waits until all that was recorded is handed to the operating system. */
  public void flush() {
    recorder.flush();
  }

  /** Ends the recording. Callbacks that still come are left out. */
  @Override
  public void close() {
    recorder.close();
  }

  /** Numbers an iteration; before the first one, records what is known of the training as a whole. */
  private synchronized long number(Network network, int iteration, int epoch) {
    lastIteration = Math.max(iteration + 1L, lastIteration + 1);
    if (!begun) {
      begun = true;
      lastEpoch = Math.max(lastEpoch, epoch);
      attempt(() -> recorder.begin(lastIteration, network.hyperParameters(iteration, epoch)));
      attempt(() -> recorder.graph(network.graph()));
      attempt(() -> recorder.configuration(network.configuration()));
    }
    if (!inEpoch && !epochless) {
      epochless = true;
      LOGGER.info("This training tells its listeners of no epochs (fit(DataSet) and ParallelWrapper don't), so only the "
          + "batch curves are recorded. Call onEpochStart and onEpochEnd of this listener around each epoch to have more.");
    }
    return lastIteration;
  }

  private synchronized long endEpoch(Network network) {
    inEpoch = false;
    lastEpoch = Math.max(network.epochCount() + 1L, lastEpoch + 1);
    return lastEpoch;
  }

  private EpochSummary validated(EpochSummary summary, Network network) {
    if (validation == null) {
      return summary;
    }
    try {
      return validation.complete(summary, network);
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      report(e);
      return summary;
    }
  }

  private Worker worker() {
    return workers.computeIfAbsent(Thread.currentThread(), thread -> new Worker());
  }

  private void attempt(Runnable part) {
    try {
      part.run();
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      report(e);
    }
  }

  private void recordParameters(Network network, long step) {
    ParameterViews.synchronize(network.flatParameters());
    for (Network.Parameter parameter : network.parameters()) {
      TensorValues values = ParameterViews.of(parameter.values());
      if (values != null) {
        recorder.parameter(parameter.layer(), parameter.name(), values, step);
      }
    }
  }

  private synchronized void report(Throwable fault) {
    if (!faultReported) {
      faultReported = true;
      LOGGER.error("Recording for TensorBoard met a fault; the training goes on, and whatever else can be recorded still is", fault);
    }
  }

  /** What can be chosen about a listener. */
  public static final class Builder {

    private final TrainingRecorder.Builder recorder;
    private MultiDataSetIterator validationData;

    private Builder(Path run) {
      this.recorder = TrainingRecorder.builder(run);
    }

    /**
     * Sets the data on which loss and accuracy are measured after each epoch. That takes two forward passes a batch (one
     * if the network is no classifier), on the training thread.
     *
     * @param data the data, which must support {@code reset()} for more than one epoch
     * @return this builder
     */
    public Builder validationData(DataSetIterator data) {
      return validationData(new MultiDataSetIteratorAdapter(Objects.requireNonNull(data, "data")));
    }

    /**
     * Sets the data on which loss and accuracy of a {@code ComputationGraph} are measured after each epoch.
     *
     * @param data the data, which must support {@code reset()} for more than one epoch
     * @return this builder
     */
    public Builder validationData(MultiDataSetIterator data) {
      this.validationData = Objects.requireNonNull(data, "data");
      return this;
    }

    /**
     * Sets how often the batch curves get a point.
     *
     * @param iterations every so many iterations, 10 if not set; 0 for no batch curves
     * @return this builder
     */
    public Builder batchFrequency(int iterations) {
      recorder.batchFrequency(iterations);
      return this;
    }

    /**
     * Sets how often the parameters are recorded as histograms.
     *
     * @param frequency the frequency, every epoch if not set
     * @return this builder
     */
    public Builder histogramFrequency(Frequency frequency) {
      recorder.histogramFrequency(frequency);
      return this;
    }

    /**
     * Adds a hyper-parameter to those that are found in the configuration ({@code optimizer}, {@code learning_rate},
     * {@code loss}, {@code batch_size}, {@code parameters}, {@code seed}), or takes its place.
     *
     * @param name its name
     * @param value a number, a boolean, or something else that becomes a string
     * @return this builder
     */
    public Builder hyperParameter(String name, Object value) {
      recorder.hyperParameter(name, value);
      return this;
    }

    /**
     * Sets what is told the figures of each epoch, exactly as they are recorded, on the training thread.
     *
     * @param consumer what is told
     * @return this builder
     */
    public Builder onEpoch(Consumer<EpochSummary> consumer) {
      recorder.onEpoch(consumer);
      return this;
    }

    /**
     * Sets how long what is recorded may wait in memory. A killed JVM loses at most that much.
     *
     * @param interval the interval, 1 second if not set
     * @return this builder
     */
    public Builder flushInterval(Duration interval) {
      recorder.flushInterval(interval);
      return this;
    }

    /**
     * Builds the listener.
     *
     * @return the listener
     */
    public TensorBoardListener build() {
      return new TensorBoardListener(this);
    }
  }
}
