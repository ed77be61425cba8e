package io.github.tensorboard4j.tool.onnx;

import io.github.tensorboard4j.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** The operators that take parts of a tensor, and those that say something of one. */
final class Lookups {

  private Lookups() {}

  static List<Value> outputs(Call call) {
    Value data = call.input(0);
    return switch (call.op()) {
      case "Shape" -> List.of(Value.of(DType.INT64, shapeLength(call, data)));
      case "Size" -> List.of(Value.of(DType.INT64));
      case "Range" -> List.of(Value.of(data.dtype(), rangeLength(call)));
      case "NonZero" -> List.of(Value.of(DType.INT64, data.isRanked() ? data.rank() : Shapes.UNKNOWN, Shapes.UNKNOWN));
      case "NonMaxSuppression" -> List.of(Value.of(DType.INT64, Shapes.UNKNOWN, 3));
      case "Multinomial" -> List.of(Value.of(call.integer("dtype", 6) == 7 ? DType.INT64 : DType.INT32,
          data.isRanked() ? data.sizes()[0] : Shapes.UNKNOWN, call.integer("sample_size", 1)));
      case "OneHot" -> List.of(oneHot(call));
      case "TopK" -> topK(call);
      case "Compress" -> List.of(Value.of(data.dtype(), compress(call, data)));
      case "Gather" -> List.of(Value.of(data.dtype(), gather(call, data)));
      case "GatherElements" -> List.of(Value.of(data.dtype(), call.input(1).sizes()));
      case "GatherND" -> List.of(Value.of(data.dtype(), gatherNd(call, data)));
      case "Slice" -> List.of(Value.of(data.dtype(), slice(call, data)));
      default -> split(call, data);
    };
  }

  /** A place that may be counted from the end, moved into a list of that length if it is outside. */
  static int clamped(long place, int length) {
    return (int) Math.max(0, Math.min(length, place < 0 ? place + length : place));
  }

  private static long shapeLength(Call call, Value data) {
    return data.isRanked()
        ? Math.max(0,
            clamped(call.integer("end", Long.MAX_VALUE), data.rank()) - clamped(call.integer("start", 0), data.rank()))
        : Shapes.UNKNOWN;
  }

  private static long rangeLength(Call call) {
    for (int i = 0; i < 3; i++) {
      if (call.input(i).numbers() == null) {
        return Shapes.UNKNOWN;
      }
    }
    double length = (call.input(1).numbers()[0] - call.input(0).numbers()[0]) / call.input(2).numbers()[0];
    return Double.isNaN(length) || Double.isInfinite(length) ? Shapes.UNKNOWN : Math.max(0, (long) Math.ceil(length));
  }

  private static Value oneHot(Call call) {
    Value indices = call.input(0);
    if (!indices.isRanked()) {
      return Value.of(call.input(2).dtype(), (long[]) null);
    }
    long axis = call.integer("axis", -1);
    int place = (int) (axis < 0 ? axis + indices.rank() + 1 : axis);
    long[] depth = call.input(1).integers();
    long[] sizes = new long[indices.rank() + 1];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = i == place ? (depth == null ? Shapes.UNKNOWN : depth[0]) : indices.sizes()[i < place ? i : i - 1];
    }
    return Value.of(call.input(2).dtype(), sizes);
  }

  private static List<Value> topK(Call call) {
    Value data = call.input(0);
    long[] sizes = data.isRanked() ? data.sizes().clone() : null;
    if (sizes != null) {
      long[] k = call.has("k") ? new long[] {call.integer("k", 0)} : call.input(1).integers();
      sizes[data.axis(call.integer("axis", -1))] = k == null ? Shapes.UNKNOWN : k[0];
    }
    return List.of(Value.of(data.dtype(), sizes), Value.of(DType.INT64, sizes));
  }

  private static long[] compress(Call call, Value data) {
    if (!call.has("axis")) {
      return Shapes.unknown(1);
    }
    long[] sizes = data.isRanked() ? data.sizes().clone() : null;
    if (sizes != null) {
      sizes[data.axis(call.integer("axis", 0))] = Shapes.UNKNOWN;
    }
    return sizes;
  }

  private static long[] gather(Call call, Value data) {
    Value indices = call.input(1);
    if (!data.isRanked() || !indices.isRanked()) {
      return null;
    }
    int axis = data.axis(call.integer("axis", 0));
    return LongStream.concat(LongStream.concat(Arrays.stream(data.sizes(), 0, axis), Arrays.stream(indices.sizes())),
        Arrays.stream(data.sizes(), axis + 1, data.rank())).toArray();
  }

  private static long[] gatherNd(Call call, Value data) {
    Value indices = call.input(1);
    if (!data.isRanked() || !indices.isRanked() || indices.sizes()[indices.rank() - 1] < 0) {
      return null;
    }
    int last = indices.rank() - 1;
    int read = (int) (call.integer("batch_dims", 0) + indices.sizes()[last]);
    return LongStream.concat(Arrays.stream(indices.sizes(), 0, last), Arrays.stream(data.sizes(), read, data.rank()))
        .toArray();
  }

  private static long[] slice(Call call, Value data) {
    if (!data.isRanked()) {
      return null;
    }
    long[] starts = call.integers("starts", 1);
    long[] ends = call.integers("ends", 2);
    boolean allAxes = !call.has("axes") && !call.has(3);
    int count = starts != null ? starts.length : ends != null ? ends.length : 0;
    long[] axes = allAxes ? LongStream.range(0, count).toArray() : call.integers("axes", 3);
    if (axes == null || count == 0) {
      return Shapes.unknown(data.rank());
    }
    long[] steps = call.has(4) ? call.input(4).integers() : null;
    long[] sizes = data.sizes().clone();
    for (int i = 0; i < axes.length; i++) {
      int axis = data.axis(axes[i]);
      boolean known = starts != null && ends != null && sizes[axis] >= 0 && (!call.has(4) || steps != null);
      sizes[axis] = known ? sliced(sizes[axis], starts[i], ends[i], steps == null ? 1 : steps[i]) : Shapes.UNKNOWN;
    }
    return sizes;
  }

  private static long sliced(long size, long start, long end, long step) {
    long from = start < 0 ? start + size : start;
    long to = end < 0 ? end + size : end;
    if (step > 0) {
      from = Math.max(0, Math.min(from, size));
      to = Math.max(0, Math.min(to, size));
      return Math.max(0, (to - from + step - 1) / step);
    }
    from = Math.max(0, Math.min(from, size - 1));
    to = Math.max(-1, Math.min(to, size - 1));
    return Math.max(0, (from - to - step - 1) / -step);
  }

  private static List<Value> split(Call call, Value data) {
    List<Value> outputs = new ArrayList<>();
    long[] parts = call.integers("split", 1);
    for (int i = 0; i < call.outputs(); i++) {
      long[] sizes = data.isRanked() ? data.sizes().clone() : null;
      if (sizes != null) {
        int axis = data.axis(call.integer("axis", 0));
        sizes[axis] = parts != null ? parts[i]
            : call.has(1) || sizes[axis] < 0 ? Shapes.UNKNOWN : part(sizes[axis], call.outputs(), i);
      }
      outputs.add(Value.of(data.dtype(), sizes));
    }
    return outputs;
  }

  /** One of several parts as equal as can be; the last one is smaller if they can't. */
  private static long part(long size, int count, int place) {
    long each = (size + count - 1) / count;
    return place < count - 1 ? each : size - each * (count - 1);
  }
}
