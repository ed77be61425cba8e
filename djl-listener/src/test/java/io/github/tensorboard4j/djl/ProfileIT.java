package io.github.tensorboard4j.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import io.github.tensorboard4j.testkit.GraphNode;
import io.github.tensorboard4j.testkit.ProfiledNode;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What TensorBoard serves to its Graphs page of an iteration that was profiled. */
class ProfileIT {

  private static final String RUN = "run/train";

  @TempDir
  private Path logs;

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldServeWhatEachLayerTakesUnderTheNamesOfTheGraph(Loader loader) {
    SequentialBlock block = new SequentialBlock()
        .add(Blocks.batchFlattenBlock())
        .add(new ParallelBlock(branches -> new NDList(branches.get(0).head().add(branches.get(1).head())))
            .add(Linear.builder().setUnits(8).build()).add(Linear.builder().setUnits(8).build()))
        .add(Activation.reluBlock())
        .add(new LambdaBlock(inputs -> {
          pause();
          return new NDList(inputs.head().mul(2));
        }, "slow"))
        .add(Linear.builder().setUnits(3).build());
    try (TensorBoardListener listener =
        TensorBoardListener.builder(logs.resolve("run")).profileIteration(2).build()) {
      Trainings.on("PyTorch", block, Trainings.config(listener), trainer -> Trainings.fitWithoutValidation(trainer, 1));
    }

    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      Map<String, Long> micros = micros(server, "iteration 2");
      assertThat(server.client().graph(RUN)).extracting(GraphNode::name).containsAll(micros.keySet());
      assertThat(micros.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey()).startsWith("04_slow");
      assertThat(bytes(server, "iteration 2").values()).contains(16L * 6 * 4, 16L * 8 * 4, 16L * 3 * 4);
      assertThat(server.client().graphs().get(RUN).tags()).containsOnlyKeys("iteration 2");
      assertThat(server.client().texts(RUN, "profile")).singleElement()
          .satisfies(text -> assertThat(text.html()).contains("slow"));
      assertThat(server.problems()).isEmpty();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, Long> micros(TensorBoardServer server, String tag) {
    return figures(server, tag, ProfiledNode::micros);
  }

  private static Map<String, Long> bytes(TensorBoardServer server, String tag) {
    return figures(server, tag, ProfiledNode::bytes);
  }

  /** Returns a figure of each operation that has one, by its name, in the order served. */
  private static Map<String, Long> figures(TensorBoardServer server, String tag, ToLongFunction<ProfiledNode> figure) {
    Map<String, Long> figures = new LinkedHashMap<>();
    for (ProfiledNode node : server.awaitProfile(RUN, tag)) {
      if (figure.applyAsLong(node) > 0) {
        figures.put(node.name(), figure.applyAsLong(node));
      }
    }
    return figures;
  }
}
