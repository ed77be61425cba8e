package io.github.tensorboard4j.djl.internal.torchscript;

import io.github.tensorboard4j.graph.Output;
import io.github.tensorboard4j.graph.TensorShape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Draws what a model takes: tensors, and lists, tuples and dictionaries of them. */
final class Inputs {

  private final Drawing drawing;
  private final List<TensorShape> given;
  private final List<Output> drawn = new ArrayList<>();

  /** Begins without any; {@code given} are the shapes of the first ones. */
  Inputs(Drawing drawing, List<TensorShape> given) {
    this.drawing = drawing;
    this.given = given;
  }

  /** Returns those that were drawn. */
  List<Output> drawn() {
    return List.copyOf(drawn);
  }

  /**
   * Draws a parameter of the model's forward and returns its value.
   *
   * @param type the text behind its name: type, and default if there is one
   */
  Object draw(String name, String type) {
    boolean tensor = type.startsWith("Tensor") || type.startsWith("Optional[Tensor]");
    if (type.endsWith("=None") && !(tensor && drawn.size() < given.size())) {
      return Unpickler.NONE;
    }
    if (tensor) {
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

  private Output tensor(String name) {
    Output input = drawing.input(name, drawn.size() < given.size() ? given.get(drawn.size()) : TensorShape.UNKNOWN);
    drawn.add(input);
    return input;
  }
}
