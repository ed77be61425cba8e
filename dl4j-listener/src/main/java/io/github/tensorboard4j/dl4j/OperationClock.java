package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.dl4j.internal.Devices;
import io.github.tensorboard4j.dl4j.internal.SameDiffWalker;
import io.github.tensorboard4j.training.StepProfile;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Measures what the operations of one iteration take, of which SameDiff tells before and after each. Not thread-safe. */
final class OperationClock {

  /** What an operation has taken, in a loop in all of its turns together. */
  private static final class Cost {
    private final boolean forward;
    private long nanos;
    private long bytes;

    Cost(boolean forward) {
      this.forward = forward;
    }
  }

  private final SameDiff model;
  private final Map<String, Cost> costs = new LinkedHashMap<>();
  private long start;

  OperationClock(SameDiff model) {
    this.model = model;
  }

  void start() {
    start = System.nanoTime();
  }

  void stop(SameDiffOp operation, @Nullable INDArray @Nullable [] results) {
    // a GPU goes on when the call has returned
    Nd4j.getExecutioner().commit();
    long nanos = Math.max(1, System.nanoTime() - start);
    boolean forward = model.getOps().containsKey(operation.getName());
    Cost cost = costs.computeIfAbsent(SameDiffWalker.nodeName(operation, forward), node -> new Cost(forward));
    cost.nanos += nanos;
    cost.bytes = 0;
    for (int i = 0; results != null && i < results.length; i++) {
      INDArray result = results[i];
      cost.bytes += result == null ? 0 : result.length() * result.dataType().width();
    }
  }

  StepProfile profile() {
    StepProfile profile = new StepProfile(Devices.current());
    costs.forEach((node, cost) -> {
      if (cost.forward) {
        profile.layer(node, node, cost.nanos, 0, cost.bytes, 0);
      } else {
        profile.layer(node, node, 0, cost.nanos, 0, cost.bytes);
      }
    });
    return profile;
  }
}
