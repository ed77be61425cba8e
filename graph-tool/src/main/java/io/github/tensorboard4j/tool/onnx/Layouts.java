package io.github.tensorboard4j.tool.onnx;

import io.github.tensorboard4j.DType;
import java.util.Arrays;
import java.util.stream.LongStream;

/** The operators that give a tensor another shape, and those that reduce it along axes. */
final class Layouts {

  private Layouts() {}

  static Value output(Call call) {
    Value data = call.input(0);
    long[] sizes = switch (call.op()) {
      case "Concat" -> concat(call);
      case "Expand" -> Shapes.broadcast(data.sizes(), Operators.ofShape(DType.UNKNOWN, call.input(1)).sizes());
      case "Flatten" -> flatten(data, call.integer("axis", 1));
      case "Pad" -> pad(call);
      case "Reshape" -> reshape(call);
      case "Squeeze" -> squeeze(call);
      case "Tile" -> tile(call);
      case "Transpose" -> transpose(data, call.integers("perm"));
      default -> unsqueeze(data, call.integers("axes", 1));
    };
    return Value.of(data.dtype(), sizes);
  }

  static Value reduced(Call call) {
    Value data = call.input(0);
    boolean arg = call.op().startsWith("Arg");
    return Value.of(arg ? DType.INT64 : data.dtype(), data.isRanked() ? reduced(call, data, arg) : null);
  }

  private static long[] reduced(Call call, Value data, boolean arg) {
    boolean keep = call.integer("keepdims", 1) != 0;
    long[] axes = arg ? new long[] {call.integer("axis", 0)} : call.integers("axes", 1);
    if (axes == null && (call.has(1) && !hasNone(call.input(1)))) {
      return keep ? Shapes.unknown(data.rank()) : null;
    }
    if (axes == null || axes.length == 0) {
      if (call.integer("noop_with_empty_axes", 0) != 0) {
        return data.sizes();
      }
      axes = LongStream.range(0, data.rank()).toArray();
    }
    long[] sizes = data.sizes().clone();
    for (long axis : axes) {
      sizes[data.axis(axis)] = keep ? 1 : Long.MIN_VALUE;
    }
    return LongStream.of(sizes).filter(size -> size != Long.MIN_VALUE).toArray();
  }

  private static boolean hasNone(Value axes) {
    return axes.isRanked() && axes.rank() == 1 && axes.sizes()[0] == 0;
  }

  private static long[] concat(Call call) {
    long[] sizes = null;
    if (!call.has("axis")) {
      return null;
    }
    for (Value input : call.inputs()) {
      if (!input.isRanked()) {
        return null;
      }
      if (sizes == null) {
        sizes = input.sizes().clone();
        continue;
      }
      int axis = input.axis(call.integer("axis", 0));
      for (int i = 0; i < sizes.length; i++) {
        sizes[i] = i == axis ? Shapes.sum(sizes[i], input.sizes()[i]) : Math.max(sizes[i], input.sizes()[i]);
      }
    }
    return sizes;
  }

  private static long[] flatten(Value data, long axis) {
    if (!data.isRanked()) {
      return Shapes.unknown(2);
    }
    int place = axis == data.rank() ? data.rank() : data.rank() == 0 ? 0 : data.axis(axis);
    return new long[] {Shapes.product(Arrays.copyOf(data.sizes(), place)),
        Shapes.product(Arrays.copyOfRange(data.sizes(), place, data.rank()))};
  }

  private static long[] pad(Call call) {
    Value data = call.input(0);
    if (!data.isRanked()) {
      return null;
    }
    long[] pads = call.has("paddings") ? call.integers("paddings") : call.integers("pads", 1);
    long[] axes = call.has(3) ? call.input(3).integers() : LongStream.range(0, data.rank()).toArray();
    if (pads == null || axes == null) {
      return Shapes.unknown(data.rank());
    }
    long[] sizes = data.sizes().clone();
    for (int i = 0; i < axes.length; i++) {
      int axis = data.axis(axes[i]);
      sizes[axis] = sizes[axis] < 0 ? Shapes.UNKNOWN : sizes[axis] + pads[i] + pads[i + axes.length];
    }
    return sizes;
  }

