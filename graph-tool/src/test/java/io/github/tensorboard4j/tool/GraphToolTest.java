package io.github.tensorboard4j.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.tensorboard4j.SummaryWriter;
import io.github.tensorboard4j.events.EventFileReader;
import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.graph.Node;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.tensorflow.framework.GraphDef;
import org.tensorflow.framework.NodeDef;
import picocli.CommandLine;

class GraphToolTest {

  private static final Path TORCHSCRIPT = Path.of("src/test/resources/torchscript/scripted-perceptron.pt");
  private static final Path EXPORTED = Path.of("src/test/resources/torchexport/convolutional.pt2");
  private static final Path ONNX = Path.of("src/test/resources/onnx/small.onnx");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path directory;

  @BeforeEach
  void setDirectory(@TempDir Path temporary) {
    directory = temporary;
  }

  @Test
  void shouldDrawEveryKindOfSavedModel() throws IOException {
    MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder().list()
        .layer(new DenseLayer.Builder().nIn(4).nOut(3).build())
        .layer(new OutputLayer.Builder().nIn(3).nOut(2).activation(Activation.SOFTMAX).build()).build());
    network.init();
    ModelSerializer.writeModel(network, directory.resolve("mlp.zip").toFile(), true);
    ComputationGraph graph = network.toComputationGraph();
    ModelSerializer.writeModel(graph, directory.resolve("graph.zip").toFile(), true);
    SameDiff function = SameDiff.create();
    function.placeHolder("x", DataType.FLOAT, -1, 4).mmul("y", function.var("w", Nd4j.rand(DataType.FLOAT, 4, 2)));
    function.save(directory.resolve("function.fb").toFile(), false);

