package io.github.tensorboard4j.djl;

import static io.github.tensorboard4j.graph.testing.Graphs.edges;
import static io.github.tensorboard4j.graph.testing.Graphs.node;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.translate.TranslateException;
import com.sun.management.ThreadMXBean;
import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.graph.Node;
import io.github.tensorboard4j.testing.Recorded;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models of which TorchScript blocks are all or a part. */
class TorchScriptGraphTest {

  private static final Shape ROW = new Shape(1, 8);

  @TempDir
  private Path directory;

  @Test
  void shouldDrawWhatTheScriptOfATrainedModelDoes() {
    try (Model model = ScriptFiles.load(ScriptFiles.of("scripted-perceptron"));
        Trainer trainer = model.newTrainer(Trainings.config())) {
      trainer.initialize(ROW);

      ModelGraph graph = DjlGraph.of(trainer);

      assertThat(edges(graph)).containsExactly(
          "input [?, 8] -> hidden/Linear", "hidden/weight [16, 8] -> hidden/Linear", "hidden/bias [16] -> hidden/Linear",
          "hidden/Linear [?] -> Relu", "Relu [?] -> output/Linear", "output/weight [4, 16] -> output/Linear",
          "output/bias [4] -> output/Linear", "output/Linear [?, 4] -> loss/CrossEntropy", "labels [?] -> loss/CrossEntropy",
          "loss/CrossEntropy [] -> SGD/gradients", "SGD/gradients [212] -> SGD/Apply");
      assertThat(node(graph, "hidden/weight").attributes().get("framework_name")).hasToString("hidden.weight");
    }
  }

  @Test
  void shouldDrawAScriptBetweenBlocks() {
    try (Model script = ScriptFiles.load(ScriptFiles.of("traced-perceptron"))) {
      Block block = new SequentialBlock().add(Linear.builder().setUnits(8).build()).add(script.getBlock())
          .add(Linear.builder().setUnits(2).optBias(false).build());
      Trainings.on("PyTorch", block, onCpu(), ROW, trainer -> {
        ModelGraph graph = DjlGraph.of(trainer);

        assertThat(edges(graph)).contains(
            "01_linear/BiasAdd [?, 8] -> 02_pt_symbol/hidden/Linear",
            "02_pt_symbol/hidden/weight [16, 8] -> 02_pt_symbol/hidden/Linear",
            "02_pt_symbol/hidden/Linear [?] -> 02_pt_symbol/Relu", "02_pt_symbol/Relu [?] -> 02_pt_symbol/output/Linear",
            "02_pt_symbol/output/Linear [?, 4] -> 03_linear/MatMul", "03_linear/MatMul [?, 2] -> loss/CrossEntropy");
        assertThat(graph.nodes()).noneMatch(node -> node.attributes().containsKey("note"));
      });
    }
  }

  @Test
  void shouldDrawScriptsSideBySide() {
    try (Model one = ScriptFiles.load(ScriptFiles.of("scripted-perceptron"));
        Model other = ScriptFiles.load(ScriptFiles.of("traced-perceptron"))) {
      Block block = new ParallelBlock(results -> new NDList(results.get(0).head().add(results.get(1).head())))
          .add(one.getBlock()).add(other.getBlock());
      Trainings.on("PyTorch", block, onCpu(), ROW, trainer -> assertThat(edges(DjlGraph.of(trainer))).contains(
          "input [?, 8] -> 01_pt_symbol/hidden/Linear", "input [?, 8] -> 02_pt_symbol/hidden/Linear",
          "01_pt_symbol/output/Linear [?, 4] -> Add", "02_pt_symbol/output/Linear [?, 4] -> Add"));
    }
  }

  @Test
  void shouldDrawSeveralInputsAndResults() {
    Path file = ScriptFiles.perceptron(directory, """
        def forward(self: __torch__.Perceptron,
            x: Tensor,
            y: Tensor,
            mask: Optional[Tensor]=None) -> Tuple[Tensor, Tensor]:
          if torch.__isnot__(mask, None):
            z = torch.mul(y, unchecked_cast(Tensor, mask))
          else:
            z = y
          h = torch.sub((self.hidden).forward(x, ), (self.hidden).forward(z, ))
          return ((self.output).forward(h, ), torch.exp(h))
        """);
    try (Model model = ScriptFiles.load(file)) {
      ModelGraph two = DjlGraph.of(model, ROW, ROW);
      ModelGraph three = DjlGraph.of(model, ROW, ROW, ROW);

      assertThat(edges(two)).contains("input [?, 8] -> hidden/Linear", "input_b [?, 8] -> hidden/Linear_b",
          "hidden/Linear [?] -> Sub", "hidden/Linear_b [?] -> Sub", "Sub [?] -> output/Linear", "Sub [?] -> Exp");
      assertThat(node(two, "output/Linear").outputs().get(0).shape()).hasToString("[?, 4]");
      assertThat(node(two, "Exp").outputs().get(0).shape()).hasToString("[?, 16]");
      assertThat(edges(three)).contains("input_b [?, 8] -> Mul", "input_c [?, 8] -> Mul", "Mul [?] -> hidden/Linear_b");
    }
  }

