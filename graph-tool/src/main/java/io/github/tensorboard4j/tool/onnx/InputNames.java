package io.github.tensorboard4j.tool.onnx;

import java.util.List;
import java.util.Map;

/** What ONNX's operators call the inputs that a model's constants are given to. */
final class InputNames {

  private static final Map<String, List<String>> NAMES = Map.ofEntries(
      Map.entry("Reshape", List.of("data", "shape")), Map.entry("Expand", List.of("input", "shape")),
      Map.entry("Squeeze", List.of("data", "axes")), Map.entry("Unsqueeze", List.of("data", "axes")),
      Map.entry("Slice", List.of("data", "starts", "ends", "axes", "steps")),
      Map.entry("Gather", List.of("data", "indices")), Map.entry("GatherElements", List.of("data", "indices")),
      Map.entry("GatherND", List.of("data", "indices")), Map.entry("Split", List.of("input", "split")),
      Map.entry("Pad", List.of("data", "pads", "value", "axes")), Map.entry("Tile", List.of("input", "repeats")),
      Map.entry("Resize", List.of("input", "roi", "scales", "sizes")), Map.entry("TopK", List.of("input", "k")),
      Map.entry("Clip", List.of("input", "min", "max")), Map.entry("ConstantOfShape", List.of("shape")),
      Map.entry("Range", List.of("start", "limit", "delta")), Map.entry("Pow", List.of("base", "exponent")),
      Map.entry("BatchNormalization", List.of("input", "gamma", "beta", "running_mean", "running_variance")),
      Map.entry("LayerNormalization", List.of("input", "gamma", "beta")),
      Map.entry("InstanceNormalization", List.of("input", "gamma", "beta")),
      Map.entry("GroupNormalization", List.of("input", "gamma", "beta")),
      Map.entry("RMSNormalization", List.of("input", "gamma")), Map.entry("PRelu", List.of("input", "alpha")),
      Map.entry("LSTM", List.of("input", "weight", "recurrent_weight", "bias", "lengths", "state", "cell", "peephole")),
      Map.entry("GRU", List.of("input", "weight", "recurrent_weight", "bias", "lengths", "state")),
      Map.entry("RNN", List.of("input", "weight", "recurrent_weight", "bias", "lengths", "state")),
      Map.entry("Conv", List.of("input", "weight", "bias")), Map.entry("ConvTranspose", List.of("input", "weight", "bias")),
      Map.entry("Gemm", List.of("input", "weight", "bias")), Map.entry("MatMul", List.of("weight", "weight")));

  private InputNames() {}

  /**
   * Returns the name of an input.
   *
   * @param op the operator
   * @param place the input's place
   * @param otherwise its name where the operator says none
   */
  static String of(String op, int place, String otherwise) {
    List<String> names = NAMES.getOrDefault(op, List.of());
    return place < names.size() ? names.get(place) : otherwise;
  }
}
