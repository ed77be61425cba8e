package io.github.tensorboard4j.tool.torchscript;

import io.github.tensorboard4j.graph.Output;
import io.github.tensorboard4j.graph.TensorShape;
import io.github.tensorboard4j.tool.input.GivenShapes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Draws what a model takes: tensors, and lists, tuples and dictionaries of them. */
final class Inputs {

  private final Drawing drawing;
  private final GivenShapes given;
  private int count;

  Inputs(Drawing drawing, GivenShapes given) {
    this.drawing = drawing;
    this.given = given;
  }

  /** How many were drawn. */
  int count() {
    return count;
  }

  /**
   * Draws a parameter of the model's forward and returns its value.
   *
   * @param type the text behind its name: type, and default if there is one
   */
  Object draw(String name, String type) throws IOException {
    if (type.endsWith("=None")) {
      return Unpickler.NONE;
    }
    if (type.startsWith("Tensor") || type.startsWith("Optional[Tensor]")) {
      return tensor(name);
    }
    if (type.startsWith("List[Tensor]")) {
      return new ArrayList<>(List.of(tensor(name)));
    }
    if (type.matches("Dict\\[\\w+, Tensor\\]")) {
      Map<Object, Object> any = new LinkedHashMap<>();
      any.put(Values.UNKNOWN, tensor(name));
      return any;
    }
    if (type.matches("Tuple\\[Tensor(, Tensor)*\\]")) {
      List<Object> items = new ArrayList<>();
      for (String item : type.split(",")) {
        items.add(tensor(name + '_' + (char) ('a' + items.size())));
      }
      return items;
    }
    return Values.UNKNOWN;
  }

  private Output tensor(String name) throws IOException {
    return drawing.input(name, given.of(count++, name, TensorShape.UNKNOWN));
  }
}
