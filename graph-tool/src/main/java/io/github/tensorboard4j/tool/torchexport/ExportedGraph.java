package io.github.tensorboard4j.tool.torchexport;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.tensorboard4j.djl.internal.torchscript.AtenNames;
import io.github.tensorboard4j.graph.Attribute;
import io.github.tensorboard4j.graph.GraphScope;
import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.graph.OperationBuilder;
import io.github.tensorboard4j.graph.Output;
import io.github.tensorboard4j.graph.TensorType;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Reads the graph of an archive of {@code torch.export.save}, {@code .pt2}.
 *
 * <p>The archive has each call of an operation with the modules that it comes from and the shapes of all tensors. What
 * only reckons with sizes is not drawn; the two branches of a condition are.
 */
public final class ExportedGraph {

  /** Functions that only mark a tensor. */
  private static final Set<String> MARKS = Set.of("detach_", "lift_fresh", "lift_fresh_copy");

  /** What the model holds: a parameter or buffer with the module's path before its name, or a nameless constant. */
  private record Held(String name, TensorType type, boolean trained) {

    boolean isConstant() {
      return name == null;
    }
  }

  private final ModelGraph.Builder graph = ModelGraph.builder();
  private final ModuleScopes scopes = new ModuleScopes();
  private final CallNames<JsonObject> names = new CallNames<>(scopes);
  private final Map<Held, Output> drawn = new HashMap<>();
  private final Map<String, Output> constants = new HashMap<>();
  private int calls;

  private ExportedGraph() {}

  /**
   * Returns whether an entry of a zip is an exported program.
   *
   * @param entry its name
   * @return true if it is
   */
  public static boolean isProgram(String entry) {
    return entry.matches("(.*/)?models/[^/]+\\.json") || entry.endsWith("serialized_exported_program.json");
  }

