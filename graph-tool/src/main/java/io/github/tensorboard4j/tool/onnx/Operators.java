package io.github.tensorboard4j.tool.onnx;

import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.graph.Attribute;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What ONNX's operators yield, by <a href="https://onnx.ai/onnx/operators">their specification</a>, and some of ONNX
 * Runtime's own.
 */
final class Operators {

  /** Those whose result is like their first input. */
  private static final Set<String> ALIKE = Set.of("Abs", "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh",
      "BitwiseNot", "Ceil", "Celu", "Clip", "Cos", "Cosh", "CumProd", "CumSum", "Elu", "Erf", "Exp", "Floor", "Gelu",
      "GroupNormalization", "HardSigmoid", "HardSwish", "Hardmax", "Identity", "InstanceNormalization", "LRN", "LeakyRelu",
      "Log", "LogSoftmax", "LpNormalization", "MeanVarianceNormalization", "Mish", "Neg", "Not", "PRelu",
      "RMSNormalization", "Reciprocal", "Relu", "ReverseSequence", "RotaryEmbedding", "Round", "Scatter",
      "ScatterElements", "ScatterND", "Selu", "Shrink", "Sigmoid", "Sign", "Sin", "Sinh", "Softmax", "Softplus",
      "Softsign", "Sqrt", "Swish", "Tan", "Tanh", "TensorScatter", "ThresholdedRelu", "Trilu");

  /** ONNX Runtime's, likewise. */
  private static final Set<String> RUNTIME_ALIKE = Set.of("BiasGelu", "BiasSplitGelu", "FastGelu", "Gelu", "QuickGelu",
      "RotaryEmbedding", "SimplifiedLayerNormalization", "SkipLayerNormalization", "SkipSimplifiedLayerNormalization");

  /** Those before version 7 that take the shape of their first input, whatever the second one's. */
  private static final Set<String> ONCE_ALIKE = Set.of("Add", "And", "Div", "Equal", "Greater", "Less", "Mul", "Or",
      "Pow", "Sub", "Xor");

  private Operators() {}

  /** Returns what is known of the outputs; there may be more of them. */
  static List<Value> outputs(Call call) {
    return switch (call.operation().domain) {
      case "", "ai.onnx" -> ofOnnx(call);
      case "com.microsoft" -> ofRuntime(call);
      default -> List.of();
    };
  }

  private static List<Value> ofRuntime(Call call) {
    return RUNTIME_ALIKE.contains(call.op()) ? List.of(shaped(call.input(0))) : List.of();
  }

  private static List<Value> ofOnnx(Call call) {
    if (ALIKE.contains(call.op()) || call.version() < 7 && ONCE_ALIKE.contains(call.op())) {
      return List.of(shaped(call.input(0)));
    }
    return switch (call.op()) {
      case "Add", "BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor", "Div", "Max", "Mean", "Min", "Mod", "Mul", "Pow",
          "Sub", "Sum" -> List.of(broadcast(call.input(0).dtype(), call));
      case "And", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Or", "Xor" ->
          List.of(broadcast(DType.BOOL, call));
      case "Where" -> List.of(broadcast(call.input(1).dtype(), call));
      case "IsInf", "IsNaN" -> List.of(Value.of(DType.BOOL, call.input(0).sizes()));
      case "Bernoulli", "Cast", "EyeLike", "RandomNormalLike", "RandomUniformLike" -> List.of(cast(call));
      case "CastLike" -> List.of(Value.of(call.input(1).dtype(), call.input(0).sizes()));
      case "QuantizeLinear" -> List.of(Value.of(quantized(call), call.input(0).sizes()));
      case "DequantizeLinear" ->
          List.of(Value.of(dtype(call, "output_dtype", call.input(1).dtype()), call.input(0).sizes()));
      case "DynamicQuantizeLinear" -> List.of(Value.of(DType.UINT8, call.input(0).sizes()), Value.of(DType.FLOAT),
          Value.of(DType.UINT8));
      case "BatchNormalization" -> normalization(call, List.of(shaped(call.input(0)), shaped(call.input(3))));
      case "LayerNormalization" -> normalization(call, List.of(shaped(call.input(0)), statistics(call)));
      case "Dropout" -> List.of(shaped(call.input(0)),
          Value.of(call.version() < 10 ? call.input(0).dtype() : DType.BOOL, call.input(0).sizes()));
      case "Constant" -> List.of(constant(call));
      case "ConstantOfShape" -> List.of(ofShape(call.operation().constant == null
          ? DType.FLOAT : call.operation().constant.type().dtype(), call.input(0)));
      case "RandomNormal", "RandomUniform" -> List.of(Value.of(dtype(call, "dtype", DType.FLOAT), call.integers("shape")));
      case "Shape", "Size", "Range", "NonZero", "OneHot", "TopK", "NonMaxSuppression", "Compress", "Multinomial" ->
          Lookups.outputs(call);
      case "Gather", "GatherElements", "GatherND", "Slice", "Split" -> Lookups.outputs(call);
      case "MatMul", "MatMulInteger", "QLinearMatMul", "Gemm", "Einsum", "LSTM", "GRU", "RNN", "Attention" ->
          Products.outputs(call);
      case "Conv", "ConvInteger", "QLinearConv", "ConvTranspose", "AveragePool", "LpPool", "MaxPool",
          "GlobalAveragePool", "GlobalLpPool", "GlobalMaxPool", "MaxRoiPool", "RoiAlign", "GridSample", "Resize",
          "Upsample", "DepthToSpace", "SpaceToDepth" -> Windows.outputs(call);
      case "Concat", "Expand", "Flatten", "Pad", "Reshape", "Squeeze", "Tile", "Transpose", "Unsqueeze" ->
          List.of(Layouts.output(call));
      case "ArgMax", "ArgMin", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean",
          "ReduceMin", "ReduceProd", "ReduceSum", "ReduceSumSquare" -> List.of(Layouts.reduced(call));
      default -> List.of();
    };
  }

