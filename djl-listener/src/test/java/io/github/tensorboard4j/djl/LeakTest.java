package io.github.tensorboard4j.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.EasyTrain;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.translate.Batchifier;
import ai.djl.util.PairList;
import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Structure;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Frequency;
import io.github.tensorboard4j.training.Guard;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class LeakTest {

  private static final int BATCHES = 10_000;
  private static final int WARM_UP = 2_000;
  private static final int UNITS = 512;

  private static final int WINDOWS = 4;

  /**
   * What the JVM itself needs in a part of the batches, for compiled code: far less than a copy of the weight a batch. It needs more
   * at one time than at another, while a leak goes on: so it is the median of the parts.
   */
  private static final long NOISE = (50L << 20) / WINDOWS;

  @TempDir
  private Path logs;

  /** Multiplies by a weight whose elements don't lie one after another, so that every view of it is a copy. */
  private static final class Transposed extends AbstractBlock {

    private final Parameter weight;

    Transposed(NDManager manager) {
      NDArray array = manager.randomNormal(0, 0.1f, new Shape(UNITS, 6), DataType.FLOAT32).transpose();
      weight = addParameter(
          Parameter.builder().setName("weight").setType(Parameter.Type.WEIGHT).optArray(array).build());
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
      NDArray input = inputs.singletonOrThrow();
      return new NDList(input.matMul(store.getValue(weight, input.getDevice(), training)));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
      return new Shape[] {new Shape(inputShapes[0].get(0), UNITS)};
    }
  }

  /** What glibc's {@code mallinfo2} returns about the native heap. */
  @Structure.FieldOrder({"arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks",
      "keepcost"})
  public static final class MallInfo extends Structure implements Structure.ByValue {
    public long arena;
    public long ordblks;
    public long smblks;
    public long hblks;
    public long hblkhd;
    public long usmblks;
    public long fsmblks;
    public long uordblks;
    public long fordblks;
    public long keepcost;
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void shouldLeaveNeitherArraysNorNativeMemoryBehind() {
    try (NDManager manager = NDManager.newBaseManager();
        TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run"))
            .batchFrequency(Frequency.iterations(1))
            .histogramFrequency(Frequency.iterations(1))
            .gradientFrequency(Frequency.iterations(1))
            .updateFrequency(Frequency.iterations(20))
            .activationFrequency(Frequency.iterations(20))
            .statisticsFrequency(Frequency.iterations(20))
            .guard(Guard.report().watchingTensors())
            .build()) {
      Block block = new SequentialBlock().add(new Transposed(manager)).add(Linear.builder().setUnits(3).build());
      Trainings.on("PyTorch", block, Trainings.config(listener), trainer -> train(trainer, manager));
    }

    assertThat(Recorded.in(logs.resolve("run/train")).histograms().get("layer_01_transposed/weight")).hasSize(BATCHES);
    assertThat(Recorded.in(logs.resolve("run/train")).scalar("batch_loss")).hasSize(BATCHES);
  }

  private static void train(Trainer trainer, NDManager manager) {
    NDManager model = trainer.getModel().getNDManager();
    long arrays = 0;
    String resources = "";
    List<Long> bytes = new ArrayList<>();
    for (int i = 0; i < BATCHES; i++) {
      if (i == WARM_UP) {
        arrays = model.getManagedArrays().size() + manager.getManagedArrays().size();
        resources = model + " " + manager + " " + trainer.getManager();
      }
      if (i >= WARM_UP && (i - WARM_UP) % ((BATCHES - WARM_UP) / WINDOWS) == 0) {
        bytes.add(nativeBytes());
      }
      batch(trainer);
      if (i % 1000 == 999) {
        trainer.notifyListeners(listener -> listener.onEpoch(trainer));
      }
    }

    assertThat(model.getManagedArrays().size() + manager.getManagedArrays().size()).isEqualTo((int) arrays);
    assertThat(model + " " + manager + " " + trainer.getManager()).isEqualTo(resources);
    bytes.add(nativeBytes());
    List<Long> growths = IntStream.range(0, WINDOWS).mapToObj(i -> bytes.get(i + 1) - bytes.get(i)).sorted().toList();
    assertThat((growths.get(1) + growths.get(2)) / 2).as("median of " + growths).isLessThan(NOISE);
  }

  private static void batch(Trainer trainer) {
    NDManager own = trainer.getManager().newSubManager();
    NDList data = new NDList(own.randomNormal(new Shape(4, 6)));
    NDList labels = new NDList(own.create(new int[] {0, 1, 2, 0}));
    try (Batch batch = new Batch(own, data, labels, 4, Batchifier.STACK, Batchifier.STACK, 0, 0)) {
      EasyTrain.trainBatch(trainer, batch);
      trainer.step();
    }
  }

  private static long nativeBytes() {
    Function mallinfo = NativeLibrary.getInstance("c").getFunction("mallinfo2");
    MallInfo info = (MallInfo) mallinfo.invoke(MallInfo.class, new Object[0]);
    return info.uordblks + info.hblkhd;
  }
}
