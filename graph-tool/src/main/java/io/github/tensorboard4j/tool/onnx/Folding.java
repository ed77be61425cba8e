package io.github.tensorboard4j.tool.onnx;

import io.github.tensorboard4j.DType;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;

/** Works out the numbers that shapes are made of; what is not known among them is NaN, and so is what comes of it. */
final class Folding {

  private Folding() {}

  /** Returns the output with its numbers, if they can be known. */
  static Value fold(Call call, Value output) {
    if (output.numbers() != null || !output.isRanked() || output.rank() > 1 || !call.operation().domain.isEmpty()) {
      return output;
    }
    double[] numbers = numbers(call, output);
    boolean fits = numbers != null && numbers.length <= Constant.MAX_NUMBERS
        && (output.rank() == 0 ? numbers.length == 1 : output.sizes()[0] == numbers.length);
    return fits ? output.with(rounded(numbers, output.dtype())) : output;
  }

  private static double[] numbers(Call call, Value output) {
    double[] first = call.input(0).numbers();
    return switch (call.op()) {
      case "Shape" -> shape(call);
      case "Size" -> call.input(0).isRanked() ? new double[] {size(Shapes.product(call.input(0).sizes()))} : null;
      case "Identity", "Cast", "Squeeze", "Unsqueeze", "Reshape" -> first;
      case "Neg" -> each(first, number -> -number);
      case "Abs" -> each(first, Math::abs);
      case "Floor" -> each(first, Math::floor);
      case "Ceil" -> each(first, Math::ceil);
      case "Not" -> each(first, number -> Double.isNaN(number) ? number : number == 0 ? 1 : 0);
      case "Add" -> both(call, Double::sum);
      case "Sub" -> both(call, (a, b) -> a - b);
      case "Mul" -> both(call, (a, b) -> a * b);
      case "Div" -> both(call, (a, b) -> b == 0 ? Double.NaN : a / b);
      case "Mod" -> call.integer("fmod", 0) != 0 ? null
          : both(call, (a, b) -> b == 0 ? Double.NaN : a - Math.floor(a / b) * b);
      case "Max" -> call.inputs().size() == 2 ? both(call, Math::max) : null;
      case "Min" -> call.inputs().size() == 2 ? both(call, Math::min) : null;
      case "Equal" -> both(call, (a, b) -> truth(a, b, a == b));
      case "Greater" -> both(call, (a, b) -> truth(a, b, a > b));
      case "Less" -> both(call, (a, b) -> truth(a, b, a < b));
      case "And" -> both(call, (a, b) -> truth(a, b, a != 0 && b != 0));
      case "Or" -> both(call, (a, b) -> truth(a, b, a != 0 || b != 0));
      case "Where" -> where(call, output);
      case "Concat" -> concat(call);
      case "Gather" -> gather(first, call.input(1).numbers());
      case "Slice" -> slice(call, first);
      case "ConstantOfShape" -> filled(call, output);
      case "Range" -> range(call, output);
      case "ReduceProd" -> first == null || call.input(0).rank() != 1 ? null
          : new double[] {Arrays.stream(first).reduce(1, (a, b) -> a * b)};
      default -> null;
    };
  }

  /** Whole numbers are cut, as the division of such and a cast to such do; truth is 0 or 1. */
  private static double[] rounded(double[] numbers, DType dtype) {
    return switch (dtype) {
      case FLOAT -> each(numbers, number -> (float) number);
      case DOUBLE -> numbers;
      case INT64, INT32 -> each(numbers, number -> Double.isNaN(number) ? number : (double) (long) number);
      case BOOL -> each(numbers, number -> Double.isNaN(number) ? number : number == 0 ? 0 : 1);
      default -> null;
    };
  }

  private static double size(long size) {
    return size < 0 ? Double.NaN : size;
  }

  private static double truth(double a, double b, boolean value) {
    return Double.isNaN(a) || Double.isNaN(b) ? Double.NaN : value ? 1 : 0;
  }

