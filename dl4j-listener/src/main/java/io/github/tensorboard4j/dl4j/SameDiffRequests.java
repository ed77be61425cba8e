package io.github.tensorboard4j.dl4j;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ops.impl.controlflow.compat.BaseCompatOp;

/**
 * What a listener asks a model to compute in training: its losses, which the framework otherwise leaves out, for no gradient needs
 * them, and reports to be 0; and, in the iterations where they are recorded, the activations that the user has named. Asked for is
 * only what the model can compute of what it is trained with: so no request makes a training fail.
 */
final class SameDiffRequests {

  /** The framework's names of activation functions. */
  private static final Set<String> ACTIVATION_FUNCTIONS = Set.of("relu", "relu6", "relu_layer", "thresholdedrelu",
      "leakyrelu",
      "prelu", "elu", "selu", "gelu", "precise_gelu", "crelu", "tanh", "hardtanh", "hard_tanh", "rationaltanh",
      "rational_tanh",
      "rectifiedtanh", "rectified_tanh", "sigmoid", "hard_sigmoid", "hardsigmoid", "softplus", "softsign", "swish", "mish");

  private final TrainingConfig config;
  private final Set<String> activations;
  private final List<String> always;
  private final List<String> withActivations;
  private @Nullable List<String> current;

  private SameDiffRequests(TrainingConfig config, Set<String> activations, List<String> always,
      List<String> withActivations) {
    this.config = config;
    this.activations = activations;
    this.always = always;
    this.withActivations = withActivations;
  }

  /**
   * Finds out what to ask for.
   *
   * @param model the model
   * @param config its configuration
   * @param losses the names of its losses
   * @param named the names of the variables that the user wants recorded as activations; if there are none, the results of
   *     activation functions are, as far as the training computes them anyway
   */
  static SameDiffRequests of(SameDiff model, TrainingConfig config, List<String> losses, List<String> named) {
    Set<String> activations = named.isEmpty() ? resultsOfActivationFunctions(model) : new LinkedHashSet<>(named);
    if (!fed(config).containsAll(model.inputs())) {
      return new SameDiffRequests(config, activations, List.of(), List.of());
    }
    List<String> withActivations = new ArrayList<>(losses);
    named.stream().filter(name -> mayAsk(model, name)).forEach(withActivations::add);
    return new SameDiffRequests(config, activations, losses, withActivations);
  }

  private static Set<String> resultsOfActivationFunctions(SameDiff model) {
    Set<String> results = new LinkedHashSet<>();
    for (SameDiffOp operation : model.getOps().values()) {
      if (operation.getOutputsOfOp() != null && ACTIVATION_FUNCTIONS.contains(operation.getOp().opName())) {
        results.addAll(operation.getOutputsOfOp());
      }
    }
    return results;
  }

  /** Returns the names of the placeholders that a batch fills. */
  private static Set<String> fed(TrainingConfig config) {
    Set<String> fed = new HashSet<>();
    addAll(fed, config.getDataSetFeatureMapping());
    addAll(fed, config.getDataSetLabelMapping());
    addAll(fed, config.getDataSetFeatureMaskMapping());
    addAll(fed, config.getDataSetLabelMaskMapping());
    return fed;
  }

  private static void addAll(Set<String> all, @Nullable List<String> names) {
    if (names != null) {
      all.addAll(names);
    }
  }

  /** Returns whether a model has a variable, and can compute it: what is in a branch that isn't taken, or in a loop, it can't. */
  static boolean mayAsk(SameDiff model, String name) {
    return isComputed(model, name)
        && model.getOps().values().stream().noneMatch(operation -> operation.getOp() instanceof BaseCompatOp);
  }

  private static boolean isComputed(SameDiff model, String name) {
    SDVariable variable = model.hasVariable(name) ? model.getVariable(name) : null;
    return variable != null && variable.getVariableType() == VariableType.ARRAY;
  }

  /** Returns the names of those variables that the model doesn't compute. */
  static List<String> unknown(SameDiff model, List<String> named) {
    return named.stream().filter(name -> !isComputed(model, name)).toList();
  }

  /** Returns whether a variable is recorded as an activation. */
  boolean isActivation(String name) {
    return activations.contains(name);
  }

  /** Asks for what the next iteration is to compute. */
  void renew(Object asker, boolean activationsAreDue) {
    List<String> wanted = activationsAreDue ? withActivations : always;
    if (wanted != current || !RequestedVariables.isAsked(config, asker)) {
      current = wanted;
      RequestedVariables.request(config, asker, wanted);
    }
  }

  void withdraw(Object asker) {
    current = null;
    RequestedVariables.withdraw(config, asker);
  }
}
