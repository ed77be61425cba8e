package io.github.tensorboard4j.tool.torchexport;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.graph.TensorShape;
import io.github.tensorboard4j.graph.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The parts of an exported program in JSON, by <a
 * href="https://github.com/pytorch/pytorch/blob/main/torch/_export/serde/schema.py">PyTorch's schema</a>.
 */
final class Program {

  private Program() {}

  /**
   * The names of all tensors in an argument, in order.
   *
   * @param argument what is an object with one entry, whose key says what kind of value it is
   */
  static List<String> tensors(JsonElement argument) {
    List<String> names = new ArrayList<>();
    if (!argument.isJsonObject()) {
      return names;
    }
    for (Map.Entry<String, JsonElement> value : argument.getAsJsonObject().entrySet()) {
      switch (value.getKey()) {
        case "as_tensor" -> names.add(name(value.getValue()));
        case "as_tensors" -> value.getValue().getAsJsonArray().forEach(tensor -> names.add(name(tensor)));
        case "as_optional_tensors" ->
            value.getValue().getAsJsonArray().forEach(tensor -> names.addAll(tensors(tensor)));
        case "as_nested_tensors" -> value.getValue().getAsJsonArray()
            .forEach(list -> list.getAsJsonArray().forEach(tensor -> names.add(name(tensor))));
        default -> {
          // no tensor
        }
      }
    }
    return names;
  }

  /** The names of all tensors in a list of arguments, such as those that a node yields. */
  static List<String> tensors(JsonObject owner, String key) {
    return objects(owner, key).stream().flatMap(argument -> tensors(argument).stream()).toList();
  }

  private static String name(JsonElement tensor) {
    return tensor.getAsJsonObject().get("name").getAsString();
  }

  static List<JsonObject> objects(JsonObject owner, String key) {
    List<JsonObject> objects = new ArrayList<>();
    if (owner.get(key) instanceof JsonArray array) {
      array.forEach(element -> objects.add(element.getAsJsonObject()));
    }
    return objects;
  }

  /** A setting as text; null if the argument is none. */
  static String setting(JsonObject argument) {
    for (String key : List.of("as_int", "as_ints", "as_float", "as_floats", "as_bool", "as_bools", "as_string")) {
      JsonElement value = argument.get(key);
      if (value != null && !value.isJsonNull()) {
        return value.isJsonPrimitive() ? value.getAsString() : value.toString().replace(",", ", ");
      }
    }
    return null;
  }

  /** The type of a tensor of a graph. */
  static TensorType type(JsonObject graph, String tensor) {
    if (!(graph.getAsJsonObject("tensor_values").get(tensor) instanceof JsonObject value)) {
      return TensorType.UNKNOWN;
    }
    long[] sizes = objects(value, "sizes").stream()
        .mapToLong(size -> size.has("as_int") ? size.get("as_int").getAsLong() : TensorShape.UNKNOWN_SIZE).toArray();
    return TensorType.of(dtype(value.get("dtype").getAsInt()), TensorShape.of(sizes));
  }

  static boolean isTrained(JsonObject graph, String tensor) {
    return graph.getAsJsonObject("tensor_values").get(tensor) instanceof JsonObject value
        && value.get("requires_grad").getAsBoolean();
  }

  private static DType dtype(int number) {
    return switch (number) {
      case 1 -> DType.UINT8;
      case 2 -> DType.INT8;
      case 3 -> DType.INT16;
      case 4 -> DType.INT32;
      case 5 -> DType.INT64;
      case 6 -> DType.HALF;
      case 7 -> DType.FLOAT;
      case 8 -> DType.DOUBLE;
      case 10 -> DType.COMPLEX64;
      case 11 -> DType.COMPLEX128;
      case 12 -> DType.BOOL;
      case 13 -> DType.BFLOAT16;
      case 28 -> DType.UINT16;
      default -> DType.UNKNOWN;
    };
  }
}
