package io.github.tensorboard4j.training;

import io.github.tensorboard4j.SummaryWriter;
import io.github.tensorboard4j.internal.RunDirectory;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The options of a recording that are the same for every framework. The builder of a listener extends it.
 *
 * @param <B> the builder that has these options
 */
public abstract class RecordingOptions<B extends RecordingOptions<B>> {

  private static final Duration SHORTEST_SYSTEM_INTERVAL = Duration.ofMillis(100);

  final Path run;
  Duration flushInterval = Duration.ofSeconds(1);
  final Map<String, Object> hyperParameters = new LinkedHashMap<>();
  @Nullable
  Frequency batchFrequency;
  @Nullable
  Frequency histogramFrequency;
  Frequency weightImageFrequency = Frequency.never();
  Frequency gradientFrequency = Frequency.never();
  Frequency updateFrequency = Frequency.never();
  Frequency activationFrequency = Frequency.never();
  Frequency activationImageFrequency = Frequency.never();
  List<String> picturedLayers = List.of();
  Frequency statisticsFrequency = Frequency.never();
  long profiledIteration;
  Guard guard = Guard.report();
  @Nullable
  ValidationReport validationReport;
  Consumer<? super EpochSummary> onEpoch = summary -> {};
  ExistingRun existingRun = ExistingRun.CONTINUE;
  boolean failFast;
  @Nullable
  Duration systemInterval;
  final List<SystemSampler> systemSamplers = new ArrayList<>();

  /**
   * Creates the defaults.
   *
   * @param run the run's directory; TensorBoard names the run after it
   * @throws IllegalArgumentException if the path, or {@code train} or {@code validation} in it, exists and is not a directory
   * @throws NullPointerException if the path is null
   */
  protected RecordingOptions(Path run) {
    this.run = Objects.requireNonNull(run, "A training needs a directory for its run, but it is null");
    RunDirectory.requireDirectory(run);
    RunDirectory.requireDirectory(RunWriters.train(run));
    RunDirectory.requireDirectory(RunWriters.validation(run));
  }

  /**
   * Returns this builder.
   *
   * @return this builder, as what it is
   */
  protected abstract B self();

  /**
   * Sets how often the batch curves get a point. If not set, that is as often as is useful: at each of the first 10 iterations,
   * at every 10th, where a second has passed since the last point, and where the loss ceases to be a number.
   *
   * @param frequency the frequency in iterations, and no other point; {@link Frequency#never()} for no batch curves
   * @return this builder
   * @throws IllegalArgumentException if the frequency is one of epochs
   * @throws NullPointerException if the frequency is null
   */
  public final B batchFrequency(Frequency frequency) {
    if (Objects.requireNonNull(frequency, "frequency").isOfEpochs()) {
      throw new IllegalArgumentException(
          "Batch curves get a point every so many iterations, unlike " + frequency + "; the epoch curves have one an epoch");
    }
    this.batchFrequency = frequency;
    return self();
  }

  /**
   * Sets how often the parameters are recorded as histograms.
   *
   * @param frequency the frequency; if not set, every epoch, or {@link Frequency#withoutEpochs()} where there are none
   * @return this builder
   * @throws NullPointerException if the frequency is null
   */
  public final B histogramFrequency(Frequency frequency) {
    this.histogramFrequency = Objects.requireNonNull(frequency, "frequency");
    return self();
  }

  /**
   * Sets how often weights are recorded as pictures, {@code image_<layer>/<parameter>}, for TensorBoard's Images page:
   * <ul>
   *   <li>the kernels of a two-dimensional convolution side by side: those of three input channels in their colours, of others
   *       the first channel in gray, and the first 64 of more; one of 1 x 1 is shown as a matrix of outputs and inputs;
   *   <li>a matrix with an element a pixel, its longer side across.
   * </ul>
   *
   * <p>Zero is gray. The darkest is as far from it as the brightest: as the largest magnitude in the picture. What is small is
   * enlarged, up to eight times. Vectors (biases, and matrices of one row or column), weights of another number of dimensions,
   * kernels with a side of more than 128, and matrices with one of more than 1024 are left out.
   *
   * <p>TensorBoard keeps 10 steps of a series, unless started with {@code --samples_per_plugin images=100}.
   *
   * @param frequency the frequency, at the end of epochs or after iterations; never if not set
   * @return this builder
   * @throws NullPointerException if the frequency is null
   */
  public final B weightImageFrequency(Frequency frequency) {
    this.weightImageFrequency = Objects.requireNonNull(frequency, "frequency");
    return self();
  }

  /**
   * Sets how often the parameters' gradients are recorded as histograms, {@code gradient/<layer>/<parameter>}: those of the
   * iteration, or those of the epoch's first batch. They are the gradients of the mean loss of the batch's examples, before
   * clipping and regularization.
   *
   * @param frequency the frequency, never if not set
   * @return this builder
   * @throws NullPointerException if the frequency is null
   */
  public final B gradientFrequency(Frequency frequency) {
    this.gradientFrequency = Objects.requireNonNull(frequency, "frequency");
    return self();
  }