  private static double[] each(double[] numbers, DoubleUnaryOperator function) {
    return numbers == null ? null : Arrays.stream(numbers).map(function).toArray();
  }

  private static double[] both(Call call, DoubleBinaryOperator function) {
    double[] a = call.input(0).numbers();
    double[] b = call.input(1).numbers();
    if (a == null || b == null || a.length != b.length && a.length != 1 && b.length != 1) {
      return null;
    }
    double[] results = new double[a.length == 1 ? b.length : a.length];
    for (int i = 0; i < results.length; i++) {
      results[i] = function.applyAsDouble(at(a, i), at(b, i));
    }
    return results;
  }

  private static double at(double[] numbers, int place) {
    return numbers.length == 1 ? numbers[0] : numbers[place];
  }

  private static double[] shape(Call call) {
    Value data = call.input(0);
    if (!data.isRanked()) {
      return null;
    }
    int start = Lookups.clamped(call.integer("start", 0), data.rank());
    int end = Lookups.clamped(call.integer("end", Long.MAX_VALUE), data.rank());
    return Arrays.stream(data.sizes(), start, Math.max(start, end)).mapToDouble(Folding::size).toArray();
  }

  private static double[] where(Call call, Value output) {
    double[] condition = call.input(0).numbers();
    double[] then = call.input(1).numbers();
    double[] otherwise = call.input(2).numbers();
    if (condition == null || then == null || otherwise == null) {
      return null;
    }
    double[] results = new double[output.rank() == 0 ? 1 : (int) output.sizes()[0]];
    for (int i = 0; i < results.length; i++) {
      double known = at(condition, i);
      results[i] = Double.isNaN(known) ? (at(then, i) == at(otherwise, i) ? at(then, i) : Double.NaN)
          : known != 0 ? at(then, i) : at(otherwise, i);
    }
    return results;
  }

  private static double[] concat(Call call) {
    DoubleStream all = DoubleStream.empty();
    for (Value input : call.inputs()) {
      if (!input.isRanked() || input.rank() != 1 || input.sizes()[0] < 0) {
        return null;
      }
      double[] unknown = new double[(int) Math.min(input.sizes()[0], Constant.MAX_NUMBERS + 1)];
      Arrays.fill(unknown, Double.NaN);
      all = DoubleStream.concat(all, Arrays.stream(input.numbers() == null ? unknown : input.numbers()));
    }
    return all.toArray();
  }

  private static double[] gather(double[] numbers, double[] places) {
    return numbers == null || places == null ? null : Arrays.stream(places)
        .map(place -> Double.isNaN(place) ? place : numbers[(int) (place < 0 ? place + numbers.length : place)]).toArray();
  }

  private static double[] slice(Call call, double[] numbers) {
    long[] starts = call.integers("starts", 1);
    long[] ends = call.integers("ends", 2);
    long[] steps = call.has(4) ? call.input(4).integers() : new long[] {1};
    if (numbers == null || starts == null || ends == null || steps == null || steps[0] != 1) {
      return null;
    }
    int from = Lookups.clamped(starts[0], numbers.length);
    return Arrays.copyOfRange(numbers, from, Math.max(from, Lookups.clamped(ends[0], numbers.length)));
  }

  private static double[] filled(Call call, Value output) {
    if (output.rank() != 1 || output.sizes()[0] < 0 || output.sizes()[0] > Constant.MAX_NUMBERS) {
      return null;
    }
    Constant value = call.operation().constant;
    double[] numbers = new double[(int) output.sizes()[0]];
    Arrays.fill(numbers, value == null ? 0 : value.numbers() == null ? Double.NaN : value.numbers()[0]);
    return numbers;
  }

  private static double[] range(Call call, Value output) {
    if (output.sizes()[0] < 0 || output.sizes()[0] > Constant.MAX_NUMBERS) {
      return null;
    }
    double[] numbers = new double[(int) output.sizes()[0]];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = call.input(0).numbers()[0] + i * call.input(2).numbers()[0];
    }
    return numbers;
  }
}
