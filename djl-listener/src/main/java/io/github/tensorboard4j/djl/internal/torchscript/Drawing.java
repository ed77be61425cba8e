package io.github.tensorboard4j.djl.internal.torchscript;

import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.djl.internal.torchscript.Unpickler.Module;
import io.github.tensorboard4j.djl.internal.torchscript.Unpickler.Tensor;
import io.github.tensorboard4j.djl.internal.torchscript.Values.Source;
import io.github.tensorboard4j.graph.Attribute;
import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.graph.OperationBuilder;
import io.github.tensorboard4j.graph.Output;
import io.github.tensorboard4j.graph.TensorShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Draws parameters and operations, each in the scope of its module. */
final class Drawing {

  private final ModelGraph.Builder graph = ModelGraph.builder();
  private final ModuleTree tree;
  private final UnaryOperator<String> scopes;

  /** For an object of a class of the code the path of the module that made it. */
  private final Map<Module, String> makers = new IdentityHashMap<>();

  private final Map<Tensor, Output> tensors = new IdentityHashMap<>();
  private final Map<Source, Output> sources = new IdentityHashMap<>();

  /** For a view of a tensor the tensor, as far as the code writes into views. */
  private final Map<Output, Output> viewed = new HashMap<>();

  /** For a tensor that was written into what it is since. */
  private final Map<Output, Output> written = new HashMap<>();

  /** Begins a drawing; {@code scopes} makes the scope of a module of its path. */
  Drawing(ModuleTree tree, UnaryOperator<String> scopes) {
    this.tree = tree;
    this.scopes = scopes;
  }

  private String path(Module module) {
    String path = tree.paths.get(module);
    return path == null ? makers.getOrDefault(module, "") : path;
  }

  private String inside(String module, String name) {
    String scope = scopes.apply(module);
    return scope.isEmpty() ? name : scope + '/' + name;
  }

  /** Makes an object of a class of the code; what its methods do is drawn in the module that made it. */
  Module object(Module maker, String type) {
    Module made = new Module(type, new LinkedHashMap<>());
    makers.put(made, path(maker));
    return made;
  }

  /** Draws what the model takes. */
  Output input(String name, TensorShape shape) {
    return graph.root().placeholder(name, DType.UNKNOWN, shape);
  }

  /**
   * Draws a call of a function of torch.
   *
   * @param self the module whose code calls it
   */
  Output operation(Module self, String function, List<Object> arguments) {
    String op = AtenNames.operation(function);
    List<Output> inputs = new ArrayList<>();
    arguments.forEach(argument -> collect(self, argument, inputs));
    OperationBuilder operation = graph.root().operation(op, inside(path(self), op));
    for (int i = 0; i < arguments.size(); i++) {
      if (isSetting(arguments.get(i))) {
        operation.attribute("argument_" + i, Attribute.of(String.valueOf(arguments.get(i))));
      }
    }
    Output result = operation.input(inputs.toArray(Output[]::new)).add();
    if (!inputs.isEmpty() && arguments.get(0) instanceof Output) {
      if (Functions.isView(function)) {
        viewed.put(result, inputs.get(0));
      } else if (Functions.writes(function)) {
        for (Output tensor = inputs.get(0); tensor != null; tensor = viewed.get(tensor)) {
          written.put(tensor, result);
        }
      }
    }
    return result;
  }

  private Output sinceWritten(Output tensor) {
    Output latest = tensor;
    while (written.containsKey(latest)) {
      latest = written.get(latest);
    }
    return latest;
  }

  private static boolean isSetting(Object argument) {
    boolean numbers = argument instanceof List<?> list && list.stream().allMatch(Number.class::isInstance);
    return numbers || argument instanceof Number || argument instanceof Boolean || argument instanceof String;
  }

  private void collect(Module self, Object argument, List<Output> inputs) {
    if (argument instanceof Output output) {
      inputs.add(sinceWritten(output));
    } else if (argument instanceof Tensor tensor) {
      inputs.add(tensor(tensor));
    } else if (argument instanceof Source source) {
      Output there = sources.get(source);
      sources.put(source, there == null ? operation(self, source.function(), source.arguments()) : there);
      inputs.add(sources.get(source));
    } else if (argument instanceof List<?> list) {
      list.forEach(item -> collect(self, item, inputs));
    } else if (argument instanceof Map<?, ?> map) {
      map.values().forEach(item -> collect(self, item, inputs));
    }
  }

  /** A tensor of the archive: a parameter if a module has it, else a constant. */
  private Output tensor(Tensor tensor) {
    Output there = tensors.get(tensor);
    if (there == null) {
      String name = tree.names.get(tensor);
      there = name == null
          ? graph.root().operation("Const", "constant").output(tensor.type()).add()
          : graph.root().parameter(parameter(name)).frameworkName(name).type(tensor.type())
              .trainable(tensor.trained()).add();
      tensors.put(tensor, there);
    }
    return there;
  }

  private String parameter(String name) {
    int dot = name.lastIndexOf('.');
    return inside(name.substring(0, Math.max(dot, 0)), name.substring(dot + 1));
  }

  /**
   * Draws the parameters that no operation reads, but for mere counters of training, and returns the graph.
   *
   * @param inputs what the model takes
   * @param result what its forward returned
   */
  ScriptGraph end(List<Output> inputs, Object result) {
    List<Output> results = new ArrayList<>();
    collect(tree.root, result, results);
    tree.names.entrySet().stream().filter(tensor -> !tensor.getValue().endsWith("num_batches_tracked"))
        .sorted(Map.Entry.comparingByValue()).forEach(tensor -> tensor(tensor.getKey()));
    Map<Integer, String> parameters = new HashMap<>();
    tensors.forEach((tensor, output) -> {
      String name = tree.names.get(tensor);
      if (name != null) {
        parameters.put(output.node(), name);
      }
    });
    return new ScriptGraph(graph.build(), parameters, inputs, results);
  }
}
