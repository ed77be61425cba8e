package io.github.tensorboard4j.tool.torchexport;

import java.util.HashMap;
import java.util.Map;

/**
 * The scopes of PyTorch's modules. A module's path, {@code features.0}, is its scope, {@code features/0_Conv2d}: a mere
 * number says nothing, so the module's class stands behind it.
 */
public final class ModuleScopes {

  private final Map<String, String> classes = new HashMap<>();

  /** Creates scopes of modules whose classes are not known. */
  public ModuleScopes() {}

  /**
   * Notes a module's class, unless it is known already.
   *
   * @param module the module's path
   * @param type its class, with or without the package
   */
  public void add(String module, String type) {
    classes.putIfAbsent(module, type.substring(type.lastIndexOf('.') + 1));
  }

  /**
   * Returns a module's scope.
   *
   * @param module the module's path, empty for the model itself
   * @return the scope, empty for the model itself
   */
  public String of(String module) {
    if (module.isEmpty()) {
      return "";
    }
    int dot = module.lastIndexOf('.');
    String own = module.substring(dot + 1);
    String type = classes.get(module);
    String named = type != null && own.chars().allMatch(Character::isDigit) ? own + '_' + type : own;
    return dot < 0 ? named : of(module.substring(0, dot)) + '/' + named;
  }
}
