package io.github.tensorboard4j.tool.onnx;

import io.github.tensorboard4j.tool.onnx.OnnxModel.Operation;
import io.github.tensorboard4j.tool.torchexport.CallNames;
import io.github.tensorboard4j.tool.torchexport.ModuleScopes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names the operations of PyTorch's exports, which bear running numbers, after the modules that they come from: the
 * exporter notes at each operation the path of its module and the function in there that it is a part of.
 */
final class TorchNames {

  private static final String SCOPES = "pkg.torch.onnx.name_scopes";
  private static final String CLASSES = "pkg.torch.onnx.class_hierarchy";
  private static final String NAMESPACE = "namespace";
  private static final String REWRITTEN = "pkg.onnxscript.rewriter.rule_name";

  /** The entries of an operation's metadata that are needed here. */
  static final Set<String> KEYS = Set.of(SCOPES, CLASSES, NAMESPACE, REWRITTEN);

  private static final Pattern QUOTED = Pattern.compile("'([^']*)'");
  private static final Pattern STEP = Pattern.compile("(?:^|/)([^/:]*): ([^/]+)");

  /** Where an operation comes from. */
  private record Origin(String module, String function) {}

  private final ModuleScopes scopes = new ModuleScopes();
  private final CallNames<Operation> names = new CallNames<>(scopes);

  private TorchNames() {}

  /** Reads what is noted at the model's operations. */
  static TorchNames of(OnnxModel model) {
    TorchNames torch = new TorchNames();
    torch.read(model, new HashMap<>());
    return torch;
  }

  private void read(OnnxModel model, Map<String, Origin> producers) {
    for (Operation operation : model.operations) {
      List<String> path = path(operation);
      Origin origin = null;
      if (!path.isEmpty()) {
        int last = path.size() - 1;
        origin = new Origin(last == 0 ? "" : moduleOf(operation, path.get(last - 1)), path.get(last));
      } else if (!operation.inputs.isEmpty()) {
        origin = producers.get(operation.inputs.get(0));
      }
      if (origin != null) {
        names.add(operation, origin.module(), origin.function(), operation.op);
        for (String output : operation.outputs) {
          producers.put(output, origin);
        }
      }
      operation.bodies.values().forEach(body -> read(body, producers));
    }
  }

  /** The path to the operation, the model first and the function last; empty if the operation is not PyTorch's. */
  private List<String> path(Operation operation) {
    List<String> path = quoted(operation.metadata.getOrDefault(SCOPES, ""));
    List<String> classes = quoted(operation.metadata.getOrDefault(CLASSES, ""));
    if (path.isEmpty()) {
      classes.clear();
      Matcher step = STEP.matcher(operation.metadata.getOrDefault(NAMESPACE, ""));
      while (step.find()) {
        path.add(step.group(1));
        classes.add(step.group(2));
      }
    }
    for (int i = 0; i < Math.min(path.size(), classes.size()) - 1; i++) {
      scopes.add(path.get(i), classes.get(i));
    }
    return path;
  }

  private static List<String> quoted(String list) {
    List<String> texts = new ArrayList<>();
    Matcher text = QUOTED.matcher(list);
    while (text.find()) {
      texts.add(text.group(1));
    }
    return texts;
  }

  /**
   * A convolution with a batch normalization in it bears the normalization's module; what belongs to its weight, if that
   * is a neighbour, is the better one.
   */
  private String moduleOf(Operation operation, String module) {
    if (!operation.metadata.containsKey(REWRITTEN) || operation.inputs.size() < 2) {
      return module;
    }
    String owner = ModuleScopes.outer(operation.inputs.get(1));
    if (owner.isEmpty() || !ModuleScopes.outer(owner).equals(ModuleScopes.outer(module))) {
      return module;
    }
    scopes.add(owner, operation.op);
    return owner;
  }

  /**
   * Returns the operation's name with all its scopes.
   *
   * @param weighted whether it has parameters
   * @return the name; null if nothing is noted at the operation
   */
  String name(Operation operation, boolean weighted) {
    return names.of(operation, weighted);
  }
}