  /**
   * Reads a file.
   *
   * @param file an archive, as {@code torch.export.save} writes it
   * @return its graph
   * @throws IOException if the file can't be read or holds no exported program
   */
  public static ModelGraph read(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      ZipEntry program = zip.stream().filter(entry -> isProgram(entry.getName())).findFirst()
          .orElseThrow(() -> new IOException(file + " holds no exported program"));
      try (Reader in = new InputStreamReader(zip.getInputStream(program), StandardCharsets.UTF_8)) {
        return new ExportedGraph().draw(new Gson().fromJson(in, JsonObject.class).getAsJsonObject("graph_module"));
      }
    } catch (RuntimeException e) {
      throw new IOException("the program in " + file + " can't be read: " + e.getMessage(), e);
    }
  }

  private ModelGraph draw(JsonObject module) {
    JsonObject program = module.getAsJsonObject("graph");
    collect(program);
    Map<String, Object> values = new LinkedHashMap<>();
    for (JsonObject input : Program.objects(module.getAsJsonObject("signature"), "input_specs")) {
      input.entrySet().forEach(spec -> input(program, spec.getKey(), spec.getValue().getAsJsonObject(), values));
    }
    draw(program, graph.root(), values);
    values.values().stream().filter(Held.class::isInstance).map(Held.class::cast)
        .filter(held -> !held.isConstant() && !held.name().endsWith("num_batches_tracked"))
        .forEach(held -> output(held, ""));
    return graph.build();
  }

  private void input(JsonObject program, String kind, JsonObject spec, Map<String, Object> values) {
    JsonObject argument = spec.getAsJsonObject("arg");
    if (kind.equals("user_input")) {
      for (String tensor : Program.tensors(argument)) {
        TensorType type = Program.type(program, tensor);
        values.put(tensor, graph.root().placeholder(tensor, type.dtype(), type.shape()));
      }
    } else if (argument != null && argument.get("name") instanceof JsonPrimitive name) {
      String tensor = name.getAsString();
      JsonElement own = spec.get(kind.equals("parameter") ? "parameter_name" : "buffer_name");
      values.put(tensor, new Held(own == null ? null : own.getAsString(), Program.type(program, tensor),
          kind.equals("parameter") && Program.isTrained(program, tensor)));
    }
  }

  private void collect(JsonObject program) {
    for (JsonObject node : Program.objects(program, "nodes")) {
      List<String> stack = stack(node);
      stack.forEach(module -> scopes.add(path(module), module.substring(module.lastIndexOf(',') + 1)));
      if (!outputs(node).isEmpty() && !isInlined(node)) {
        String module = stack.isEmpty() ? "" : path(stack.get(stack.size() - 1));
        // names of tensors repeat in bodies
        names.add(node, module, String.valueOf(calls++), AtenNames.operation(function(node)));
      }
      bodies(node).values().forEach(this::collect);
    }
  }

  /** The modules that the node is in, the model first: key, path and class of each. */
  private static List<String> stack(JsonObject node) {
    JsonElement stack = node.getAsJsonObject("metadata").get("nn_module_stack");
    return stack == null ? List.of() : Arrays.stream(stack.getAsString().split(";"))
        .filter(module -> module.indexOf(',') < module.lastIndexOf(',') && !module.startsWith("_empty")).toList();
  }

  private static String path(String module) {
    return module.substring(module.indexOf(',') + 1, module.lastIndexOf(',')).replaceFirst("@\\d+$", "");
  }

  /** {@code conv2d} of {@code torch.ops.aten.conv2d.default}. */
  private static String function(JsonObject node) {
    String[] parts = node.get("target").getAsString().replaceFirst("^torch\\.ops\\.", "").split("\\.");
    return parts[Math.min(1, parts.length - 1)];
  }

  /** The tensors that a node or a body yields; a node that yields none reckons with sizes or checks something. */
  private static List<String> outputs(JsonObject owner) {
    return Program.tensors(owner, "outputs");
  }

  private static Map<String, JsonObject> bodies(JsonObject node) {
    Map<String, JsonObject> bodies = new LinkedHashMap<>();
    for (JsonObject input : Program.objects(node, "inputs")) {
      if (input.getAsJsonObject("arg").get("as_graph") instanceof JsonObject body) {
        bodies.put(body.get("name").getAsString(), body.getAsJsonObject("graph"));
      }
    }
    return bodies;
  }

  /** Returns whether the node only sets how its body is run, such as without gradients. */
  private static boolean isInlined(JsonObject node) {
    return function(node).startsWith("wrap_with_");
  }

  private void draw(JsonObject program, GraphScope scope, Map<String, Object> values) {
    for (JsonObject node : Program.objects(program, "nodes")) {
      List<String> outputs = outputs(node);
      List<Object> inputs = new ArrayList<>();
      Program.objects(node, "inputs").forEach(input -> Program.tensors(input.get("arg"))
          .forEach(tensor -> inputs.add(values.get(tensor))));
      if (isInlined(node)) {
        JsonObject body = bodies(node).values().iterator().next();
        Map<String, Object> inner = draw(body, scope, inputs);
        List<String> results = outputs(body);
        for (int i = 0; i < Math.min(outputs.size(), results.size()); i++) {
          values.put(outputs.get(i), inner.get(results.get(i)));
        }
      } else if (MARKS.contains(function(node))) {
        values.put(outputs.get(0), inputs.get(0));
      } else if (!outputs.isEmpty()) {
        operation(program, node, scope, inputs, outputs, values);
      }
    }
  }

  /** Draws a body, whose inputs are the last ones of the node that has it, and returns its values. */
  private Map<String, Object> draw(JsonObject body, GraphScope scope, List<Object> given) {
    List<String> names = Program.tensors(body, "inputs");
    Map<String, Object> inner = new HashMap<>();
    int first = Math.max(0, given.size() - names.size());
    for (int i = 0; i < Math.min(names.size(), given.size()); i++) {
      inner.put(names.get(i), given.get(first + i));
    }
    draw(body, scope, inner);
    return inner;
  }

  private void operation(JsonObject program, JsonObject node, GraphScope scope, List<Object> inputs,
      List<String> outputs, Map<String, Object> values) {
    Map<String, JsonObject> bodies = bodies(node);
    boolean weighted = bodies.isEmpty()
        && inputs.stream().anyMatch(input -> input instanceof Held held && !held.isConstant());
    String path = names.of(node, weighted);
    String parent = path.substring(0, path.lastIndexOf('/') + 1);
    OperationBuilder builder = scope.operation(AtenNames.operation(function(node)), path);
    for (Object input : bodies.isEmpty() ? inputs : inputs.stream().filter(Output.class::isInstance).toList()) {
      if (input != null) {
        builder.input(output(input, parent));
      }
    }
    for (JsonObject input : Program.objects(node, "inputs")) {
      String setting = Program.setting(input.getAsJsonObject("arg"));
      String name = input.get("name").getAsString();
      if (setting != null && !name.isEmpty()) {
        builder.attribute(name, Attribute.of(setting));
      }
    }
    outputs.forEach(tensor -> builder.output(Program.type(program, tensor)));
    Output first = builder.add();
    for (int i = 0; i < outputs.size(); i++) {
      values.put(outputs.get(i), first.sibling(i));
    }
    bodies.forEach((name, body) -> {
      GraphScope inner = scope.scope(path + '_' + name.replaceFirst("(_graph)?_\\d+$", ""));
      Map<String, Object> results = draw(body, inner, inputs);
      outputs(body).stream().distinct().map(results::get).filter(Output.class::isInstance).map(Output.class::cast)
          .forEach(result -> graph.addInput(result, first));
    });
  }

  /**
   * The output of a value, drawn if it was not yet.
   *
   * @param parent the scopes of the operation that reads it; a constant stands there
   */
  private Output output(Object value, String parent) {
    if (value instanceof Output output) {
      return output;
    }
    Held held = (Held) value;
    if (held.isConstant()) {
      return constants.computeIfAbsent(parent + System.identityHashCode(held),
          key -> graph.root().operation("Const", parent + "constant").output(held.type()).add());
    }
    return drawn.computeIfAbsent(held, key -> graph.root().parameter(scopes.parameter(held.name()))
        .frameworkName(held.name()).type(held.type()).trainable(held.trained()).add());
  }
}
