package io.github.tensorboard4j.dl4j.internal;

import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.graph.Attribute;
import io.github.tensorboard4j.graph.GraphScope;
import io.github.tensorboard4j.graph.Output;
import io.github.tensorboard4j.graph.TensorShape;
import io.github.tensorboard4j.graph.TensorType;
import io.github.tensorboard4j.graph.TrainingBuilder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** Draws what only training has in a network of this framework: labels, losses and updaters. */
final class TrainingOps {

  private final TrainingBuilder training;
  private final DType dtype;

  TrainingOps(GraphScope root, DType dtype) {
    this.training = root.training();
    this.dtype = dtype;
  }

  /**
   * An output that is trained against labels.
   *
   * @param name the output layer's name
   * @param data its activations
   * @param shape their shape
   * @param function the loss, or null if it has none of its own that can be named
   */
  record Head(String name, Output data, TensorShape shape, @Nullable ILossFunction function) {}

  /** Adds an output; its loss is computed for each example. */
  void head(Head head) {
    training.output(head.name()).predictions(head.data()).labels(TensorType.of(dtype, labels(head)))
        .loss(OpNames.loss(head.function())).lossType(TensorType.of(dtype, TensorShape.of(TensorShape.UNKNOWN_SIZE))).add();
  }

  private static TensorShape labels(Head head) {
    TensorShape shape = head.shape();
    if (!(head.function() instanceof LossSparseMCXENT) || !shape.isKnown() || shape.rank() < 2) {
      return shape;
    }
    long[] sizes = shape.sizes();
    sizes[1] = 1;
    return TensorShape.of(sizes);
  }

  /** Adds a loss that the model has drawn already. */
  void loss(Output loss) {
    training.loss(loss);
  }

  /**
   * Adds the optimizer.
   *
   * @param updaters the different updaters of the network's parameters
   * @param trained the number of trained parameter elements
   */
  void optimizer(Set<IUpdater> updaters, long trained) {
    training.gradients(dtype, trained);
    updaters.forEach(updater -> training.optimizer(OpNames.ofClass(updater, "Optimizer"), settings(updater)));
  }

  void add() {
    training.add();
  }

  /** Returns the updater's numbers, such as its learning rate; a schedule shows its value at the first iteration. */
  private static Map<String, Attribute> settings(IUpdater updater) {
    Map<String, Attribute> settings = new LinkedHashMap<>();
    if (Boolean.TRUE.equals(ForeignCall.orNull(updater::hasLearningRate))) {
      Double rate = ForeignCall.orNull(() -> updater.getLearningRate(0, 0));
      if (rate != null) {
        settings.put("learning_rate", Attribute.of(rate));
      }
    }
    Settings.of(updater).forEach((key, value) -> {
      if (value instanceof Double number && !key.equals("learning_rate")) {
        settings.put(key, Attribute.of(number));
      }
    });
    return settings;
  }
}
