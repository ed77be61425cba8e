package io.github.tensorboard4j.dl4j.internal;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Translates Deeplearning4j's names of functions to the field's. */
public final class OpNames {

  private static final Map<String, String> ACTIVATIONS = Map.ofEntries(
      Map.entry("ReLU", "Relu"), Map.entry("ReLU6", "Relu6"), Map.entry("LReLU", "LeakyRelu"),
      Map.entry("RReLU", "RandomizedRelu"), Map.entry("PReLU", "PRelu"), Map.entry("ThresholdedReLU", "ThresholdedRelu"),
      Map.entry("TanH", "Tanh"), Map.entry("HardTanH", "HardTanh"), Map.entry("ELU", "Elu"), Map.entry("SELU", "Selu"),
      Map.entry("GELU", "Gelu"), Map.entry("SoftPlus", "Softplus"), Map.entry("SoftSign", "Softsign"));

  private static final Map<String, String> LOSSES = Map.ofEntries(
      Map.entry("MCXENT", "CategoricalCrossEntropy"), Map.entry("SparseMCXENT", "SparseCategoricalCrossEntropy"),
      Map.entry("BinaryXENT", "BinaryCrossEntropy"), Map.entry("MSE", "MeanSquaredError"),
      Map.entry("MAE", "MeanAbsoluteError"), Map.entry("MAPE", "MeanAbsolutePercentageError"),
      Map.entry("MSLE", "MeanSquaredLogarithmicError"), Map.entry("KLD", "KullbackLeiblerDivergence"),
      Map.entry("L1", "SumOfAbsoluteErrors"), Map.entry("L2", "SumOfSquaredErrors"),
      Map.entry("CosineProximity", "CosineSimilarity"));

  private OpNames() {}

  /**
   * Returns the simple name of the class of a function, which has none if its class is anonymous: then its kind.
   *
   * @param function an updater, loss or activation
   * @param kind what to call it without a name
   * @return the name, never empty
   */
  public static String ofClass(Object function, String kind) {
    String own = function.getClass().getSimpleName();
    return own.isEmpty() ? kind : own;
  }

  /** Returns the operation's name; null for the identity, which is not drawn. */
  static @Nullable String activation(@Nullable IActivation activation) {
    if (activation == null || activation instanceof ActivationIdentity) {
      return null;
    }
    String own = ofClass(activation, "Activation").replaceFirst("^Activation(?=.)", "");
    return ACTIVATIONS.getOrDefault(own, own);
  }

  /** Returns the operation's name, {@code Loss} for what has none of its own. */
  static String loss(@Nullable ILossFunction loss) {
    if (loss == null) {
      return "Loss";
    }
    String own = ofClass(loss, "Loss").replaceFirst("^Loss(?=.)", "");
    return LOSSES.getOrDefault(own, own);
  }
}
