package io.github.tensorboard4j.tool.onnx;

import io.github.tensorboard4j.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The operators that multiply matrices. */
final class Products {

  private Products() {}

  static List<Value> outputs(Call call) {
    return switch (call.op()) {
      case "MatMul" -> List.of(Value.of(call.input(0).dtype(), matMul(call.input(0), call.input(1))));
      case "MatMulInteger" -> List.of(Value.of(DType.INT32, matMul(call.input(0), call.input(1))));
      case "QLinearMatMul" -> List.of(Value.of(call.input(7).dtype(), matMul(call.input(0), call.input(3))));
      case "Gemm" -> List.of(Value.of(call.input(0).dtype(), gemm(call)));
      case "Einsum" -> List.of(Value.of(call.input(0).dtype(), einsum(call)));
      case "Attention" -> List.of(attention(call));
      default -> recurrent(call);
    };
  }

  private static long[] matMul(Value left, Value right) {
    if (!left.isRanked() || !right.isRanked() || left.rank() == 0 || right.rank() == 0) {
      return null;
    }
    long[] a = left.rank() == 1 ? new long[] {1, left.sizes()[0]} : left.sizes();
    long[] b = right.rank() == 1 ? new long[] {right.sizes()[0], 1} : right.sizes();
    long[] outer = Shapes.broadcast(Arrays.copyOf(a, a.length - 2), Arrays.copyOf(b, b.length - 2));
    int rank = outer.length + (left.rank() == 1 ? 0 : 1) + (right.rank() == 1 ? 0 : 1);
    long[] sizes = Arrays.copyOf(outer, rank);
    if (left.rank() > 1) {
      sizes[outer.length] = a[a.length - 2];
    }
    if (right.rank() > 1) {
      sizes[rank - 1] = b[b.length - 1];
    }
    return sizes;
  }

  private static long[] gemm(Call call) {
    long[] a = call.input(0).sizes();
    long[] b = call.input(1).sizes();
    return new long[] {a == null ? Shapes.UNKNOWN : a[call.integer("transA", 0) == 0 ? 0 : 1],
        b == null ? Shapes.UNKNOWN : b[call.integer("transB", 0) == 0 ? 1 : 0]};
  }

  /** Each letter of the equation is a size; an ellipsis is not followed. */
  private static long[] einsum(Call call) {
    String equation = call.text("equation", "").replace(" ", "");
    int arrow = equation.indexOf("->");
    if (arrow < 0 || equation.contains("...")) {
      return null;
    }
    Map<Character, Long> letters = new HashMap<>();
    String[] terms = equation.substring(0, arrow).split(",", -1);
    for (int i = 0; i < terms.length; i++) {
      for (int j = 0; j < terms[i].length() && call.input(i).isRanked(); j++) {
        long size = call.input(i).sizes()[j];
        letters.merge(terms[i].charAt(j), size, (there, own) -> there == 1 ? own : own == 1 ? there : Math.max(there, own));
      }
    }
    return equation.substring(arrow + 2).chars().mapToLong(c -> letters.getOrDefault((char) c, Shapes.UNKNOWN)).toArray();
  }

  /** Attention of queries to keys; with heads in a dimension of their own, or within the last one. */
  private static Value attention(Call call) {
    long[] query = call.input(0).sizes();
    long[] value = call.input(2).sizes();
    if (query == null || value == null || query.length != value.length) {
      return Value.of(call.input(0).dtype(), (long[]) null);
    }
    long[] sizes = query.clone();
    int last = sizes.length - 1;
    long heads = call.integer("q_num_heads", 0);
    long own = call.integer("kv_num_heads", 0);
    sizes[last] = last == 3 ? value[last]
        : heads > 0 && own > 0 && value[last] >= 0 ? value[last] / own * heads : Shapes.UNKNOWN;
    return Value.of(call.input(0).dtype(), sizes);
  }

  private static List<Value> recurrent(Call call) {
    Value input = call.input(0);
    DType dtype = input.dtype();
    long directions = call.text("direction", "forward").equals("bidirectional") ? 2 : 1;
    Value recurrent = call.input(2);
    long hidden = call.integer("hidden_size", recurrent.isRanked() ? recurrent.sizes()[2] : Shapes.UNKNOWN);
    boolean batchFirst = call.integer("layout", 0) != 0;
    long steps = input.isRanked() ? input.sizes()[batchFirst ? 1 : 0] : Shapes.UNKNOWN;
    long batch = input.isRanked() ? input.sizes()[batchFirst ? 0 : 1] : Shapes.UNKNOWN;
    List<Value> outputs = new ArrayList<>();
    outputs.add(batchFirst ? Value.of(dtype, batch, steps, directions, hidden)
        : Value.of(dtype, steps, directions, batch, hidden));
    for (int i = 1; i < 3; i++) {
      outputs.add(batchFirst ? Value.of(dtype, batch, directions, hidden) : Value.of(dtype, directions, batch, hidden));
    }
    return outputs;
  }
}
