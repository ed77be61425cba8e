package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.training.WeightShape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.enums.WeightsFormat;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;

/** The kernels of two-dimensional convolutions in a model: what their four dimensions mean is up to the operation that takes them. */
final class SameDiffKernels {

  /** Where an operation's integer arguments have the format of its kernels, if it has one. */
  private static final int FORMAT = 10;

  /** Says what the dimensions of kernels mean. */
  private interface Order {
    WeightShape of(INDArray values);
  }

  private final Map<String, Order> orders = new HashMap<>();

  SameDiffKernels(SameDiff model) {
    for (SameDiffOp operation : model.getOps().values()) {
      List<String> inputs = operation.getInputsToOp();
      if (inputs != null && inputs.size() > 1) {
        add(operation.getOp(), inputs);
      }
    }
  }

  private void add(DifferentialFunction function, List<String> inputs) {
    switch (function.opName()) {
      case "conv2d" -> orders.put(inputs.get(1), order(format(function)));
      case "deconv2d" -> orders.put(inputs.get(1), values -> WeightShapes.kernels(values, 2, 3, 0, 1));
      case "depthwise_conv2d" -> orders.put(inputs.get(1), SameDiffKernels::ofInputs);
      case "sconv2d" -> {
        orders.put(inputs.get(1), SameDiffKernels::ofInputs);
        if (inputs.size() > 2) {
          orders.put(inputs.get(2), order(WeightsFormat.YXIO));
        }
      }
      default -> {
        // takes no kernels of that kind
      }
    }
  }

  private static WeightShape ofInputs(INDArray values) {
    return WeightShapes.kernelsOfInputs(values, 2, 3, 0, 1);
  }

  private static WeightsFormat format(DifferentialFunction function) {
    return function instanceof CustomOp operation && operation.numIArguments() > FORMAT
        ? WeightsFormat.values()[operation.getIArgument(FORMAT).intValue()]
        : WeightsFormat.YXIO;
  }

  private static Order order(WeightsFormat format) {
    return switch (format) {
      case YXIO -> values -> WeightShapes.kernels(values, 3, 2, 0, 1);
      case OIYX -> values -> WeightShapes.kernels(values, 0, 1, 2, 3);
      case OYXI -> values -> WeightShapes.kernels(values, 0, 3, 1, 2);
    };
  }

  /** Returns how the weights of a variable lie in memory; null if they are neither a matrix nor such kernels. */
  @Nullable
  WeightShape shape(String variable, INDArray values) {
    if (values.rank() == 2) {
      return WeightShape.strided(values.shape(), values.stride());
    }
    Order order = values.rank() == 4 ? orders.get(variable) : null;
    return order == null ? null : order.of(values);
  }
}
