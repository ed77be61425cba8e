package io.github.tensorboard4j.tool.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.graph.GraphScope;
import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.graph.NodeNames;
import io.github.tensorboard4j.graph.OperationBuilder;
import io.github.tensorboard4j.graph.Output;
import io.github.tensorboard4j.graph.TensorShape;
import io.github.tensorboard4j.graph.TensorType;
import io.github.tensorboard4j.tool.input.GivenShapes;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the graph of an ONNX file. */
public final class OnnxGraph {

  private final ModelGraph.Builder graph = ModelGraph.builder();
  private final Set<String> weighted = new HashSet<>();
  private final TorchNames torch;

  private OnnxGraph(TorchNames torch) {
    this.torch = torch;
  }

  /**
   * Reads a file.
   *
   * @param file an ONNX model
   * @param given the shapes of its inputs, as far as it leaves them open
   * @return its graph: scopes as in the operations' names, or the modules that PyTorch's exporter has noted; each
   *     parameter beside the operation that reads it
   * @throws IOException if the file can't be read, is no ONNX model or has other inputs than given
   */
  public static ModelGraph read(Path file, GivenShapes given) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      CodedInputStream coded = CodedInputStream.newInstance(in);
      coded.setSizeLimit(Integer.MAX_VALUE);
      OnnxModel model = OnnxModel.read(coded);
      fill(model, given);
      ShapeInference.infer(model);
      OnnxGraph drawing = new OnnxGraph(TorchNames.of(model));
      drawing.draw(model, drawing.graph.root(), new HashMap<>(), Map.of());
      return drawing.graph.build();
    } catch (InvalidProtocolBufferException e) {
      throw new IOException(file + " is not an ONNX model", e);
    }
  }

  private static void fill(OnnxModel model, GivenShapes given) throws IOException {
    List<String> inputs = model.inputs.stream().filter(input -> !model.initializers.containsKey(input)).toList();
    given.requireAtMost(inputs.size());
    for (int i = 0; i < inputs.size(); i++) {
      TensorType declared = model.types.getOrDefault(inputs.get(i), TensorType.UNKNOWN);
      TensorShape shape = given.of(i, inputs.get(i), declared.shape());
      model.types.put(inputs.get(i), TensorType.of(declared.dtype(), shape));
    }
  }

  private void draw(OnnxModel model, GraphScope scope, Map<String, Output> values, Map<String, TensorType> outer) {
    Map<String, TensorType> initializers = new LinkedHashMap<>(outer);
    model.initializers.forEach((name, constant) -> initializers.put(name, constant.type()));
    for (String input : model.inputs) {
      if (!model.initializers.containsKey(input)) {
        TensorType type = model.types.getOrDefault(input, TensorType.UNKNOWN);
        values.put(input, scope.placeholder(input, type.dtype(), type.shape()));
      }
    }
    // a setting stands at each place that reads it: an edge from one layer to another would look like data
    Map<String, Output> settings = new HashMap<>();
    for (OnnxModel.Operation operation : model.operations) {
      String path = path(operation, initializers);
      String parent = path.substring(0, path.lastIndexOf('/') + 1);
      for (int i = 0; i < operation.inputs.size(); i++) {
        String input = operation.inputs.get(i);
        TensorType type = initializers.get(input);
        if (type != null && !(isParameter(input, type) && values.containsKey(input))) {
          String name = parent + parameterName(operation.op, input, i, type);
          values.put(input, isParameter(input, type)
              ? initializer(scope, name, input, type)
              : settings.computeIfAbsent(parent + input, key -> initializer(scope, name, input, type)));
        }
      }
      Output drawn = operation(operation, model, scope, path, values);
      operation.bodies.forEach((name, body) -> body(body, scope.scope(path + '_' + name), drawn, values, initializers));
    }
    model.initializers.forEach((name, constant) -> {
      if (!values.containsKey(name)) {
        values.put(name, initializer(scope, name.replace('.', '/'), name, constant.type()));
      }
    });
  }

  /**
   * A branch or a loop's body, whose results flow into the operation that has it. Outer parameters stay known
   * outside.
   */
  private void body(OnnxModel body, GraphScope scope, Output owner, Map<String, Output> values,
      Map<String, TensorType> initializers) {
    Map<String, Output> inner = new HashMap<>(values);
    draw(body, scope, inner, initializers);
    body.outputs.stream().filter(inner::containsKey).forEach(output -> graph.addInput(inner.get(output), owner));
    initializers.keySet().stream().filter(inner::containsKey).forEach(name -> values.putIfAbsent(name, inner.get(name)));
  }

  private Output operation(
      OnnxModel.Operation operation, OnnxModel model, GraphScope scope, String path, Map<String, Output> values) {
    boolean constant = operation.op.equals("Constant");
    OperationBuilder builder =
        scope.operation(constant ? "Const" : operation.op.isEmpty() ? "Unknown" : operation.op, path);
    for (String input : operation.inputs) {
      if (values.containsKey(input)) {
        builder.input(values.get(input));
      }
    }
    operation.attributes.forEach(builder::attribute);
    for (String output : operation.outputs) {
      builder.output(model.types.getOrDefault(output, TensorType.UNKNOWN));
    }
    Output first = builder.add();
    for (int i = 0; i < operation.outputs.size(); i++) {
      values.put(operation.outputs.get(i), first.sibling(i));
    }
    return first;
  }

  /**
   * The operation's name; one with parameters gets a scope of its own, unless its name has one that is not
   * taken yet.
   */
  private String path(OnnxModel.Operation operation, Map<String, TensorType> initializers) {
    boolean hasParameters = operation.inputs.stream()
        .anyMatch(input -> isParameter(input, initializers.get(input)));
    String ofTorch = torch.name(operation, hasParameters);
    if (ofTorch != null) {
      return NodeNames.legal(ofTorch);
    }
    String name = NodeNames.legal(operation.name.isEmpty() ? operation.op : operation.name);
    if (!hasParameters) {
      return name;
    }
    int end = name.lastIndexOf('/');
    return end >= 0 && weighted.add(name.substring(0, end)) ? name : name + '/' + NodeNames.legal(operation.op);
  }

  private static Output initializer(GraphScope scope, String name, String ownName, TensorType type) {
    return isParameter(ownName, type)
        ? scope.parameter(name).frameworkName(ownName).type(type).add()
        : scope.operation("Const", name).output(type).add();
  }

  /**
   * Whole numbers and single ones are settings, such as a new shape or a factor that the exporter has made; what is
   * learned are tensors of real numbers.
   */
  private static boolean isParameter(String name, TensorType type) {
    return type != null && List.of(DType.FLOAT, DType.HALF, DType.BFLOAT16, DType.DOUBLE).contains(type.dtype())
        && type.shape().rank() > 0
        && !(isNumber(name) && Arrays.stream(type.shape().sizes()).allMatch(size -> size == 1));
  }

  /** Returns whether the exporter has lost the parameter's name and put a number in its place. */
  private static boolean isNumber(String name) {
    return name.matches("onnx::.*|val_\\d+|\\d+");
  }

  /**
   * The last part of the parameter's name; exporters that have lost it name a number, and then the operator's name for
   * it has to do.
   */
  private static String parameterName(String op, String input, int place, TensorType type) {
    if (isNumber(input)) {
      return InputNames.of(op, place,
          !isParameter(input, type) ? "constant" : place == 1 ? "weight" : place == 2 ? "bias" : "parameter");
    }
    String legal = NodeNames.legal(input.replace('.', '/'));
    return legal.substring(legal.lastIndexOf('/') + 1);
  }
}
