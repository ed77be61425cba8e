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
    String own = last(module);
    String type = classes.get(module);
    return inside(outer(module), type != null && own.chars().allMatch(Character::isDigit) ? own + '_' + type : own);
  }

  /**
   * Returns the name, with all its scopes, of what is in a module.
   *
   * @param module the module's path, empty for the model itself
   * @param name the name within the module's scope
   * @return the name with the scope before it
   */
  public String inside(String module, String name) {
    return module.isEmpty() ? name : of(module) + '/' + name;
  }

  /**
   * Returns the name, with all its scopes, of a parameter.
   *
   * @param path the module's path and the parameter's own name, {@code features.0.weight}
   * @return the name, {@code features/0_Conv2d/weight}
   */
  public String parameter(String path) {
    return inside(outer(path), last(path));
  }

  /**
   * Returns the path of the module that holds a module or a parameter.
   *
   * @param path the path of what it holds
   * @return its path, empty for the model itself
   */
  public static String outer(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('.')));
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }
}