  @ParameterizedTest
  @CsvSource({"scripted-perceptron, 8", "scripted-convolutional, 1 8 8", "scripted-training, 1 8 8",
      "traced-convolutional, 1 8 8",
      "scripted-attention, 3 8", "traced-attention, 3 8"})
  void shouldCallParametersAsTheTagsOfTheirHistograms(String archive, String inputs) throws Exception {
    Shape shape = new Shape(Stream.of(("2 " + inputs).split(" ")).mapToLong(Long::parseLong).toArray());
    List<String> drawn = new ArrayList<>();
    List<String> nested = new ArrayList<>();
    try (Model model = ScriptFiles.load(ScriptFiles.of(archive))) {
      train(model, shape, directory.resolve("run"), trainer -> drawn.addAll(trained(DjlGraph.of(trainer))));
    }
    try (Model script = ScriptFiles.load(ScriptFiles.of(archive)); Model model = Model.newInstance("outer", "PyTorch")) {
      model.setBlock(new SequentialBlock().add(script.getBlock()).add(Linear.builder().setUnits(2).build()));
      train(model, shape, directory.resolve("nested"), trainer -> nested.addAll(trained(DjlGraph.of(trainer))));
    }

    assertThat(histograms("run")).hasSizeGreaterThan(3).containsExactlyInAnyOrderElementsOf(drawn);
    assertThat(histograms("nested")).hasSizeGreaterThan(5).containsExactlyInAnyOrderElementsOf(nested);
  }

  private List<String> histograms(String run) {
    return Recorded.in(directory.resolve(run + "/train")).histograms().keySet().stream()
        .map(tag -> tag.replaceFirst("^layer_", "")).toList();
  }

  private static List<String> trained(ModelGraph graph) {
    assertThat(graph.nodes()).noneMatch(node -> node.attributes().containsKey("note"));
    return graph.nodes().stream().filter(node -> node.op().equals("Variable"))
        .filter(node -> node.attributes().get("trainable").toString().equals("true")).map(Node::name).toList();
  }

  /** Trains on two examples, after something else was done with the trainer. */
  private static void train(Model model, Shape shape, Path run, Consumer<Trainer> first)
      throws IOException, TranslateException {
    try (TensorBoardListener listener = TensorBoardListener.builder(run).build();
        Trainer trainer = model.newTrainer(new DefaultTrainingConfig(Loss.l2Loss()).addTrainingListeners(listener)
            .optDevices(new Device[] {Device.cpu()}))) {
      trainer.initialize(shape);
      first.accept(trainer);
      NDManager manager = trainer.getManager();
      NDArray data = manager.ones(shape);
      NDArray labels = manager.zeros(trainer.forward(new NDList(data)).head().getShape());
      EasyTrain.fit(
          trainer, 1, new ArrayDataset.Builder().setData(data).optLabels(labels).setSampling(2, false).build(), null);
    }
  }

  @Test
  void shouldDrawAModelThatWasSavedWhileItWasTrainedAsItIsWhenItIsNot() {
    try (Model model = ScriptFiles.load(ScriptFiles.of("scripted-training"))) {
      assertThat(DjlGraph.of(model, new Shape(1, 1, 8, 8)).nodes()).extracting(Node::name)
          .contains("features/0/Conv2D", "features/1/running_mean", "features/2/Relu", "blocks/1/Conv2D", "LogSoftmax")
          .noneMatch(name -> name.contains("num_batches") || name.endsWith("/2"));
    }
  }

  @Test
  void shouldTrainTheSameWithTheGraph() {
    assertThat(trainedNested(TensorBoardListener.builder(directory.resolve("run")).build()))
        .isDeepEqualTo(trainedNested(TensorBoardListener.builder(directory.resolve("without")).withoutGraph().build()));
    assertThat(Recorded.in(directory.resolve("run/train")).graphs()).isOne();
  }

  private static float[][] trainedNested(TrainingListener listener) {
    List<float[]> weights = new ArrayList<>();
    try (Model script = ScriptFiles.load(ScriptFiles.of("scripted-perceptron"))) {
      Block block = new SequentialBlock().add(Linear.builder().setUnits(8).build()).add(script.getBlock());
      Trainings.on("PyTorch", block, Trainings.config(listener), trainer -> {
        Trainings.fit(trainer, 2);
        for (Parameter parameter : trainer.getModel().getBlock().getParameters().values()) {
          weights.add(parameter.getArray().toFloatArray());
        }
      });
    }
    return weights.toArray(new float[0][]);
  }

