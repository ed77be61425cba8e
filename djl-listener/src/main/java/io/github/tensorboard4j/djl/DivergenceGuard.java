package io.github.tensorboard4j.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.TrainingListener.BatchData;
import io.github.tensorboard4j.TensorStatistics;
import io.github.tensorboard4j.TensorValues;
import io.github.tensorboard4j.djl.EvaluatorFigures.Figure;
import io.github.tensorboard4j.graph.UniqueNames;
import io.github.tensorboard4j.training.DivergenceSearch;
import io.github.tensorboard4j.training.DivergenceWatch;
import io.github.tensorboard4j.training.IterationFigures;
import io.github.tensorboard4j.training.TrainingRecorder;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one trainer for a divergence, and searches for where it begins. What was found is left with the {@link Progress}, for
 * the user's guard is not to be called under a lock. Not thread-safe.
 */
final class DivergenceGuard {

  private static final Logger LOGGER = LoggerFactory.getLogger(DivergenceGuard.class);

  private final Trainer trainer;
  private final TrainingRecorder recorder;
  private final DivergenceWatch watch;
  private final ParameterArrays arrays;
  private final LayerActivations activations;
  private final Progress progress;
  private final TensorStatistics statistics = new TensorStatistics();

  DivergenceGuard(Trainer trainer, TrainingRecorder recorder, ParameterArrays arrays, LayerActivations activations,
      Progress progress) {
    this.trainer = trainer;
    this.recorder = recorder;
    this.watch = recorder.divergenceWatch();
    this.arrays = arrays;
    this.activations = activations;
    this.progress = progress;
  }

  /** Looks at a batch that has led to no update yet, and at its loss, if there is one. */
  void beforeUpdate(Figure loss, @Nullable BatchData data) {
    if (loss.isRead() && watch.suspects(loss.value()) || watch.watchesTensors() && suspectsTensors()) {
      search(loss.isRead() ? OptionalDouble.of(loss.value()) : OptionalDouble.empty(), data);
    }
  }

  /**
   * Looks at a batch that has led to no update yet and has not been evaluated yet. If something is suspect it is evaluated here,
   * for whoever evaluates it may be hidden from it now.
   *
   * @param data the batch
   * @param figures takes its loss, if it was evaluated here
   * @return whether something is suspect
   */
  boolean beforeEvaluation(BatchData data, IterationFigures figures) {
    if (!watch.watchesTensors() || !suspectsTensors()) {
      return false;
    }
    OptionalDouble loss = evaluate(data);
    loss.ifPresent(figures::loss);
    search(loss, data);
    return true;
  }

  /**
   * Looks at the loss of a batch that may have led to an update. It is all that can be named: if it is not finite, the update
   * has made the parameters so, wherever it began.
   */
  void lookAtLoss(double loss) {
    if (watch.suspects(loss)) {
      progress.diverged(watch.search(progress.iterations(), loss, trainer));
    }
  }

  /**
   * Looks at a batch that nobody has told of before its update: at its loss, as {@link #lookAtLoss} does, and else, where tensors
   * are watched, at what the update has made of the parameters.
   */
  void afterUpdate(double loss) {
    if (watch.suspects(loss)) {
      progress.diverged(watch.search(progress.iterations(), loss, trainer));
    } else if (watch.watchesTensors() && suspectsParameters()) {
      DivergenceSearch search = watch.search(progress.iterations(), loss, trainer);
      arrays.read((parameter, values) -> search.parameter(parameter.layer(), parameter.name(), values));
      progress.diverged(search);
    }
  }

  private boolean suspectsTensors() {
    double[] squares = new double[1];
    arrays.readGradients((parameter, values) -> {
      double norm = statistics.count(values).norm();
      squares[0] += norm * norm;
    });
    return watch.suspectsGradients(Math.sqrt(squares[0])) || suspectsParameters();
  }

  private boolean suspectsParameters() {
    boolean[] suspect = new boolean[1];
    arrays.read((parameter, values) -> suspect[0] |= watch.suspectsParameters(statistics.count(values)));
    return suspect[0];
  }

  private void search(OptionalDouble loss, @Nullable BatchData data) {
    DivergenceSearch search = loss.isPresent()
        ? watch.search(progress.iterations(), loss.getAsDouble(), trainer)
        : watch.search(progress.iterations(), trainer);
    BatchData there = arrays.areReleased() ? null : data;
    Batch batch = there == null ? null : open(there.getBatch());
    if (batch != null) {
      lookAt(batch.getData(), "input", search::input);
    }
    if (there != null && there.getLabels() != null) {
      there.getLabels().values().forEach(labels -> lookAt(labels, "output", search::labels));
    }
    arrays.read((parameter, values) -> search.parameter(parameter.layer(), parameter.name(), values));
    if (batch != null) {
      activations.of(batch,
          output -> ArrayViews.read(output.array(), values -> search.activation(output.layer(), values)));
    }
    arrays.readGradients((parameter, values) -> search.gradient(parameter.layer(), parameter.name(), values));
    progress.diverged(search);
  }

  /** Returns a batch that is not closed; a closed one has no manager. */
  private static @Nullable Batch open(@Nullable Batch batch) {
    return batch == null || batch.getManager() == null ? null : batch;
  }

  /** Looks at the arrays of a batch, each by its name if it has one. */
  private void lookAt(NDList arrays, String unnamed, BiConsumer<String, TensorValues> search) {
    UniqueNames names = new UniqueNames();
    for (NDArray array : arrays) {
      String name = names.claim(array.getName() == null ? unnamed : array.getName());
      try {
        ArrayViews.read(array, values -> search.accept(name, values));
      } catch (IllegalStateException e) {
        LOGGER.debug("{} is closed already", name, e);
      } catch (RuntimeException e) {
        recorder.contain(e);
      }
    }
  }

  /** Evaluates a batch, whose loss is the mean of those of the devices; nothing if the loss can't do that. */
  private OptionalDouble evaluate(BatchData data) {
    double sum = 0;
    try (NDScope temporaries = new NDScope()) {
      temporaries.suppressNotUsedWarning();
      for (Map.Entry<Device, NDList> labels : data.getLabels().entrySet()) {
        sum += trainer.getLoss().evaluate(labels.getValue(), data.getPredictions().get(labels.getKey())).getFloat();
      }
    } catch (Throwable e) {
      recorder.contain(e);
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(sum / data.getLabels().size());
  }
}
