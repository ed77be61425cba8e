package io.github.tensorboard4j.tool.torchscript;

import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.graph.Attribute;
import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.graph.OperationBuilder;
import io.github.tensorboard4j.graph.Output;
import io.github.tensorboard4j.graph.TensorShape;
import io.github.tensorboard4j.tool.torchscript.TorchScriptCode.Function;
import io.github.tensorboard4j.tool.torchscript.TorchScriptCode.Line;
import io.github.tensorboard4j.tool.torchscript.Unpickler.Module;
import io.github.tensorboard4j.tool.torchscript.Unpickler.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Reads the graph of a TorchScript archive.
 *
 * <p>The code in the archive is followed from the root module's {@code forward}, with tensors that are only
 * names: each call of torch that takes a tensor is drawn as an operation, in the scope of the module whose
 * method it is in. Numbers and conditions are worked out where they are fixed. Where a condition is not, both
 * branches are drawn, and a Merge where they differ; the body of a loop is drawn once; a check that only
 * raises an error is left out. There is no shape but that of the parameters.
 */
public final class TorchScriptGraph {

  /** A value that is no tensor and not known before the model runs. */
  private static final Object UNKNOWN = new Object();

  private static final int DEEPEST = 500;

  /** Functions of tensors that yield none. */
  private static final Set<String> NO_TENSORS = Set.of("dim", "size", "len", "format", "dtype", "device", "layout",
      "is_cuda", "__is__", "__isnot__", "__not__", "__contains__", "IntImplicit", "FloatImplicit", "ScalarImplicit",
      "item", "numel", "is_floating_point", "warn", "RaiseException");

  /** Functions that make tensors of numbers. */
  private static final Set<String> SOURCES =
      Set.of("zeros", "ones", "full", "empty", "arange", "tensor", "rand", "randn", "linspace", "eye");

  private record Reference(String name) {}

  private record Method(Module module, String name) {}

  /** A tensor made of numbers; drawn when it is used. */
  private record Source(String function, List<Object> arguments) {

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  private final TorchScriptCode code;
  private final ModelGraph.Builder graph = ModelGraph.builder();
  private final Map<Module, String> paths = new IdentityHashMap<>();
  private final Map<Tensor, String> names = new IdentityHashMap<>();
  private final Map<Tensor, Output> drawn = new IdentityHashMap<>();
  private final Map<Source, Output> sources = new IdentityHashMap<>();
  private int depth;

  private TorchScriptGraph(TorchScriptCode code) {
    this.code = code;
  }

  /**
   * Reads a file.
   *
   * @param file a TorchScript archive, as {@code torch.jit.save} writes it
   * @return its graph
   * @throws IOException if the file can't be read, is no TorchScript archive, or has code that can't be
   *     followed
   */
  public static ModelGraph read(Path file) throws IOException {
    TorchScriptCode code = TorchScriptCode.read(file);
    try {
      return new TorchScriptGraph(code).draw();
    } catch (RuntimeException e) {
      throw new IOException("the code in " + file + " can't be followed: " + e.getMessage(), e);
    }
  }

  private ModelGraph draw() {
    name(code.root, "");
    Function forward = code.functions.get(code.root.type() + ".forward");
    if (forward == null) {
      throw new IllegalArgumentException("the root module has no method forward");
    }
    List<Object> arguments = new ArrayList<>(List.of(code.root));
    forward.parameters().forEach((name, type) -> {
      if (arguments.size() > 1 || !name.equals("self")) {
        arguments.add(argument(name, type));
      }
    });
    run(code.root, forward, arguments);
    names.keySet().stream().filter(t -> !drawn.containsKey(t)).sorted((a, b) -> names.get(a).compareTo(names.get(b)))
        .toList().forEach(this::parameter);
    return graph.build();
  }

  private void name(Module module, String path) {
    if (paths.putIfAbsent(module, path) != null) {
      return;
    }
    module.attributes().forEach((key, value) -> {
      String inner = path.isEmpty() ? key : path + '/' + key;
      if (value instanceof Module child) {
        name(child, inner);
      } else if (value instanceof Tensor tensor) {
        names.putIfAbsent(tensor, inner);
      }
    });
  }

  private Object argument(String name, String type) {
    if (type.startsWith("Tensor")) {
      return graph.root().placeholder(name, DType.UNKNOWN, TensorShape.UNKNOWN);
    }
    if (type.startsWith("List[Tensor]")) {
      return List.of(graph.root().placeholder(name, DType.UNKNOWN, TensorShape.UNKNOWN));
    }
    return type.contains("=None") ? Unpickler.NONE : UNKNOWN;
  }

  private Output parameter(Tensor tensor) {
    Output there = drawn.get(tensor);
    if (there == null) {
      String name = names.getOrDefault(tensor, "constant");
      there = names.containsKey(tensor)
          ? graph.root().parameter(name, name.replace('/', '.'), tensor.type().dtype(), tensor.type().shape(),
              tensor.trained())
          : graph.root().operation("Const", name).output(tensor.type()).add();
      drawn.put(tensor, there);
    }
    return there;
  }

