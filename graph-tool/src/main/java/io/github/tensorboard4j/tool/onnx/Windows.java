package io.github.tensorboard4j.tool.onnx;

import io.github.tensorboard4j.DType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** The operators on images, and on other data with channels and space behind the batch. */
final class Windows {

  private Windows() {}

  static List<Value> outputs(Call call) {
    Value data = call.input(0);
    return switch (call.op()) {
      case "Conv" -> List.of(Value.of(data.dtype(), conv(call, data, call.input(1))));
      case "ConvInteger" -> List.of(Value.of(DType.INT32, conv(call, data, call.input(1))));
      case "QLinearConv" -> List.of(Value.of(call.input(7).dtype(), conv(call, data, call.input(3))));
      case "ConvTranspose" -> List.of(Value.of(data.dtype(), transposed(call, data, call.input(1))));
      case "AveragePool", "LpPool" -> List.of(Value.of(data.dtype(), pool(call, data)));
      case "MaxPool" -> maxPool(data.dtype(), pool(call, data));
      case "GlobalAveragePool", "GlobalLpPool", "GlobalMaxPool" -> List.of(Value.of(data.dtype(), global(data)));
      case "MaxRoiPool" -> List.of(regions(call, data, call.integers("pooled_shape")));
      case "RoiAlign" -> List.of(regions(call, data,
          new long[] {call.integer("output_height", 1), call.integer("output_width", 1)}));
      case "GridSample" -> List.of(Value.of(data.dtype(), sampled(data, call.input(1))));
      case "DepthToSpace" -> List.of(Value.of(data.dtype(), blocks(data, call.integer("blocksize", 1), true)));
      case "SpaceToDepth" -> List.of(Value.of(data.dtype(), blocks(data, call.integer("blocksize", 1), false)));
      default -> List.of(Value.of(data.dtype(), resize(call, data)));
    };
  }

  private static long[] conv(Call call, Value data, Value weight) {
    if (!data.isRanked()) {
      return weight.isRanked() ? Shapes.unknown(weight.rank()) : null;
    }
    long[] sizes = Shapes.unknown(data.rank());
    sizes[0] = data.sizes()[0];
    sizes[1] = weight.isRanked() ? weight.sizes()[0] : Shapes.UNKNOWN;
    long[] kernel = kernel(call, weight);
    for (int i = 2; i < sizes.length && kernel != null; i++) {
      sizes[i] = slid(call, data.sizes()[i], i - 2, kernel);
    }
    return sizes;
  }

  private static long[] kernel(Call call, Value weight) {
    long[] kernel = call.integers("kernel_shape");
    return kernel != null || !weight.isRanked() ? kernel : Arrays.copyOfRange(weight.sizes(), 2, weight.rank());
  }

  private static long[] pool(Call call, Value data) {
    long[] kernel = call.integers("kernel_shape");
    if (!data.isRanked()) {
      return Shapes.unknown(kernel.length + 2);
    }
    long[] sizes = data.sizes().clone();
    for (int i = 2; i < sizes.length; i++) {
      sizes[i] = slid(call, sizes[i], i - 2, kernel);
    }
    return sizes;
  }

  /** The largest numbers, and where they stood. */
  private static List<Value> maxPool(DType dtype, long[] sizes) {
    return List.of(Value.of(dtype, sizes), Value.of(DType.INT64, sizes));
  }

  /** How many places a window has on a side of the image. */
  private static long slid(Call call, long size, int axis, long[] kernel) {
    long stride = at(call, "strides", axis, 1);
    String automatic = call.text("auto_pad", "NOTSET");
    if (size < 0 || kernel[axis] < 0) {
      return Shapes.UNKNOWN;
    }
    if (automatic.startsWith("SAME")) {
      return (size + stride - 1) / stride;
    }
    boolean padded = automatic.equals("NOTSET");
    long before = padded ? at(call, "pads", axis, 0) : 0;
    long after = padded ? at(call, "pads", axis + kernel.length, 0) : 0;
    long covered = (kernel[axis] - 1) * at(call, "dilations", axis, 1) + 1;
    long room = size + before + after - covered;
    if (room < 0) {
      return Shapes.UNKNOWN;
    }
    if (call.integer("ceil_mode", 0) == 0) {
      return room / stride + 1;
    }
    long places = (room + stride - 1) / stride + 1;
    // a window that would begin behind the image is left out, by newer runtimes only
    return (places - 1) * stride >= size + before ? Shapes.UNKNOWN : places;
  }

