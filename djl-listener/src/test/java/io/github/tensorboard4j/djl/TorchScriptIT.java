package io.github.tensorboard4j.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import io.github.tensorboard4j.testkit.Browser;
import io.github.tensorboard4j.testkit.Dashboard;
import io.github.tensorboard4j.testkit.GraphNode;
import io.github.tensorboard4j.testkit.Page;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What TensorBoard itself makes of a trained model with a TorchScript block in it. */
class TorchScriptIT {

  private static final Path SCREENSHOTS = Path.of("target/screenshots");
  private static final String BACKBONE = "01_pt_symbol";

  @TempDir
  private Path logs;

  /** Trains a layer on top of a convolutional network of torch, and the network with it. */
  @BeforeEach
  void train() throws Exception {
    try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("tuned")).build();
        Model backbone = ScriptFiles.load(ScriptFiles.of("scripted-convolutional"));
        Model model = Model.newInstance("tuned", Device.cpu(), "PyTorch")) {
      model.setBlock(new SequentialBlock().add(backbone.getBlock()).add(Linear.builder().setUnits(2).build()));
      try (Trainer trainer = model.newTrainer(Trainings.config(listener).optDevices(new Device[] {Device.cpu()}))) {
        trainer.initialize(new Shape(1, 1, 8, 8));
        NDManager manager = trainer.getManager();
        NDArray images = manager.randomUniform(0, 1, new Shape(16, 1, 8, 8));
        EasyTrain.fit(trainer, 2, new ArrayDataset.Builder().setData(images).optLabels(manager.zeros(new Shape(16)))
            .setSampling(8, false).build(), null);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldServeTheScriptsOperationsBetweenTheOthersAndItsHistogramsUnderTheSameNames(Loader loader) {
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      server.await("a graph", client -> client.graphs().keySet(), graphs -> graphs.contains("tuned/train"));
      List<GraphNode> nodes = server.client().graph("tuned/train");

      assertThat(node(nodes, BACKBONE + "/features/0/Conv2D").inputs())
          .containsExactly("input", BACKBONE + "/features/0/weight", BACKBONE + "/features/0/bias");
      assertThat(node(nodes, BACKBONE + "/features/2/Relu").inputs()).containsExactly(BACKBONE + "/features/1/BatchNorm");
      assertThat(node(nodes, BACKBONE + "/LogSoftmax").outputShapes()).containsExactly(List.of(-1L, 3L));
      assertThat(node(nodes, "02_linear/MatMul").inputs()).containsExactly(BACKBONE + "/LogSoftmax", "02_linear/weight");
      for (GraphNode node : nodes) {
        if (node.op().equals("Variable") && node.attributes().get("trainable").equals("true")) {
          assertThat(server.awaitHistograms("tuned/train", "layer_" + node.name(), 2)).as(node.name()).hasSize(2);
        }
      }
      assertThat(server.problems()).isEmpty();
    }
  }

  @Test
  void shouldBeDrawnInOnePiece() {
    try (Browser browser = Browser.start(); TensorBoardServer server = TensorBoardServer.start(logs, Loader.RUST)) {
      server.await("a graph", client -> client.graphs().keySet(), graphs -> graphs.contains("tuned/train"));
      Page folded = browser.open(server, Dashboard.GRAPHS);
      browser.screenshot(SCREENSHOTS.resolve("torchscript.png"));
      assertThat(folded.graphNodes())
          .containsExactlyInAnyOrder("input", BACKBONE, "02_linear", "labels", "loss", "SGD");
      assertThat(folded.graphEdges()).contains("input--" + BACKBONE, BACKBONE + "--02_linear");
      Page unfolded = browser.expandGraph();
      browser.screenshot(SCREENSHOTS.resolve("torchscript-unfolded.png"));

      assertThat(unfolded.graphNodes()).contains(BACKBONE + "/features/0/Conv2D", BACKBONE + "/blocks/1/weight")
          .noneMatch(name -> name.contains("["));
      assertThat(unfolded.graphEdges()).contains(BACKBONE + "/features/1--" + BACKBONE + "/features/2");
      assertThat(unfolded.consoleErrors()).isEmpty();
    }
  }

  private static GraphNode node(List<GraphNode> nodes, String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst().orElseThrow();
  }
}