  private Object run(Module self, Function function, List<Object> arguments) {
    if (++depth > DEEPEST) {
      throw new IllegalArgumentException("its calls are nested deeper than " + DEEPEST);
    }
    try {
      return new Frame(self, function, arguments).block(function.body());
    } finally {
      depth--;
    }
  }

  /** A call of a function under way: its variables, and what its expressions mean. */
  private final class Frame implements TorchScriptExpression.Meaning {

    private final Module self;
    private final Map<String, Object> variables = new HashMap<>();

    Frame(Module self, Function function, List<Object> arguments) {
      this.self = self;
      int i = 0;
      for (Map.Entry<String, String> parameter : function.parameters().entrySet()) {
        int equals = parameter.getValue().indexOf('=');
        variables.put(parameter.getKey(), i < arguments.size() ? arguments.get(i)
            : equals < 0 ? UNKNOWN : evaluate(parameter.getValue().substring(equals + 1)));
        i++;
      }
    }

    private Object evaluate(String text) {
      return TorchScriptExpression.evaluate(text, this);
    }

    /**
     * Runs lines of one indentation with all that is nested in them; returns null if nothing was returned.
     */
    Object block(List<Line> lines) {
      Object result = null;
      for (int i = 0; i < lines.size(); ) {
        int end = end(lines, i);
        String text = lines.get(i).text();
        List<Line> nested = lines.subList(i + 1, end);
        Object returned = null;
        if (text.startsWith("return ")) {
          returned = evaluate(text.substring(7));
        } else if (text.startsWith("if ")) {
          boolean hasElse = end < lines.size() && lines.get(end).text().equals("else:");
          int endOfElse = hasElse ? end(lines, end) : end;
          List<Line> otherwise = hasElse ? lines.subList(end + 1, endOfElse) : List.of();
          returned = branch(evaluate(text.substring(3, text.length() - 1)), nested, otherwise);
          end = endOfElse;
        } else if (text.startsWith("for ")) {
          variables.put(text.substring(4, text.indexOf(" in ")).trim(), UNKNOWN);
          returned = block(nested);
        } else if (text.startsWith("while ") || text.startsWith("with ")) {
          returned = block(nested);
        } else if (!text.equals("pass") && !text.startsWith("assert ")) {
          statement(text);
        }
        result = returned == null ? result : returned;
        i = end;
      }
      return result;
    }

    private int end(List<Line> lines, int begin) {
      int end = begin + 1;
      while (end < lines.size() && lines.get(end).indent() > lines.get(begin).indent()) {
        end++;
      }
      return end;
    }

    private Object branch(Object condition, List<Line> then, List<Line> otherwise) {
      if (condition instanceof Boolean known) {
        return block(known ? then : otherwise);
      }
      if (onlyRaises(then) || onlyRaises(otherwise)) {
        return block(onlyRaises(then) ? otherwise : then);
      }
      Map<String, Object> before = new HashMap<>(variables);
      Object first = block(then);
      Map<String, Object> after = new HashMap<>(variables);
      variables.clear();
      variables.putAll(before);
      Object second = block(otherwise);
      after.forEach((name, value) -> variables.merge(name, value, (b, a) -> merged(a, b)));
      return first == null || second == null ? (first == null ? second : first) : merged(first, second);
    }

    private Object merged(Object first, Object second) {
      if (Objects.equals(first, second)) {
        return first;
      }
      if (first instanceof List<?> a && second instanceof List<?> b && a.size() == b.size()) {
        List<Object> both = new ArrayList<>();
        for (int i = 0; i < a.size(); i++) {
          both.add(merged(a.get(i), b.get(i)));
        }
        return both;
      }
      boolean tensors = isTensor(first) && isTensor(second);
      if (tensors) {
        return operation("Merge", List.of(first, second));
      }
      return isTensor(first) ? first : isTensor(second) ? second : UNKNOWN;
    }

    /** Whether the lines raise an error in any case, and not only within a further branch. */
    private boolean onlyRaises(List<Line> lines) {
      return lines.stream().anyMatch(line -> line.indent() == lines.get(0).indent()
          && line.text().startsWith("ops.prim.RaiseException"));
    }

    private void statement(String text) {
      int equals = text.indexOf(" = ");
      boolean assigns = equals > 0 && text.substring(0, equals).matches("[\\w, .()]+( ?: ?.*)?");
      if (!assigns) {
        evaluate(text);
        return;
      }
      Object value = evaluate(text.substring(equals + 3));
      String left = text.substring(0, equals).replaceFirst(" : .*", "");
      List<String> targets = TorchScriptCode.split(left);
      for (int i = 0; i < targets.size(); i++) {
        boolean several = targets.size() > 1 || left.trim().endsWith(",");
        variables.put(targets.get(i), several ? item(value, (long) i) : value);
      }
    }

    @Override
    public Object name(String name) {
      if (variables.containsKey(name)) {
        return variables.get(name);
      }
      return switch (name) {
        case "True" -> true;
        case "False" -> false;
        case "None" -> Unpickler.NONE;
        default -> new Reference(name);
      };
    }