  private static long[] reshape(Call call) {
    Value data = call.input(0);
    long[] listed = call.integers("shape");
    Value shape = listed == null ? call.input(1)
        : Value.of(DType.INT64, listed.length).with(Arrays.stream(listed).asDoubleStream().toArray());
    if (!shape.isRanked() || shape.sizes()[0] < 0) {
      return null;
    }
    long[] sizes = Shapes.unknown((int) shape.sizes()[0]);
    if (shape.numbers() == null) {
      return sizes;
    }
    boolean zero = call.integer("allowzero", 0) != 0;
    boolean certain = true;
    int rest = -1;
    boolean[] copied = new boolean[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      double wanted = shape.numbers()[i];
      if (Double.isNaN(wanted)) {
        certain = false;
      } else if (wanted < 0) {
        rest = i;
      } else if (wanted == 0 && !zero) {
        copied[i] = true;
        sizes[i] = data.isRanked() ? data.sizes()[i] : Shapes.UNKNOWN;
      } else {
        sizes[i] = (long) wanted;
      }
    }
    if (rest >= 0 && certain && data.isRanked()) {
      sizes[rest] = rest(data.sizes(), sizes, rest, copied);
    }
    return sizes;
  }

  /** The one size that is left to be worked out; those that are copied, known or not, count on neither side. */
  private static long rest(long[] data, long[] sizes, int rest, boolean[] copied) {
    long given = 1;
    long taken = 1;
    for (int i = 0; i < data.length; i++) {
      boolean same = i < copied.length && copied[i];
      given = Shapes.product(given, same ? 1 : data[i]);
    }
    for (int i = 0; i < sizes.length; i++) {
      taken = Shapes.product(taken, i == rest || copied[i] ? 1 : sizes[i]);
    }
    return given < 0 || taken <= 0 || given % taken != 0 ? Shapes.UNKNOWN : given / taken;
  }

  private static long[] squeeze(Call call) {
    Value data = call.input(0);
    if (!data.isRanked()) {
      return null;
    }
    long[] axes = call.integers("axes", 1);
    if (axes == null && call.has(1)) {
      return null;
    }
    long[] sizes = data.sizes().clone();
    if (axes == null) {
      return LongStream.of(sizes).anyMatch(size -> size < 0) ? null
          : LongStream.of(sizes).filter(size -> size != 1).toArray();
    }
    for (long axis : axes) {
      sizes[data.axis(axis)] = Long.MIN_VALUE;
    }
    return LongStream.of(sizes).filter(size -> size != Long.MIN_VALUE).toArray();
  }

  private static long[] unsqueeze(Value data, long[] axes) {
    if (!data.isRanked() || axes == null) {
      return null;
    }
    long[] sizes = new long[data.rank() + axes.length];
    for (long axis : axes) {
      sizes[(int) (axis < 0 ? axis + sizes.length : axis)] = 1;
    }
    for (int i = 0, from = 0; i < sizes.length; i++) {
      sizes[i] = sizes[i] == 1 ? 1 : data.sizes()[from++];
    }
    return sizes;
  }

  private static long[] tile(Call call) {
    Value data = call.input(0);
    if (!data.isRanked() || call.inputs().size() != 2) {
      return null;
    }
    double[] repeats = call.input(1).numbers();
    long[] sizes = Shapes.unknown(data.rank());
    for (int i = 0; repeats != null && i < sizes.length; i++) {
      sizes[i] = Shapes.product(data.sizes()[i], Double.isNaN(repeats[i]) ? Shapes.UNKNOWN : (long) repeats[i]);
    }
    return sizes;
  }

  private static long[] transpose(Value data, long[] order) {
    if (!data.isRanked()) {
      return order == null ? null : Shapes.unknown(order.length);
    }
    long[] sizes = new long[data.rank()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = data.sizes()[order == null ? sizes.length - 1 - i : data.axis(order[i])];
    }
    return sizes;
  }
}
