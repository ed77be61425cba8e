package io.github.tensorboard4j.tool;

import io.github.tensorboard4j.dl4j.Dl4jGraph;
import io.github.tensorboard4j.graph.ModelGraph;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Reads what Deeplearning4j and SameDiff save. */
final class Dl4jModels {

  private Dl4jModels() {}

  /**
   * Draws a network by its configuration, from which the shapes of its parameters follow: the weights stay in the file.
   */
  static ModelGraph readZip(Path model, List<long[]> inputs) throws IOException {
    try {
      String json = configuration(model);
      // only a graph's configuration has vertices
      return json.contains("\"networkInputs\"")
          ? drawGraph(ComputationGraphConfiguration.fromJson(json), inputs, model)
          : drawLayers(MultiLayerConfiguration.fromJson(json), inputs, model);
    } catch (RuntimeException e) {
      throw new IOException(model + " can't be read as a Deeplearning4j model: " + e.getMessage()
          + ". If it has layers of your own, draw it in your program: Dl4jGraph.of(network, inputType)", e);
    }
  }

  /** Draws a network; an input that does not fit is no fault of the model. */
  private static ModelGraph drawn(Supplier<ModelGraph> drawing, Path model) throws IOException {
    try {
      return drawing.get();
    } catch (IllegalArgumentException e) {
      throw new IOException(model + ": " + e.getMessage(), e);
    }
  }

  private static ModelGraph drawGraph(ComputationGraphConfiguration configuration, List<long[]> inputs, Path model)
      throws IOException {
    ComputationGraph network = new ComputationGraph(configuration);
    long parameters = configuration.getVertices().values().stream().mapToLong(vertex -> vertex.numParams(true)).sum();
    requireAtMost(configuration.getNetworkInputs().size(), inputs, model);
    try (UntouchedParameters untouched = new UntouchedParameters(configuration.getDataType(), parameters)) {
      network.init(untouched.row(), false);
      return inputs.isEmpty()
          ? Dl4jGraph.of(network)
          : drawn(() -> Dl4jGraph.of(network, Dl4jGraph.inputTypes(network, arrays(inputs))), model);
    }
  }

  private static ModelGraph drawLayers(MultiLayerConfiguration configuration, List<long[]> inputs, Path model)
      throws IOException {
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    long parameters = configuration.getConfs().stream()
        .mapToLong(layer -> layer.getLayer().initializer().numParams(layer)).sum();
    requireAtMost(1, inputs, model);
    try (UntouchedParameters untouched = new UntouchedParameters(configuration.getDataType(), parameters)) {
      network.init(untouched.row(), false);
      return inputs.isEmpty()
          ? Dl4jGraph.of(network, null)
          : drawn(() -> Dl4jGraph.of(network, Dl4jGraph.inputType(network, arrays(inputs)[0])), model);
    }
  }

  static ModelGraph readSameDiff(Path model, List<long[]> inputs) throws IOException {
    SameDiff graph;
    try {
      graph = SameDiff.load(model.toFile(), false);
    } catch (RuntimeException e) {
      String reason = e.getMessage() == null ? "" : ": " + e.getMessage();
      throw new IOException(model + " is no SameDiff file, or it is broken" + reason, e);
    }
    if (graph.getOps().isEmpty()) {
      throw new IOException(model + " is no SameDiff file, or it is broken: there is no operation in it");
    }
    if (inputs.isEmpty()) {
      return Dl4jGraph.of(graph);
    }
    List<String> names = graph.inputs();
    if (names.size() != inputs.size()) {
      throw new IOException(model + " has the inputs " + names + ": give --input for each, or for none");
    }
    Map<String, INDArray> placeholders = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      SDVariable variable = graph.getVariable(names.get(i));
      placeholders.put(names.get(i), Nd4j.zeros(variable.dataType(), inputs.get(i)));
    }
    return Dl4jGraph.of(graph, placeholders);
  }

  private static String configuration(Path model) throws IOException {
    try (ZipFile zip = new ZipFile(model.toFile());
        InputStream in = zip.getInputStream(zip.getEntry(ModelSerializer.CONFIGURATION_JSON))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void requireAtMost(int taken, List<long[]> inputs, Path model) throws IOException {
    if (inputs.size() > taken) {
      throw new IOException(model + " takes " + taken + (taken == 1 ? " input" : " inputs") + ", but --input is given "
          + inputs.size() + " times");
    }
  }

  private static INDArray[] arrays(List<long[]> shapes) {
    return shapes.stream().map(Nd4j::create).toArray(INDArray[]::new);
  }
}