  private static long at(Call call, String attribute, int place, long otherwise) {
    long[] numbers = call.integers(attribute);
    return numbers == null ? otherwise : numbers[place];
  }

  private static long[] transposed(Call call, Value data, Value weight) {
    if (!data.isRanked()) {
      return weight.isRanked() ? Shapes.unknown(weight.rank()) : null;
    }
    long[] sizes = Shapes.unknown(data.rank());
    sizes[0] = data.sizes()[0];
    sizes[1] = weight.isRanked() ? Shapes.product(weight.sizes()[1], call.integer("group", 1)) : Shapes.UNKNOWN;
    long[] kernel = kernel(call, weight);
    long[] wanted = call.integers("output_shape");
    for (int i = 2; i < sizes.length && kernel != null; i++) {
      sizes[i] = wanted != null ? wanted[wanted.length - sizes.length + i] : spread(call, data.sizes()[i], i - 2, kernel);
    }
    return sizes;
  }

  private static long spread(Call call, long size, int axis, long[] kernel) {
    long stride = at(call, "strides", axis, 1);
    if (size < 0 || kernel[axis] < 0) {
      return Shapes.UNKNOWN;
    }
    if (call.text("auto_pad", "NOTSET").startsWith("SAME")) {
      return size * stride;
    }
    long covered = (kernel[axis] - 1) * at(call, "dilations", axis, 1) + 1;
    return stride * (size - 1) + at(call, "output_padding", axis, 0) + covered - at(call, "pads", axis, 0)
        - at(call, "pads", axis + kernel.length, 0);
  }

  private static long[] global(Value data) {
    if (!data.isRanked()) {
      return null;
    }
    long[] sizes = data.sizes().clone();
    Arrays.fill(sizes, 2, sizes.length, 1);
    return sizes;
  }

  private static Value regions(Call call, Value data, long[] pooled) {
    Value regions = call.input(1);
    return Value.of(data.dtype(), regions.isRanked() ? regions.sizes()[0] : Shapes.UNKNOWN,
        data.isRanked() ? data.sizes()[1] : Shapes.UNKNOWN, pooled[0], pooled[1]);
  }

  private static long[] sampled(Value data, Value grid) {
    if (!data.isRanked() || !grid.isRanked()) {
      return null;
    }
    long[] sizes = data.sizes().clone();
    System.arraycopy(grid.sizes(), 1, sizes, 2, sizes.length - 2);
    return sizes;
  }

  private static long[] blocks(Value data, long side, boolean toSpace) {
    if (!data.isRanked() || data.rank() != 4) {
      return null;
    }
    long[] sizes = data.sizes().clone();
    sizes[1] = toSpace ? divided(sizes[1], side * side) : Shapes.product(sizes[1], side * side);
    for (int i = 2; i < 4; i++) {
      sizes[i] = toSpace ? Shapes.product(sizes[i], side) : divided(sizes[i], side);
    }
    return sizes;
  }

  private static long divided(long size, long by) {
    return size < 0 ? Shapes.UNKNOWN : size / by;
  }

  private static long[] resize(Call call, Value data) {
    if (!data.isRanked()) {
      return null;
    }
    boolean old = call.op().equals("Upsample") || call.inputs().size() == 2;
    double[] listed = call.operation().reals.get("scales");
    double[] scales = listed != null ? listed : call.input(old ? 1 : 2).numbers();
    double[] wanted = call.input(3).numbers();
    long[] axes = call.integers("axes");
    axes = axes == null ? LongStream.range(0, data.rank()).toArray() : axes;
    boolean stretched = call.text("keep_aspect_ratio_policy", "stretch").equals("stretch");
    boolean crops = call.text("coordinate_transformation_mode", "").equals("tf_crop_and_resize");
    boolean bySize = wanted != null && wanted.length == axes.length && stretched;
    boolean byScale = scales != null && scales.length == axes.length && !crops && !call.has(3);
    if (!bySize && !byScale) {
      return Shapes.unknown(data.rank());
    }
    long[] sizes = data.sizes().clone();
    for (int i = 0; i < axes.length; i++) {
      int axis = data.axis(axes[i]);
      double size = bySize ? wanted[i] : sizes[axis] < 0 ? Double.NaN : Math.floor((float) sizes[axis] * (float) scales[i]);
      sizes[axis] = Double.isNaN(size) ? Shapes.UNKNOWN : (long) size;
    }
    return sizes;
  }
}
