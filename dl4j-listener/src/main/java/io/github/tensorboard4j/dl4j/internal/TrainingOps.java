package io.github.tensorboard4j.dl4j.internal;


import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.graph.GraphScope;
import io.github.tensorboard4j.graph.Output;
import io.github.tensorboard4j.graph.TensorShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** Draws what only training has: labels, loss and optimizer. */
final class TrainingOps {

  private final GraphScope root;
  private final DType dtype;

  TrainingOps(GraphScope root, DType dtype) {
    this.root = root;
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
  record Head(String name, Output data, TensorShape shape, ILossFunction function) {}

  /** Draws the loss of all outputs and returns it; null if there is none. */
  Output loss(List<Head> heads, String labelsName, String lossName) {
    if (heads.isEmpty()) {
      return null;
    }
    if (heads.size() == 1) {
      Head head = heads.get(0);
      return loss(root.scope(lossName), head, labels(root, labelsName, head));
    }
    GraphScope labels = root.scope(labelsName);
    List<Output> placeholders = heads.stream().map(head -> labels(labels, head.name(), head)).toList();
    GraphScope scope = root.scope(lossName);
    List<Output> losses = new ArrayList<>();
    for (int i = 0; i < heads.size(); i++) {
      losses.add(loss(scope.scope(heads.get(i).name()), heads.get(i), placeholders.get(i)));
    }
    return scope.operation("Sum").input(losses.toArray(Output[]::new)).output(dtype, TensorShape.SCALAR).add();
  }

  private Output labels(GraphScope scope, String name, Head head) {
    TensorShape shape = head.shape();
    if (head.function() instanceof LossSparseMCXENT && shape.isKnown() && shape.rank() > 1) {
      long[] sizes = shape.sizes();
      sizes[1] = 1;
      shape = TensorShape.of(sizes);
    }
    return scope.placeholder(name, dtype, shape);
  }

  private Output loss(GraphScope scope, Head head, Output labels) {
    String op = OpNames.loss(head.function());
    Output each = scope.operation(op, op.replaceFirst("^(Sparse)?Categorical(?=.)", ""))
        .input(head.data(), labels)
        .output(dtype, TensorShape.of(TensorShape.UNKNOWN_SIZE))
        .add();
    return scope.operation("Mean").input(each).output(dtype, TensorShape.SCALAR).add();
  }

  /**
   * Draws the optimizer, under its own name or as one of several. It hangs on the loss alone: edges to every
   * parameter would be a bundle that hides the model.
   *
   * @param updaters the different updaters of the network's parameters
   * @param losses what is minimized
   * @param trained the number of trained parameter elements
   */
  void optimizer(Set<IUpdater> updaters, List<Output> losses, long trained) {
    if (updaters.isEmpty()) {
      return;
    }
    GraphScope scope =
        root.scope(updaters.size() == 1 ? OpNames.updater(updaters.iterator().next()) : "optimizer");
    Output gradients = scope.operation("Gradients", "gradients").input(losses.toArray(Output[]::new))
        .output(dtype, TensorShape.of(trained)).add();
    for (IUpdater updater : updaters) {
      GraphScope own = updaters.size() == 1 ? scope : scope.scope(OpNames.updater(updater));
      var apply = own.operation("Apply" + OpNames.updater(updater), "Apply").input(gradients);
      settings(own, updater).forEach(apply::input);
      apply.output(dtype, TensorShape.of(updaters.size() == 1 ? trained : TensorShape.UNKNOWN_SIZE)).add();
    }
  }

  /**
   * The updater's numbers, such as its learning rate, as constants; a schedule shows its value at the first
   * iteration.
   */
  private static List<Output> settings(GraphScope scope, IUpdater updater) {
    List<Output> settings = new ArrayList<>();
    if (Boolean.TRUE.equals(Facts.orNull(updater::hasLearningRate))) {
      Double rate = Facts.orNull(() -> updater.getLearningRate(0, 0));
      if (rate != null) {
        settings.add(scope.constant("learning_rate", rate));
      }
    }
    Settings.of(updater).forEach((key, value) -> {
      if (value instanceof Double number && !key.equals("learning_rate")) {
        settings.add(scope.constant(key, number));
      }
    });
    return settings;
  }

  /** The function by which an output layer is trained; null if it has none that can be named. */
  static ILossFunction lossOf(Layer layer) {
    if (layer instanceof BaseOutputLayer output) {
      return output.getLossFn();
    }
    if (layer instanceof LossLayer loss) {
      return loss.getLossFn();
    }
    if (layer instanceof RnnLossLayer loss) {
      return loss.getLossFn();
    }
    if (layer instanceof CnnLossLayer loss) {
      return loss.getLossFn();
    }
    return layer instanceof Cnn3DLossLayer loss ? loss.getLossFn() : null;
  }
}