    @Override
    public Object attribute(Object owner, String name) {
      if (owner instanceof Module module) {
        return module.attributes().containsKey(name) ? module.attributes().get(name) : new Method(module, name);
      }
      if (owner instanceof Reference reference) {
        return reference.name().equals("CONSTANTS") ? constant(name) : new Reference(reference.name() + '.' + name);
      }
      return UNKNOWN;
    }

    private Object constant(String name) {
      int index = Integer.parseInt(name.substring(1));
      return index < code.constants.size() ? code.constants.get(index) : UNKNOWN;
    }

    @Override
    public Object item(Object owner, Object index) {
      if (owner instanceof List<?> list && index instanceof Long i) {
        int place = (int) (i < 0 ? i + list.size() : i);
        return place >= 0 && place < list.size() ? list.get(place) : UNKNOWN;
      }
      return owner instanceof Output output && index instanceof Long i && i >= 0 ? output.output(i.intValue()) : UNKNOWN;
    }

    @Override
    public Object call(Object function, List<Object> arguments) {
      if (function instanceof Method method) {
        return method(method, arguments);
      }
      if (!(function instanceof Reference reference)) {
        return UNKNOWN;
      }
      Function defined = code.functions.get(reference.name());
      if (defined != null) {
        return orNone(run(self, defined, arguments));
      }
      String own = reference.name().substring(reference.name().lastIndexOf('.') + 1);
      return reference.name().contains(".") ? torch(own, arguments) : builtin(own, arguments);
    }

    private Object method(Method method, List<Object> arguments) {
      Function function = code.functions.get(method.module().type() + '.' + method.name());
      if (function == null) {
        return UNKNOWN;
      }
      List<Object> all = new ArrayList<>(List.of(method.module()));
      all.addAll(arguments);
      return orNone(run(method.module(), function, all));
    }

    private Object orNone(Object result) {
      return result == null ? Unpickler.NONE : result;
    }

    private Object builtin(String name, List<Object> arguments) {
      return switch (name) {
        case "annotate", "unchecked_cast" -> arguments.get(1);
        case "getattr" -> attribute(arguments.get(0), (String) arguments.get(1));
        case "int", "float", "bool" -> isTensor(arguments.get(0)) ? UNKNOWN : arguments.get(0);
        default -> UNKNOWN;
      };
    }

    private Object torch(String name, List<Object> arguments) {
      if (name.equals("append") && arguments.get(0) instanceof ArrayList<?>) {
        @SuppressWarnings("unchecked")
        List<Object> list = (List<Object>) arguments.get(0);
        list.add(arguments.get(1));
        return list;
      }
      Object known = TorchScriptConditions.fold(name, arguments);
      if (known != null) {
        return known;
      }
      boolean takesTensors = arguments.stream().anyMatch(this::hasTensor);
      if (!takesTensors) {
        return SOURCES.contains(name) ? new Source(name, arguments) : UNKNOWN;
      }
      return NO_TENSORS.contains(name) ? UNKNOWN : operation(name, arguments);
    }

    private Output operation(String name, List<Object> arguments) {
      String op = opName(name);
      String path = self == null ? "" : paths.getOrDefault(self, "");
      List<Output> inputs = new ArrayList<>();
      arguments.forEach(argument -> collect(argument, inputs));
      OperationBuilder operation = graph.root().operation(op, path.isEmpty() ? op : path + '/' + op);
      for (int i = 0; i < arguments.size(); i++) {
        Object argument = arguments.get(i);
        boolean numbers = argument instanceof List<?> list && list.stream().allMatch(Number.class::isInstance);
        if (numbers || argument instanceof Number || argument instanceof Boolean || argument instanceof String) {
          operation.attribute("argument_" + i, Attribute.of(String.valueOf(argument)));
        }
      }
      return operation.input(inputs.toArray(Output[]::new)).add();
    }

    private void collect(Object argument, List<Output> inputs) {
      if (argument instanceof Output output) {
        inputs.add(output);
      } else if (argument instanceof Tensor tensor) {
        inputs.add(parameter(tensor));
      } else if (argument instanceof Source source) {
        Output there = sources.get(source);
        sources.put(source, there == null ? operation(source.function(), source.arguments()) : there);
        inputs.add(sources.get(source));
      } else if (argument instanceof List<?> list) {
        list.forEach(item -> collect(item, inputs));
      }
    }

    private boolean hasTensor(Object argument) {
      return isTensor(argument) || argument instanceof List<?> list && list.stream().anyMatch(this::hasTensor);
    }

    private boolean isTensor(Object value) {
      return value instanceof Output || value instanceof Tensor || value instanceof Source;
    }
  }

  /** {@code max_pool2d} is {@code MaxPool2D}; what ends in {@code _} works in place. */
  private static String opName(String name) {
    StringBuilder op = new StringBuilder();
    for (String part : name.split("_")) {
      if (!part.isEmpty()) {
        op.append(Character.toUpperCase(part.charAt(0))).append(part.substring(1).replaceFirst("(?<=\\d)d$", "D"));
      }
    }
    return op.isEmpty() ? "Operation" : op.toString();
  }
}
