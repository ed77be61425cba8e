package io.github.tensorboard4j.tool.onnx;

import io.github.tensorboard4j.graph.UniqueNames;
import io.github.tensorboard4j.tool.onnx.OnnxModel.Operation;
import io.github.tensorboard4j.tool.torchexport.ModuleScopes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names the operations of PyTorch's exports, which bear running numbers, after the modules that they come from: the
 * exporter notes at each operation the path of its module and the function in there that it is a part of.
 *
 * <p>A module of one operation without parameters is that operation. A function that became several operations is a
 * scope of its own, unless it is all that its module does.
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

  /** A function that a module has called. */
  private record Call(String module, String function) {}

  private final ModuleScopes scopes = new ModuleScopes();
  private final Map<Operation, Call> calls = new IdentityHashMap<>();
  private final Map<Call, List<Operation>> operations = new HashMap<>();
  private final Map<String, Set<Call>> functions = new HashMap<>();
  private final Set<String> outerModules = new HashSet<>();
  private final Map<Call, String> functionScopes = new HashMap<>();
  private final UniqueNames names = new UniqueNames();

  private TorchNames() {}

  /** Reads what is noted at the model's operations. */
  static TorchNames of(OnnxModel model) {
    TorchNames torch = new TorchNames();
    torch.read(model, new HashMap<>());
    torch.calls.forEach((operation, call) -> {
      torch.operations.computeIfAbsent(call, c -> new ArrayList<>()).add(operation);
      torch.functions.computeIfAbsent(call.module(), m -> new HashSet<>()).add(call);
      for (String outer = outer(call.module()); torch.outerModules.add(outer) && !outer.isEmpty();) {
        outer = outer(outer);
      }
    });
    torch.functions.keySet().forEach(module -> torch.names.claim(torch.scopes.of(module)));
    torch.outerModules.forEach(module -> torch.names.claim(torch.scopes.of(module)));
    return torch;
  }

  private void read(OnnxModel model, Map<String, Call> producers) {
    for (Operation operation : model.operations) {
      List<String> path = path(operation);
      Call call = null;
      if (!path.isEmpty()) {
        int last = path.size() - 1;
        call = new Call(last == 0 ? "" : moduleOf(operation, path.get(last - 1)), path.get(last));
      } else if (!operation.inputs.isEmpty()) {
        call = producers.get(operation.inputs.get(0));
      }
      if (call != null) {
        calls.put(operation, call);
        for (String output : operation.outputs) {
          producers.put(output, call);
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
    String owner = outer(operation.inputs.get(1));
    if (owner.isEmpty() || !outer(owner).equals(outer(module))) {
      return module;
    }
    scopes.add(owner, operation.op);
    return owner;
  }

  private static String outer(String module) {
    return module.substring(0, Math.max(0, module.lastIndexOf('.')));
  }

  /**
   * Returns the operation's name with all its scopes.
   *
   * @param weighted whether it has parameters
   * @return the name; null if nothing is noted at the operation
   */
  String name(Operation operation, boolean weighted) {
    Call call = calls.get(operation);
    if (call == null) {
      return null;
    }
    String scope = scopes.of(call.module());
    Set<Call> all = functions.get(call.module());
    if (!weighted && !scope.isEmpty() && !outerModules.contains(call.module()) && isOne(all, operation.op)) {
      return scope;
    }
    if (all.size() > 1 && operations.get(call).size() > 1) {
      scope = functionScopes.computeIfAbsent(call, this::functionScope);
    }
    return scope.isEmpty() ? operation.op : scope + '/' + operation.op;
  }

  /** Returns whether all calls are one and the same operation, as those of an activation used several times are. */
  private boolean isOne(Set<Call> all, String op) {
    return all.stream().map(operations::get).allMatch(own -> own.size() == 1 && own.get(0).op.equals(op));
  }

  private String functionScope(Call call) {
    String scope = scopes.of(call.module());
    String function = call.function().replaceFirst("_\\d+$", "");
    return names.claim(scope.isEmpty() ? function : scope + '/' + function);
  }
}