  /**
   * Sets how often the updates of the parameters are recorded as histograms, {@code update/<layer>/<parameter>}: what the
   * optimizer has subtracted in the iteration, or after the epoch's first batch, the learning rate included.
   *
   * @param frequency the frequency, never if not set
   * @return this builder
   * @throws NullPointerException if the frequency is null
   */
  public final B updateFrequency(Frequency frequency) {
    this.updateFrequency = Objects.requireNonNull(frequency, "frequency");
    return self();
  }

  /**
   * Sets how often what the layers put out is recorded as histograms, {@code layer_<layer>/activation}: for the iteration's
   * batch, or for the epoch's first.
   *
   * @param frequency the frequency, never if not set
   * @return this builder
   * @throws NullPointerException if the frequency is null
   */
  public final B activationFrequency(Frequency frequency) {
    this.activationFrequency = Objects.requireNonNull(frequency, "frequency");
    return self();
  }

  /**
   * Sets how often what layers put out is recorded as pictures, for the builder of a listener that can make them.
   *
   * @param frequency the frequency, never if not set
   * @param layers the names of layers; none for all two-dimensional convolutions
   * @return this builder
   * @throws IllegalArgumentException if a name is blank
   * @throws NullPointerException if the frequency or a name is null
   */
  protected final B activationImages(Frequency frequency, String... layers) {
    this.activationImageFrequency = Objects.requireNonNull(frequency, "frequency");
    this.picturedLayers = PicturedLayers.requireNames(List.of(layers));
    return self();
  }

  /**
   * Sets how often statistics of gradients, updates, parameters and activations are recorded as scalars, those of the iteration
   * or of the epoch's first batch:
   * <ul>
   *   <li>{@code gradient_norm/<layer>/<parameter>}, the Euclidean (L2) norm, and {@code gradient_mean_magnitude/...}, the mean of
   *       the absolute values; the same of {@code update} and {@code parameter}, the latter after the update;
   *   <li>{@code update_ratio_log10/<layer>/<parameter>}, the decimal logarithm of the update's mean magnitude over the
   *       parameter's: about -3 is what is usual;
   *   <li>{@code output_mean/<layer>} and {@code output_stdev/<layer>}, mean and standard deviation of what the layer puts out;
   *   <li>{@code relu_dead/<layer>}, which share of a ReLU layer's units puts out zero for every example of the batch.
   * </ul>
   *
   * <p>TensorBoard's Custom Scalars page then has the category {@code diagnosis}: one chart of the ratios of all parameters,
   * but that biases, whose ratios are others since they start at zero, have one of their own; one of the norms of all gradients; and
   * those of loss and accuracy, by epoch if there are epochs. Its layout is in the run's own
   * directory: one that you add to the run {@code train} or {@code validation} is shown beside it, and a category that has the
   * same title gets the charts of both. One that you write to the run's own directory takes its place, or it takes that one's.
   *
   * @param frequency the frequency, never if not set
   * @return this builder
   * @throws NullPointerException if the frequency is null
   */
  public final B statisticsFrequency(Frequency frequency) {
    this.statisticsFrequency = Objects.requireNonNull(frequency, "frequency");
    return self();
  }

  /**
   * Sets an iteration after which it is measured, once, what each layer takes, in time and memory. TensorBoard's Graphs page
   * colours the layers by it, where {@code iteration <n>} is chosen as its tag; the Text page has a table, {@code profile}.
   * Choose an iteration at which everything is warm, such as 100.
   *
   * @param iteration the iteration, from 1; none if not set
   * @return this builder
   * @throws IllegalArgumentException if the iteration is less than 1
   */
  public final B profileIteration(long iteration) {
    if (iteration < 1) {
      throw new IllegalArgumentException("Iterations count from 1, unlike " + iteration);
    }
    this.profiledIteration = iteration;
    return self();
  }

  /**
   * Asks for more of the validation than loss and accuracy: precision, recall, F1 and more as curves, precision-recall curves,
   * a confusion matrix, what was misclassified, an embedding. All of it comes from the one pass through the validation data.
   *
   * @param report what is asked for, such as {@link ValidationReport#standard()}
   * @return this builder
   * @throws NullPointerException if the report is null
   */
  public final B validationReport(ValidationReport report) {
    this.validationReport = Objects.requireNonNull(report, "report");
    return self();
  }

  /**
   * Sets what to do at the first value of the training that is NaN, infinite or explodes.
   *
   * @param choice what to do, {@link Guard#report()} if not set
   * @return this builder
   * @throws NullPointerException if the choice is null
   */
  public final B guard(Guard choice) {
    this.guard = Objects.requireNonNull(choice, "choice");
    return self();
  }

