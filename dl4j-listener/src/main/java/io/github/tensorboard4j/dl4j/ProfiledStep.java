package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.dl4j.internal.Devices;
import io.github.tensorboard4j.dl4j.internal.Workspaces;
import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.training.StepProfile;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The step of a training of which it is measured what each layer takes. The framework tells nobody when a layer runs, and what
 * stands in a network for its layers while it trains, a user may meet; so a copy of the network makes the step once more.
 */
final class ProfiledStep {

  private static final Logger LOGGER = LoggerFactory.getLogger(TensorBoardListener.class);
  private static final int PASSES = 3;

  private final Network network;
  private final long iteration;
  private final INDArray[] inputs;
  private final INDArray[] labels;

  private ProfiledStep(Network network, long iteration, INDArray[] inputs, INDArray[] labels) {
    this.network = network;
    this.iteration = iteration;
    this.inputs = inputs;
    this.labels = labels;
  }

  /** Copies the batch of the iteration under way, between its backward pass and its update, which has all of it. */
  static ProfiledStep of(Network network, long iteration) {
    return new ProfiledStep(network, iteration, copies(network.inputs()), copies(network.labels()));
  }

  private static INDArray[] copies(Map<String, INDArray> arrays) {
    INDArray[] copies = new INDArray[arrays.size()];
    Workspaces.runOutside(() -> {
      int i = 0;
      for (INDArray array : arrays.values()) {
        copies[i++] = array.dup();
      }
    });
    return copies;
  }

  long iteration() {
    return iteration;
  }

  /** Returns what each layer takes, or null if the copy can't make the step, which is logged. */
  @Nullable
  StepProfile measure() {
    Map<String, LayerClock> clocks = new LinkedHashMap<>();
    // dropout takes random numbers, and the training must not miss them
    Random random = Nd4j.getRandom();
    long root = random.rootState();
    long node = random.nodeState();
    try {
      Workspaces.runOutside(() -> network.runCopy(inputs, labels, PASSES, clocks));
    } catch (RuntimeException | LinkageError e) {
      LOGGER.info("What each layer takes is left out, for the step could not be made once more by a copy of the network: {}",
          e.toString().lines().findFirst().orElse(""));
      LOGGER.debug("can't be made once more", e);
      return null;
    } finally {
      random.setStates(root, node);
    }
    ModelGraph graph = network.graph();
    StepProfile profile = new StepProfile(Devices.current());
    clocks.forEach((layer, clock) -> profile.layer(layer, graph.lastOperation(layer).orElse(layer),
        clock.forwardNanos(), clock.backwardNanos(), clock.outputBytes(), clock.gradientBytes()));
    return profile;
  }
}