  @Test
  void shouldDrawAScriptThatItCantFollowAsOneOperation() {
    Path file = ScriptFiles.perceptron(directory, """
        def forward(self: __torch__.Perceptron,
            x: Tensor) -> Tensor:
          return (self.output).forward((self.hidden).forward(x + 1, ), )
        """);
    try (Model model = ScriptFiles.load(file)) {
      List<ModelGraph> graphs = new ArrayList<>();
      String log = Logged.during(() -> graphs.add(DjlGraph.of(model, ROW)));

      assertThat(edges(graphs.get(0))).containsExactly("input [?, 8] -> pt_symbol", "hidden/weight [16, 8] -> pt_symbol",
          "hidden/bias [16] -> pt_symbol", "output/weight [4, 16] -> pt_symbol", "output/bias [4] -> pt_symbol");
      assertThat(node(graphs.get(0), "pt_symbol").attributes()).containsKey("note");
      assertThat(log.lines()).singleElement().asString()
          .contains("INFO", "PtSymbolBlock", "one operation", "its script can't be drawn", "unexpected '+'");
    }
  }

  @Test
  void shouldReadALargeScriptFromItsFileAlone() {
    int inputs = 1_100_000;
    Path file = ScriptFiles.perceptron(directory, inputs);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Model model = ScriptFiles.load(file); Model outer = Model.newInstance("outer", "PyTorch")) {
      Shape shape = new Shape(1, inputs);
      DjlGraph.of(model, shape);
      long before = threads.getCurrentThreadAllocatedBytes();
      ModelGraph known = DjlGraph.of(model, shape);
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      outer.setBlock(new SequentialBlock().add(model.getBlock()));
      List<ModelGraph> unknown = new ArrayList<>();
      String log = Logged.during(() -> unknown.add(DjlGraph.of(outer, shape)));

      assertThat(Arrays.asList("hidden/Linear", "Relu", "output/Linear"))
          .isSubsetOf(known.nodes().stream().map(Node::name).toList());
      assertThat(allocated).isLessThan(10_000_000);
      assertThat(unknown.get(0).nodes()).extracting(Node::op)
          .containsExactly("Placeholder", "Variable", "Variable", "Variable", "Variable", "PtSymbolBlock");
      assertThat(log).contains("its file isn't known", "70 MB of parameters", "the limit is 64 MB");
    }
  }

  @Test
  void shouldReadTheScriptOfAModelThatCameFromAStreamAndLeaveNoFile() throws Exception {
    List<Path> before = temporaryFiles();
    try (Model model = Model.newInstance("script", Device.cpu(), "PyTorch");
        InputStream in = Files.newInputStream(ScriptFiles.of("scripted-perceptron"))) {
      model.load(in, Map.of("trainParam", "true"));

      assertThat(edges(DjlGraph.of(model, ROW))).contains("hidden/Linear [?] -> Relu");
    }
    assertThat(temporaryFiles()).isSubsetOf(before);
  }

  private static List<Path> temporaryFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files.filter(file -> file.getFileName().toString().matches("tensorboard4j.*\\.pt")).toList();
    }
  }

  @Test
  void shouldNotTakeAnotherModelsFileForTheScript() {
    try (Model model = ScriptFiles.load(ScriptFiles.of("scripted-perceptron"));
        Model other = ScriptFiles.load(ScriptFiles.of("scripted-convolutional"))) {
      model.setBlock(other.getBlock());

      assertThat(DjlGraph.of(model, new Shape(1, 1, 8, 8)).nodes()).extracting(Node::name)
          .contains("features/0/Conv2D").doesNotContain("hidden/Linear");
    }
  }

  @Test
  void shouldDrawAFrozenScriptFromItsFileAloneForNothingSaysHowLargeItIs() {
    Shape shape = new Shape(1, 1, 8, 8);
    try (Model model = ScriptFiles.load(ScriptFiles.of("frozen-convolutional"));
        Model outer = Model.newInstance("outer", "PyTorch")) {
      outer.setBlock(new SequentialBlock().add(model.getBlock()));

      assertThat(edges(DjlGraph.of(model, shape))).startsWith("input [?, 1, 8, 8] -> Conv2D");
      assertThat(DjlGraph.of(outer, shape).nodes()).extracting(Node::op).containsExactly("Placeholder", "PtSymbolBlock");
    }
  }

  private static DefaultTrainingConfig onCpu() {
    return Trainings.config().optDevices(new Device[] {Device.cpu()});
  }
}