  /** A value of the same type, of which the numbers are not known. */
  private static Value shaped(Value value) {
    return value.with(null);
  }

  private static Value broadcast(DType dtype, Call call) {
    long[] sizes = call.input(0).sizes();
    for (Value input : call.inputs()) {
      sizes = Shapes.broadcast(sizes, input.sizes());
    }
    return Value.of(dtype, sizes);
  }

  private static Value cast(Call call) {
    DType dtype = dtype(call, call.op().equals("Cast") ? "to" : "dtype",
        call.op().equals("Cast") ? DType.UNKNOWN : call.input(0).dtype());
    return Value.of(dtype, call.input(0).sizes());
  }

  private static DType dtype(Call call, String attribute, DType otherwise) {
    long code = call.integer(attribute, 0);
    return code <= 0 ? otherwise : OnnxModel.dtype((int) code);
  }

  private static DType quantized(Call call) {
    return call.has(2) ? call.input(2).dtype() : dtype(call, "output_dtype", DType.UINT8);
  }

  /** The result, and the statistics as often as they are asked for. */
  private static List<Value> normalization(Call call, List<Value> resultAndStatistics) {
    List<Value> outputs = new ArrayList<>(List.of(resultAndStatistics.get(0)));
    while (outputs.size() < call.outputs()) {
      outputs.add(resultAndStatistics.get(1));
    }
    return outputs;
  }

  /** One mean for each group of numbers that a layer normalization puts together, in single precision as a rule. */
  private static Value statistics(Call call) {
    Value input = call.input(0);
    if (!input.isRanked()) {
      return Value.UNKNOWN;
    }
    long[] sizes = input.sizes().clone();
    Arrays.fill(sizes, input.axis(call.integer("axis", -1)), sizes.length, 1);
    return Value.of(DType.UNKNOWN, sizes);
  }

  private static Value constant(Call call) {
    if (call.operation().constant != null) {
      return Value.of(call.operation().constant);
    }
    Attribute number = call.operation().attributes.get("value_int");
    if (number != null) {
      return Value.of(DType.INT64).with(new double[] {((Number) number.value()).doubleValue()});
    }
    long[] integers = call.integers("value_ints");
    if (integers != null) {
      return Value.of(DType.INT64, integers.length).with(Arrays.stream(integers).asDoubleStream().toArray());
    }
    double[] reals = call.operation().reals.get("value_floats");
    if (reals != null) {
      return Value.of(DType.FLOAT, reals.length).with(reals);
    }
    Attribute real = call.operation().attributes.get("value_float");
    return real == null ? Value.UNKNOWN : Value.of(DType.FLOAT).with(new double[] {((Number) real.value()).doubleValue()});
  }

  /** A tensor whose shape is a value; how many dimensions it has is known if the value's own shape is. */
  static Value ofShape(DType dtype, Value shape) {
    if (!shape.isRanked() || shape.rank() != 1 || shape.sizes()[0] < 0) {
      return Value.of(dtype, (long[]) null);
    }
    long[] sizes = Shapes.unknown((int) shape.sizes()[0]);
    for (int i = 0; shape.numbers() != null && i < sizes.length; i++) {
      sizes[i] = Double.isNaN(shape.numbers()[i]) ? Shapes.UNKNOWN : (long) shape.numbers()[i];
    }
    return Value.of(dtype, sizes);
  }
}
