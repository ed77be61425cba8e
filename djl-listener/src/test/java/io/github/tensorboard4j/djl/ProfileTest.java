package io.github.tensorboard4j.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.listener.TrainingListener.BatchData;
import ai.djl.translate.Batchifier;
import io.github.tensorboard4j.djl.internal.TimedPass;
import io.github.tensorboard4j.testing.Recorded;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When it is measured what each layer takes, of which models, and what is left of it. */
class ProfileTest {

  @TempDir
  private Path logs;

  @Test
  void shouldFreeWhatLayersPutOutBeforeTheModelIsRunAgain() {
    List<NDArray> outputs = new ArrayList<>();
    List<Long> kept = new ArrayList<>();
    SequentialBlock block = new SequentialBlock().add(Linear.builder().setUnits(3).build())
        .add(new LambdaBlock(inputs -> {
          kept.add(outputs.stream().filter(array -> !array.isReleased()).count());
          NDArray output = inputs.head().mul(2);
          outputs.add(output);
          return new NDList(output);
        }));
    try (TensorBoardListener listener =
        TensorBoardListener.builder(logs.resolve("run")).withoutGraph().profileIteration(1).build()) {
      Trainings.on("PyTorch", block, Trainings.config(listener), trainer -> {
        outputs.clear();
        kept.clear();
        try (Batch batch = batch(trainer)) {
          EasyTrain.trainBatch(trainer, batch);
        }
      });
    }

    assertThat(profile()).contains("linear");
    assertThat(kept).hasSizeGreaterThan(3).as("beside the training's own").containsOnly(0L, 1L);
  }

  @Test
  void shouldNotMeasureAModelWhereItIsNotTrained() {
    DefaultTrainingConfig config = Trainings.config().optDevices(new Device[] {Device.gpu(1)});
    String logged;
    try (TensorBoardListener listener =
        TensorBoardListener.builder(logs.resolve("run")).withoutGraph().profileIteration(1).addTo(config);
        Model model = Model.newInstance("model", Device.cpu(), "PyTorch")) {
      SequentialBlock block = new SequentialBlock().add(Linear.builder().setUnits(3).build());
      block.initialize(model.getNDManager(), DataType.FLOAT32, new Shape(4, 6));
      model.setBlock(block);
      try (Trainer trainer = model.newTrainer(config); Batch batch = batch(trainer)) {
        logged = Logged.during(() -> trainer.notifyListeners(
            told -> told.onTrainingBatch(trainer, new BatchData(batch, Map.of(), Map.of()))));
      }
      listener.flush();
    }

    assertThat(profile()).isEmpty();
    assertThat(logged).contains("What each layer takes is left out, for the model is on cpu(), where it isn't trained");
  }

  @Test
  void shouldSayThatALoopWithoutBatchesIsNotMeasured() {
    String logged = Logged.during(() -> {
      try (TensorBoardListener listener =
          TensorBoardListener.builder(logs.resolve("run")).profileIteration(2).build()) {
        Trainings.onPyTorch(Trainings.config(listener), trainer -> Trainings.eachBatch(trainer,
            batch -> listener.batch(trainer, OwnLoopTest.step(trainer, batch), batch.getSize())));
      }
    });

    assertThat(logged.lines().filter(line -> line.contains("What each layer takes"))).singleElement().asString()
        .contains("is left out, for the loop that trains tells its listeners of no batch's data");
  }

  @Test
  void shouldNameTheOperationsOfALaterTrainersGraph() throws IOException {
    try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run")).profileIteration(7).build()) {
      for (int training = 0; training < 2; training++) {
        Trainings.onPyTorch(Trainings.config(listener), trainer -> Trainings.fitWithoutValidation(trainer, 1));
      }
    }

    StringBuilder written = new StringBuilder();
    for (Path file : Recorded.files(logs.resolve("run/train"))) {
      written.append(Files.readString(file, StandardCharsets.ISO_8859_1));
    }
    assertThat(Recorded.in(logs.resolve("run/train")).graphs()).isOne();
    assertThat(written.substring(written.indexOf("iteration 7"))).contains("02_linear/", "04_linear/");
  }

  /** MXNet computes while the thread goes on, on a CPU too. */
  @Test
  void shouldWaitForAnEngineThatComputesLater() {
    Assumptions.assumeTrue(Engine.hasEngine("MXNet"));
    SequentialBlock block = new SequentialBlock()
        .add(new LambdaBlock(inputs -> new NDList(inputs.head().matMul(inputs.head())), "much"))
        .add(new LambdaBlock(inputs -> new NDList(inputs.head().get("0:1")), "little"));
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "MXNet")) {
      Map<String, TimedPass.Cost> costs =
          TimedPass.run(block, manager, new NDList(manager.ones(new Shape(1500, 1500))), 3);

      assertThat(costs.get("01_much").nanos()).isGreaterThan(10 * costs.get("02_little").nanos());
    }
  }

  /** Returns a batch of four examples. */
  private static Batch batch(Trainer trainer) {
    NDManager manager = trainer.getManager().newSubManager();
    return new Batch(manager, new NDList(manager.randomNormal(new Shape(4, 6))),
        new NDList(manager.create(new int[] {0, 1, 2, 0})), 4, Batchifier.STACK, Batchifier.STACK, 0, 0);
  }

  /** Returns the table of what each layer takes, empty if there is none. */
  private String profile() {
    return Recorded.in(logs.resolve("run/train")).texts().stream().filter(text -> text.contains("share")).findFirst()
        .orElse("");
  }
}
