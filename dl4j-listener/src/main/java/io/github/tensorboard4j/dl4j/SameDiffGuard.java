package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.TensorValues;
import io.github.tensorboard4j.dl4j.internal.Workspaces;
import io.github.tensorboard4j.training.DivergenceSearch;
import io.github.tensorboard4j.training.DivergenceWatch;
import io.github.tensorboard4j.training.TrainingRecorder;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Looks for a divergence of a training in what it computes: in the loss, as soon as all of it is there; in outputs that can't be
 * evaluated; and, if the user's guard watches tensors, in each gradient before it is an update. Not thread-safe.
 */
final class SameDiffGuard {

  private final TrainingRecorder recorder;
  private final DivergenceWatch watch;
  private final ToLongFunction<SameDiffTraining> begin;
  private final @Nullable SameDiffGradientWatch gradients;

  /**
   * Creates a guard.
   *
   * @param recorder where a divergence is recorded
   * @param begin begins the recording, if it has not begun, and returns the number of the iteration under way
   */
  SameDiffGuard(TrainingRecorder recorder, ToLongFunction<SameDiffTraining> begin) {
    this.recorder = recorder;
    this.watch = recorder.divergenceWatch();
    this.begin = begin;
    this.gradients = watch.watchesTensors() ? new SameDiffGradientWatch() : null;
  }

  /** Starts with an iteration. */
  void startIteration() {
    if (gradients != null) {
      gradients.start(watch);
    }
  }

  /**
   * Looks at what an operation has put out.
   *
   * @param training what the iteration has computed so far
   * @param batch what it trains with
   * @param variable the result, null if it is not of interest
   * @param array its elements
   * @param evaluated whether it could be evaluated, if it was to be
   * @return a search for where a divergence begins, null if all is well
   */
  @Nullable
  DivergenceSearch watch(SameDiffTraining training, MultiDataSet batch, @Nullable ComputedVariable variable, INDArray array,
      boolean evaluated) {
    if (!evaluated) {
      // the framework's own evaluation of it will end the training now
      return watch.suspects(Double.NaN) ? search(training, batch) : null;
    }
    if (variable == null) {
      return null;
    }
    if (variable.isLoss()) {
      SameDiffLosses losses = training.losses();
      return losses.areKnown() && watch.suspects(losses.sum()) ? search(training, batch) : null;
    }
    SameDiffParameter parameter = variable.gradientOf();
    return gradients != null && parameter != null && watch.watchesTensors()
        ? watch(gradients, training, batch, parameter, ParameterViews.current(array)) : null;
  }

  private @Nullable DivergenceSearch watch(SameDiffGradientWatch watched, SameDiffTraining training, MultiDataSet batch,
      SameDiffParameter parameter, @Nullable TensorValues gradient) {
    if (!watched.suspects(watch, gradient, ParameterViews.current(parameter.values()))) {
      return null;
    }
    DivergenceSearch search = search(training, batch);
    if (gradient != null) {
      recorder.attempt(() -> search.gradient(parameter.layer(), parameter.name(), gradient));
    }
    return search;
  }

  /** Starts to look for where a divergence begins, and passes on what is at hand. */
  private DivergenceSearch search(SameDiffTraining training, MultiDataSet batch) {
    long iteration = begin.applyAsLong(training);
    SameDiffLosses losses = training.losses();
    DivergenceSearch search = losses.areKnown()
        ? watch.search(iteration, losses.sum(), training.model())
        : watch.search(iteration, training.model());
    recorder.attempt(() -> Workspaces.runOutside(() -> training.search(search, batch)));
    return search;
  }
}