  /**
   * Adds a hyper-parameter to those that are found ({@code optimizer}, {@code learning_rate}, {@code loss},
   * {@code batch_size}, {@code parameters}, {@code seed}), or replaces the one of that name. Add it to all runs that are compared:
   * TensorBoard's HParams page takes its columns from one of them, whichever it meets first.
   *
   * @param name its name
   * @param value a number, a boolean, or something else that becomes a string; numbers are kept as 64-bit floats, and NaN and
   *     infinities are not shown
   * @return this builder
   * @throws IllegalArgumentException if the name is blank, or one of {@code learning_rate}, {@code batch_size},
   *     {@code parameters} and {@code seed}, and the value is not a number
   * @throws NullPointerException if the name or the value is null
   */
  public final B hyperParameter(String name, Object value) {
    HyperParameters.requireValid(name, value);
    hyperParameters.put(name, value);
    return self();
  }

  /**
   * Sets a consumer of each epoch's figures, exactly as they are recorded, which is called on the training thread. What it
   * throws is logged and does not end the training.
   *
   * @param consumer the consumer
   * @return this builder
   * @throws NullPointerException if the consumer is null
   */
  public final B onEpoch(Consumer<? super EpochSummary> consumer) {
    this.onEpoch = Objects.requireNonNull(consumer, "consumer");
    return self();
  }

  /**
   * Sets how long what is recorded may wait in memory. A killed JVM loses at most that much.
   *
   * @param interval the interval, 1 second if not set
   * @return this builder
   * @throws IllegalArgumentException if the interval is shorter than a millisecond or longer than a day
   * @throws NullPointerException if the interval is null
   */
  public final B flushInterval(Duration interval) {
    // refuses what a writer refuses
    SummaryWriter.builder(run).flushInterval(interval);
    this.flushInterval = interval;
    return self();
  }

  /**
   * Sets what to do where the run's directory has event files already.
   *
   * @param choice what to do, {@link ExistingRun#CONTINUE} if not set
   * @return this builder
   * @throws NullPointerException if the choice is null
   */
  public final B existingRun(ExistingRun choice) {
    this.existingRun = Objects.requireNonNull(choice, "choice");
    return self();
  }

  /**
   * Makes {@code build()} create the directory and try to write to it, and throw an {@link UncheckedIOException} if that
   * fails: for programs whose purpose is what they record. Without it, a training goes on and the fault is logged.
   *
   * @return this builder
   */
  public final B failFast() {
    this.failFast = true;
    return self();
  }

  /**
   * Records every 10 seconds what the machine and the process do, as {@link #systemMetrics(Duration)} has it.
   *
   * @return this builder
   */
  public final B systemMetrics() {
    return systemMetrics(Duration.ofSeconds(10));
  }

  /**
   * Records at an interval what the machine and the process do, at the iteration that has ended last: for each NVIDIA GPU
   * {@code system/gpu<i>/memory_mib}, {@code utilization} and {@code temperature_c}, in percent and degrees Celsius, and
   * {@code power_w}, if {@code nvidia-smi} is there and tells them; for the JVM {@code system/heap_mib},
   * {@code system/non_heap_mib}, {@code system/gc_ms}, the garbage collection since the sample before, and
   * {@code system/cpu_percent} of all processors. They are read on a thread of their own, from the first iteration on.
   *
   * @param interval the time between two samples
   * @return this builder
   * @throws IllegalArgumentException if the interval is shorter than 100 milliseconds
   * @throws NullPointerException if the interval is null
   */
  public final B systemMetrics(Duration interval) {
    if (Objects.requireNonNull(interval, "interval").compareTo(SHORTEST_SYSTEM_INTERVAL) < 0) {
      throw new IllegalArgumentException(
          "System metrics are read every " + SHORTEST_SYSTEM_INTERVAL.toMillis() + " ms or more seldom, not every "
              + interval);
    }
    this.systemInterval = interval;
    return self();
  }

  /**
   * Adds figures of the framework's own to the system metrics, where those are asked for.
   *
   * @param sampler reads them
   * @throws NullPointerException if the sampler is null
   */
  protected final void addSystemSampler(SystemSampler sampler) {
    systemSamplers.add(Objects.requireNonNull(sampler, "sampler"));
  }

  /**
   * Returns a recorder with these options, for the builder's {@code build()}.
   *
   * @return the recorder
   * @throws IllegalArgumentException if the directory's file system is one that shows a file only once it is closed
   * @throws IllegalStateException if the directory has event files and {@link ExistingRun#REFUSE} was chosen
   * @throws UncheckedIOException if the directory can't be written to and {@link #failFast()} was called
   */
  protected final TrainingRecorder buildRecorder() {
    RunFiles files = new RunFiles(run);
    if (existingRun == ExistingRun.REFUSE && files.exist()) {
      throw new IllegalStateException(
          run + " has event files of an earlier training: name another directory, or choose ExistingRun.CONTINUE or REPLACE");
    }
    if (failFast) {
      RunDirectory.requireWritable(run);
      RunDirectory.requireWritable(RunWriters.train(run));
      if (Files.exists(RunWriters.validation(run))) {
        RunDirectory.requireWritable(RunWriters.validation(run));
      }
    }
    RunDirectory.requireAppending(RunWriters.train(run));
    return new TrainingRecorder(this, files);
  }
}
