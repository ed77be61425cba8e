package io.github.tensorboard4j.djl.internal.torchscript;

import static io.github.tensorboard4j.djl.internal.torchscript.Values.SIZE;
import static io.github.tensorboard4j.djl.internal.torchscript.Values.UNKNOWN;

import io.github.tensorboard4j.djl.internal.torchscript.Archive.Function;
import io.github.tensorboard4j.djl.internal.torchscript.Archive.Line;
import io.github.tensorboard4j.djl.internal.torchscript.Unpickler.Module;
import io.github.tensorboard4j.graph.Output;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A call of a function under way: its variables, what its statements do and what its expressions mean. */
final class Frame implements Expression.Meaning {

  private static final int MAX_DEPTH = 500;

  /** A name that the code has not defined, such as {@code torch.add}. */
  private record Reference(String name) {}

  private record Method(Module module, String name) {}

  private final Archive archive;
  private final Drawing drawing;
  private final int depth;
  private final Module self;
  private final Map<String, Object> variables = new HashMap<>();

  private Frame(Archive archive, Drawing drawing, int depth, Module self) {
    this.archive = archive;
    this.drawing = drawing;
    this.depth = depth;
    this.self = self;
  }

  /** The frame from which a model's forward is called. */
  static Frame outermost(Archive archive, Drawing drawing) {
    return new Frame(archive, drawing, 0, archive.root);
  }

  /** Calls a function; its result is None if it returns none. */
  Object run(Module owner, Function function, List<Object> arguments) {
    if (depth == MAX_DEPTH) {
      throw new IllegalArgumentException("its calls are nested deeper than " + MAX_DEPTH);
    }
    Frame called = new Frame(archive, drawing, depth + 1, owner);
    int i = 0;
    for (Map.Entry<String, String> parameter : function.parameters().entrySet()) {
      int equals = parameter.getValue().indexOf('=');
      called.variables.put(parameter.getKey(), i < arguments.size() ? arguments.get(i)
          : equals < 0 ? UNKNOWN : called.evaluate(parameter.getValue().substring(equals + 1)));
      i++;
    }
    Object result = called.block(function.body());
    return result == null ? Unpickler.NONE : result;
  }

  private Object evaluate(String text) {
    return Expression.evaluate(text, this);
  }

  /**
   * Runs lines of one indentation with all that is nested in them; returns null if nothing was returned.
   */
  private @Nullable Object block(List<Line> lines) {
    Object result = null;
    for (int i = 0; i < lines.size();) {
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

  private static int end(List<Line> lines, int begin) {
    int end = begin + 1;
    while (end < lines.size() && lines.get(end).indent() > lines.get(begin).indent()) {
      end++;
    }
    return end;
  }

  private @Nullable Object branch(Object condition, List<Line> then, List<Line> otherwise) {
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

  /** Returns the value of a variable that one of two branches has set; a tensor counts more than none. */
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
    if (Values.isTensor(first) && Values.isTensor(second)) {
      return drawing.operation(self, "merge", List.of(first, second));
    }
    return Values.hasTensor(first) ? first : Values.hasTensor(second) ? second : UNKNOWN;
  }

  /** Returns whether the lines raise an error in any case, and not only within a further branch. */
  private static boolean onlyRaises(List<Line> lines) {
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
    List<String> targets = Archive.split(left);
    boolean several = targets.size() > 1 || left.trim().endsWith(",");
    for (int i = 0; i < targets.size(); i++) {
      assign(targets.get(i), several ? item(value, (long) i) : value);
    }
  }

  private void assign(String target, Object value) {
    int dot = target.lastIndexOf('.');
    if (dot < 0) {
      variables.put(target, value);
    } else if (evaluate(target.substring(0, dot)) instanceof Module owner) {
      owner.attributes().put(target.substring(dot + 1), value);
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
      case "inf" -> Double.POSITIVE_INFINITY;
      case "nan" -> Double.NaN;
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
    return index < archive.constants.size() ? archive.constants.get(index) : UNKNOWN;
  }

  /** An item of a list, a map or the outputs of an operation; any of them if it is not known which. */
  @Override
  public Object item(Object owner, Object index) {
    if (owner instanceof Output output) {
      return index instanceof Long i && i >= 0 ? output.sibling(i.intValue()) : output;
    }
    Object item = Containers.item(owner, index);
    if (item != null) {
      return item;
    }
    Collection<?> items = owner instanceof List<?> list ? list : owner instanceof Map<?, ?> map ? map.values() : List.of();
    return items.stream().map(Object.class::cast).reduce(this::merged).orElse(UNKNOWN);
  }

  @Override
  public Object call(Object function, List<Object> arguments) {
    if (function instanceof Method method) {
      return method(method, arguments);
    }
    if (!(function instanceof Reference reference)) {
      return UNKNOWN;
    }
    Function defined = archive.functions.get(reference.name());
    if (defined != null) {
      return run(self, defined, arguments);
    }
    if (reference.name().endsWith(".__new__")) {
      return drawing.object(self, reference.name().substring(0, reference.name().length() - ".__new__".length()));
    }
    String own = reference.name().substring(reference.name().lastIndexOf('.') + 1);
    if (reference.name().startsWith("ops.prim.")) {
      return primitive(own, arguments);
    }
    return reference.name().contains(".") ? torch(own, arguments) : builtin(own, arguments);
  }

  private Object method(Method method, List<Object> arguments) {
    Function function = archive.functions.get(method.module().type() + '.' + method.name());
    if (function == null) {
      return UNKNOWN;
    }
    List<Object> all = new ArrayList<>(List.of(method.module()));
    all.addAll(arguments);
    return run(method.module(), function, all);
  }

  /** TorchScript's own functions ask for properties, but for these. */
  private static Object primitive(String name, List<Object> arguments) {
    return switch (name) {
      case "data", "unchecked_unwrap_optional" -> arguments.get(0);
      case "NumToTensor" -> SIZE;
      default -> UNKNOWN;
    };
  }

  private Object builtin(String name, List<Object> arguments) {
    return switch (name) {
      case "annotate", "unchecked_cast" -> arguments.get(1);
      case "getattr" -> attribute(arguments.get(0), (String) arguments.get(1));
      case "int", "float", "bool" ->
          Values.isTensor(arguments.get(0)) || arguments.get(0) == SIZE ? UNKNOWN : arguments.get(0);
      default -> UNKNOWN;
    };
  }

  private Object torch(String name, List<Object> arguments) {
    Object known = Containers.call(name, arguments);
    if (name.equals("list") && arguments.get(0) instanceof Output tensors) {
      return tensors;
    }
    if (known == null && name.equals("pop") && !arguments.isEmpty()) {
      return item(arguments.get(0), UNKNOWN);
    }
    if (known == null && Functions.isBookkeeping(name) && !arguments.isEmpty()) {
      return arguments.get(0);
    }
    known = known == null ? Conditions.fold(name, arguments) : known;
    if (known != null) {
      return known;
    }
    if (arguments.stream().noneMatch(Values::hasTensor)) {
      return Functions.isSource(name) ? new Values.Source(name, arguments) : arguments.contains(SIZE) ? SIZE : UNKNOWN;
    }
    if (!Functions.yieldsTensor(name)) {
      return UNKNOWN;
    }
    boolean reckons = arguments.contains(SIZE)
        && arguments.stream().filter(Values::hasTensor).allMatch(archive.constants::contains);
    return reckons ? SIZE : drawing.operation(self, name, arguments);
  }
}