    assertThat(names(directory.resolve("mlp.zip"))).contains("0_dense/weight", "0_dense/MatMul", "1_output/Softmax",
        "loss/Mean");
    assertThat(names(directory.resolve("graph.zip"), new long[] {1, 4})).contains("0_dense/MatMul", "0_dense/weight");
    assertThat(names(directory.resolve("function.fb"), new long[] {1, 4})).containsExactlyInAnyOrder("x", "w", "y");
    assertThat(names(ONNX)).contains("conv1/Conv", "conv1/weight");
    assertThat(names(TORCHSCRIPT, new long[] {1, 8})).contains("hidden/weight", "hidden/Linear", "output/bias");
    assertThat(names(EXPORTED)).contains("classifier/weight", "classifier/Linear");
    Path model = Files.createDirectory(directory.resolve("small"));
    Files.copy(TORCHSCRIPT, model.resolve("scripted-perceptron.pt"));
    assertThat(names(model)).contains("hidden/weight", "hidden/Linear", "output/bias");
    for (Path file : List.of(ONNX, EXPORTED)) {
      Path holder = Files.createDirectory(directory.resolve("directory-of-" + file.getFileName()));
      Files.copy(file, holder.resolve(file.getFileName()));
      assertThat(names(holder)).isEqualTo(names(file));
    }
  }

  @Test
  void shouldDrawADl4jModelByItsConfigurationAlone() throws IOException {
    NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder().updater(new Adam()).list()
        .layer(new DenseLayer.Builder().nIn(20_000).nOut(20_000).build())
        .layer(new FrozenLayer(new DenseLayer.Builder().nIn(20_000).nOut(2).build()))
        .layer(new LossLayer.Builder().activation(Activation.SOFTMAX).build());
    long before = Pointer.physicalBytes();

    MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
    ModelGraph graph = draw(zip("layers.zip", network.getLayerWiseConfigurations().toJson()));
    ModelGraph same = draw(zip("graph.zip", new NeuralNetConfiguration.Builder().updater(new Adam()).graphBuilder()
        .addInputs("in").addLayer("0", layers.build().getConf(0).getLayer(), "in").setOutputs("0").build().toJson()));

    assertThat(Pointer.physicalBytes() - before).isLessThan(20_000L * 20_000 * Float.BYTES / 2);
    assertThat(shapes(graph)).contains("0_dense/weight 20000x20000 trained", "0_dense/bias 20000 trained",
        "1_dense/weight 20000x2", "Adam/gradients 400020000");
    assertThat(shapes(same)).contains("0_dense/weight 20000x20000 trained");
  }

  private static ModelGraph draw(Path model) throws IOException {
    return ModelFormat.of(model).read(model, List.of());
  }

  /** A model without its weights. */
  private Path zip(String name, String configuration) throws IOException {
    Path file = directory.resolve(name);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("configuration.json"));
      zip.write(configuration.getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  private static List<String> shapes(ModelGraph graph) {
    return graph.nodes().stream().filter(node -> node.outputs().get(0).shape().isKnown())
        .map(node -> node.name() + " " + Arrays.stream(node.outputs().get(0).shape().sizes()).mapToObj(Long::toString)
            .collect(Collectors.joining("x"))
            + ("true".equals(String.valueOf(node.attributes().get("trainable"))) ? " trained" : ""))
        .toList();
  }

  @Test
  void shouldWriteALogDirectory() throws IOException {
    int code = run(ONNX.toString(), "--logdir", directory.toString(), "--run", "mine");

    assertThat(code).as(err.toString()).isZero();
    assertThat(out.toString()).contains("12 nodes", "tensorboard --logdir");
    try (Stream<Path> files = Files.list(directory.resolve("mine"))) {
      List<Path> written = files.toList();
      assertThat(written).hasSize(1);
      assertThat(graph(written.get(0))).contains("conv1/Conv", "fc/weight");
    }
  }

  @Test
  void shouldSayWhatIsWrongWithAFile() throws IOException {
    String logs = directory.resolve("logs").toString();
    Path text = Files.writeString(directory.resolve("notes.txt"), "no model");
    assertThat(run(text.toString(), "--logdir", logs)).isEqualTo(1);
    assertThat(err.toString()).contains("notes.txt is none of the models that can be drawn", "ONNX", "TorchScript");
    assertThat(run(directory.resolve("missing.zip").toString(), "--logdir", logs)).isEqualTo(1);
    assertThat(err.toString()).contains("missing.zip: there is no such file");
    Path broken = Files.writeString(directory.resolve("broken.fb"), "no flat buffer at all");
    assertThat(run(broken.toString(), "--logdir", logs)).isEqualTo(1);
    assertThat(err.toString()).contains("broken.fb is no SameDiff file, or it is broken").doesNotContain("Exception");
    assertThat(run(Files.createDirectory(directory.resolve("empty")).toString(), "--logdir", logs)).isEqualTo(1);
    assertThat(err.toString()).endsWith("empty is an empty directory" + System.lineSeparator());
    Path parameters = Files.createDirectory(directory.resolve("parameters"));
    Files.writeString(parameters.resolve("parameters-0000.params"), "");
    assertThat(run(parameters.toString(), "--logdir", logs)).isEqualTo(1);
    assertThat(err.toString()).contains("parameters can't be read as a DJL model", "A .params file holds parameters alone");
    Path notes = Files.createDirectory(directory.resolve("notes"));
    Files.writeString(notes.resolve("notes.md"), "");
    assertThat(run(notes.toString(), "--logdir", logs)).isEqualTo(1);
    assertThat(err.toString().lines().reduce((first, last) -> last).orElseThrow())
        .contains("notes can't be read as a DJL model").doesNotContain(".params");
    Path zip = Files.writeString(directory.resolve("broken.zip"), "PK\003\004 and no more");
    assertThat(run(zip.toString(), "--logdir", logs)).isEqualTo(1);
    assertThat(err.toString()).contains("broken.zip is a broken zip");
    assertThat(run(EXPORTED.toString(), "--input", "1x1x8x8", "--logdir", logs)).isEqualTo(1);
    assertThat(err.toString()).contains("convolutional.pt2 says the shapes of all its tensors; leave --input out");
    Path tensors = directory.resolve("tensors.pt");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(tensors))) {
      out.putNextEntry(new ZipEntry("tensors/data.pkl"));
    }
    assertThat(run(tensors.toString(), "--logdir", logs)).isEqualTo(1);
    assertThat(err.toString()).contains("and not its code; save it in Python with torch.export.save");
    assertThat(run(ONNX.toString(), "--input", "1xx", "--logdir", logs)).isEqualTo(2);
    assertThat(run(ONNX.toString(), "--input", "0x3", "--logdir", logs)).isEqualTo(2);
    assertThat(run()).isEqualTo(2);
    assertThat(directory.resolve("logs")).doesNotExist();
  }

  @Test
  void shouldSayThatASameDiffFileIsBrokenWhereverItBreaksOff() throws IOException {
    SameDiff function = SameDiff.create();
    function.placeHolder("x", DataType.FLOAT, -1, 4).mmul("y", function.var("w", Nd4j.rand(DataType.FLOAT, 4, 2)));
    function.save(directory.resolve("function.fb").toFile(), false);
    byte[] whole = Files.readAllBytes(directory.resolve("function.fb"));

    for (int length = 0; length < whole.length; length += whole.length / 20) {
      Path broken = Files.write(directory.resolve("broken.fb"), Arrays.copyOf(whole, length));
      assertThatIOException().as("%d bytes", length).isThrownBy(() -> draw(broken))
          .withMessageContaining("broken.fb is no SameDiff file, or it is broken").withMessageNotContaining("Exception");
    }
  }

  @Test
  void shouldRefuseInputsThatTheModelDoesNotTake() throws IOException {
    MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder().list()
        .layer(new OutputLayer.Builder().nIn(4).nOut(2).activation(Activation.SOFTMAX).build()).build());
    network.init();
    ModelSerializer.writeModel(network, directory.resolve("mlp.zip").toFile(), true);
    ModelSerializer.writeModel(network.toComputationGraph(), directory.resolve("graph.zip").toFile(), true);

    for (String model : List.of("mlp.zip", "graph.zip")) {
      assertThat(run(directory.resolve(model).toString(), "--input", "1x4", "--input", "1x4",
          "--logdir", directory.resolve("logs").toString())).isEqualTo(1);
      assertThat(err.toString()).contains(model + " takes 1 input, but --input is given 2 times");
      assertThat(run(directory.resolve(model).toString(), "--input", "1x784",
          "--logdir", directory.resolve("logs").toString())).isEqualTo(1);
      assertThat(err.toString())
          .contains(model + ": An input [?, 784] does not fit: Layer 0_output takes 4 values, but would"
              + " get 784 from such an input; the network takes [?, 4]");
    }
    for (Path file : List.of(ONNX, TORCHSCRIPT)) {
      assertThat(run(file.toString(), "--input", "1x8", "--input", "1x8", "--logdir", directory.resolve("logs").toString()))
          .isEqualTo(1);
      assertThat(err.toString()).endsWith("the model takes 1 input, but --input is given 2 times\n");
    }
    assertThat(directory.resolve("logs")).doesNotExist();
  }

  @Test
  void shouldCallARunByTheFirstNameThatSaysSomethingOfTheModel() throws IOException {
    Path file = Files.createDirectories(directory.resolve("bert/onnx")).resolve("model.onnx");
    Files.copy(ONNX, file);
    String logs = directory.resolve("logs").toString();

    assertThat(run(file.toString(), "--logdir", logs)).as(err.toString()).isZero();
    assertThat(run(ONNX.toString(), "--logdir", logs)).as(err.toString()).isZero();

    assertThat(out.toString()).contains("12 nodes in " + directory.resolve("logs/bert") + System.lineSeparator(),
        "12 nodes in " + directory.resolve("logs/small") + System.lineSeparator());
    assertThat(Run.name(Path.of("/model.onnx"))).isEqualTo("model");
    assertThat(Run.name(Path.of("/models/resnet.v2.onnx"))).isEqualTo("resnet.v2");
  }

  @Test
  void shouldNotMixTwoModelsInOneRun() throws IOException {
    Path first = Files.createDirectories(directory.resolve("a/encoder")).resolve("model.onnx");
    Path second = Files.createDirectories(directory.resolve("b/encoder")).resolve("model.pt");
    Files.copy(ONNX, first);
    Files.copy(TORCHSCRIPT, second);
    Path logs = directory.resolve("logs");

    assertThat(run(first.toString(), "--logdir", logs.toString())).isZero();
    assertThat(run(second.toString(), "--logdir", logs.toString())).isZero();
    assertThat(out.toString()).contains("nodes in " + logs.resolve("encoder_2"),
        "Another run is in " + logs.resolve("encoder") + "; --run gives this one");
    for (Path model : List.of(first, second)) {
      assertThat(run(model.toString(), "--logdir", logs.toString())).isZero();
    }
    assertThat(out.toString()).contains("already in " + logs.resolve("encoder") + System.lineSeparator(),
        "already in " + logs.resolve("encoder_2"));

    assertThat(run(second.toString(), "--logdir", logs.toString(), "--run", "encoder")).isEqualTo(1);
    assertThat(err.toString()).contains(logs.resolve("encoder") + " holds another graph");
    assertThat(run(second.toString(), "--logdir", logs.toString(), "--run", "encoder_2")).isZero();
    try (Stream<Path> files = Files.walk(logs)) {
      assertThat(files.filter(Files::isRegularFile)).hasSize(2);
    }
  }

  @Test
  void shouldLeaveATrainingsRunAlone() throws IOException {
    Path logs = directory.resolve("logs");
    try (SummaryWriter writer = SummaryWriter.open(logs.resolve("small"))) {
      writer.addScalar("loss", 1, 0);
    }

    assertThat(run(ONNX.toString(), "--logdir", logs.toString())).isZero();
    assertThat(out.toString()).contains("12 nodes in " + logs.resolve("small_2"));
    assertThat(run(ONNX.toString(), "--logdir", logs.toString(), "--run", "small")).as("asked for").isZero();
    assertThat(out.toString()).contains("12 nodes in " + logs.resolve("small") + System.lineSeparator());
  }

  @ParameterizedTest
  @ValueSource(strings = {"../elsewhere", "", ".", "a/../..", "/elsewhere"})
  void shouldRefuseARunOutsideOfTheLogDirectory(String run) throws IOException {
    Path logs = directory.resolve("logs");

    assertThat(run(ONNX.toString(), "--logdir", logs.toString(), "--run", run)).isEqualTo(1);
    assertThat(err.toString()).startsWith("--run is the name of a directory in " + logs + ", unlike '" + run + "'")
        .hasLineCount(1);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void shouldAskWhichOfSeveralModelsInADirectoryIsMeant() throws IOException {
    Path models = Files.createDirectory(directory.resolve("models"));
    Path first = Files.copy(ONNX, models.resolve("first.onnx"));
    Path second = Files.copy(TORCHSCRIPT, models.resolve("second.pt"));

    assertThat(run(models.toString(), "--logdir", directory.resolve("logs").toString())).isEqualTo(1);
    assertThat(err.toString().strip())
        .isEqualTo(models + " holds several models; name one of them: " + first + ", " + second);
  }

  @Test
  void shouldFailWhereNothingCanBeWritten() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));

    assertThat(run(ONNX.toString(), "--logdir", file.toString())).isEqualTo(1);
    assertThat(err.toString()).startsWith(file + " is not a directory").hasLineCount(1);
    assertThat(out.toString()).isEmpty();
  }

  private static List<String> names(Path model, long[]... inputs) throws IOException {
    ModelGraph graph = ModelFormat.of(model).read(model, List.of(inputs));
    return graph.nodes().stream().map(Node::name).toList();
  }

  private int run(String... arguments) {
    CommandLine commandLine = GraphTool.commandLine();
    commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }

  /** The node names of the graph in an event file, read by the framework's own protobuf classes. */
  private static List<String> graph(Path file) throws IOException {
    ByteBuffer graph = EventFileReader.readAll(file).stream().flatMap(event -> event.graphDef().stream())
        .findFirst().orElseThrow();
    return GraphDef.parseFrom(graph).getNodeList().stream().map(NodeDef::getName).toList();
  }
}
