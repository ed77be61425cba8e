package io.github.tensorboard4j.dl4j;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A variable that a model's optimizer changes.
 *
 * @param layer the scope that it is in, by which TensorBoard groups it; {@code variables} if it is in none
 * @param name its name in that scope
 * @param variable the variable
 */
record SameDiffParameter(String layer, String name, SDVariable variable) {

  private static final String WITHOUT_SCOPE = "variables";

  /** Returns all of a model, in the order in which they were made. */
  static List<SameDiffParameter> of(SameDiff model) {
    String withoutScope = WITHOUT_SCOPE;
    while (hasScope(model, withoutScope)) {
      withoutScope += '_';
    }
    List<SameDiffParameter> parameters = new ArrayList<>();
    for (SDVariable variable : model.variables()) {
      if (variable.getVariableType() == VariableType.VARIABLE && variable.dataType().isFPType()) {
        parameters.add(of(variable, withoutScope));
      }
    }
    return parameters;
  }

  private static boolean hasScope(SameDiff model, String scope) {
    return model.variables().stream().anyMatch(variable -> variable.name().startsWith(scope + '/'));
  }

  private static SameDiffParameter of(SDVariable variable, String withoutScope) {
    String path = variable.name();
    int slash = path.lastIndexOf('/');
    return slash > 0 && slash < path.length() - 1
        ? new SameDiffParameter(path.substring(0, slash), path.substring(slash + 1), variable)
        : new SameDiffParameter(withoutScope, path, variable);
  }

  /** Returns its elements in the framework's memory, null if it has none yet. */
  @Nullable
  INDArray values() {
    return variable.getArr();
  }
}
