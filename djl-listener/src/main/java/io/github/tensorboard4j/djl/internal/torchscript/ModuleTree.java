package io.github.tensorboard4j.djl.internal.torchscript;

import io.github.tensorboard4j.djl.internal.torchscript.Unpickler.Module;
import io.github.tensorboard4j.djl.internal.torchscript.Unpickler.Tensor;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The modules of an archive and the tensors that they hold, each with its path from the root: {@code features.0},
 * {@code features.0.weight}.
 */
final class ModuleTree {

  final Module root;

  /** The modules by path; the root's is empty. */
  final Map<String, Module> modules = new LinkedHashMap<>();

  /** The tensors by path; one that several modules share has several. */
  final Map<String, Tensor> tensors = new LinkedHashMap<>();

  /** The first path of each module. */
  final Map<Module, String> paths = new IdentityHashMap<>();

  /** The first path of each tensor. */
  final Map<Tensor, String> names = new IdentityHashMap<>();

  ModuleTree(Module root) {
    this.root = root;
    add(root, "");
  }

  private void add(Module module, String path) {
    modules.put(path, module);
    paths.putIfAbsent(module, path);
    module.attributes().forEach((key, value) -> {
      String inner = path.isEmpty() ? key : path + '.' + key;
      if (value instanceof Module child) {
        add(child, inner);
      } else if (value instanceof Tensor tensor) {
        tensors.put(inner, tensor);
        names.putIfAbsent(tensor, inner);
      }
    });
  }
}
