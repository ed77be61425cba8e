package io.github.tensorboard4j.benchmarks;

import static net.bytebuddy.matcher.ElementMatchers.nameMatches;
import static net.bytebuddy.matcher.ElementMatchers.namedOneOf;

import io.github.tensorboard4j.dl4j.TensorBoardListener;
import io.github.tensorboard4j.examples.mnist.DigitIterator;
import io.github.tensorboard4j.examples.mnist.Dl4jTraining;
import io.github.tensorboard4j.examples.mnist.MnistData;
import io.github.tensorboard4j.testing.CountedCalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.zoo.model.ResNet50;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** Deeplearning4j's trainings; its build on the class path decides on the device. */
final class Dl4jGpu implements GpuTraining.Framework {

  private final int pixels;
  private final int batch;
  private final List<DataSet> digits = new ArrayList<>();

  Dl4jGpu(boolean gpu, int batch, int pixels) throws IOException {
    this.batch = batch;
    this.pixels = pixels;
    if (gpu == Nd4j.getEnvironment().isCPU()) {
      throw new IllegalStateException(
          "ND4J computes on a " + (gpu ? "CPU" : "GPU") + " here: its build on the class path is for that");
    }
    DigitIterator iterator = DigitIterator.shuffled(MnistData.bundled().train(), batch, 1);
    while (iterator.hasNext() && digits.size() < GpuTraining.DIGIT_BATCHES) {
      digits.add(iterator.next());
    }
  }

  @Override
  public String name() {
    return "Deeplearning4j";
  }

  @Override
  public GpuTraining training(GpuTraining.Network network, Path run, GpuTraining.Options options) {
    Nd4j.getRandom().setSeed(1);
    Model model = switch (network) {
      case MLP -> Dl4jTraining.network(1, new Adam(0.001));
      case RESNET8 -> Dl4jResNet8.create(pixels);
      case RESNET50 -> resNet50();
    };
    List<DataSet> batches = network == GpuTraining.Network.MLP ? digits : List.of(images());
    TensorBoardListener listener = null;
    if (options != null) {
      TensorBoardListener.Builder builder = TensorBoardListener.builder(run);
      options.apply(builder);
      listener = builder.build();
      model.setListeners(listener);
    }
    return new Training(model, batches, listener);
  }

  private Model resNet50() {
    return ResNet50.builder().numClasses(GpuTraining.CLASSES).seed(1).inputShape(new int[] {3, pixels, pixels}).build()
        .init();
  }

  private DataSet images() {
    INDArray labels = Nd4j.zeros(batch, GpuTraining.CLASSES);
    for (int row = 0; row < batch; row++) {
      labels.putScalar(row, row % GpuTraining.CLASSES, 1);
    }
    return new DataSet(Nd4j.rand(batch, 3, pixels, pixels), labels);
  }

  @Override
  public GpuReads reads() {
    return new GpuReads(
        namedOneOf("org.nd4j.linalg.api.buffer.BaseDataBuffer", "org.nd4j.linalg.api.concurrency.BasicAffinityManager",
            "org.nd4j.jita.concurrency.CudaAffinityManager"),
        nameMatches("get(Double|Float|Long|Int)|asNio.*|ensureLocation"), TensorBoardListener.class, Dl4jGpu::memory);
  }

  /** A GPU's buffer comes to the host as a whole. */
  private static GpuReads.Memory memory(CountedCalls.Call call) {
    DataBuffer buffer =
        call.target() instanceof DataBuffer read ? read : ((INDArray) call.arguments().get(0)).data();
    DataBuffer whole = buffer.originalDataBuffer() == null ? buffer : buffer.originalDataBuffer();
    return new GpuReads.Memory(whole.platformAddress(), whole.length() * whole.getElementSize());
  }

  /** A training in one long epoch. */
  private static final class Training implements GpuTraining {

    private final Model model;
    private final List<DataSet> batches;
    private final TensorBoardListener listener;
    private int next;

    Training(Model model, List<DataSet> batches, TensorBoardListener listener) {
      this.model = model;
      this.batches = batches;
      this.listener = listener;
      if (listener != null) {
        listener.onEpochStart(model);
      }
    }

    @Override
    public float step() {
      DataSet data = batches.get(next++ % batches.size());
      if (model instanceof MultiLayerNetwork layers) {
        layers.fit(data);
      } else {
        ((ComputationGraph) model).fit(data);
      }
      return (float) model.score();
    }

    @Override
    public void await() {
      Nd4j.getExecutioner().commit();
    }

    @Override
    public void end() {
      listener.onEpochEnd(model);
      listener.flush();
    }

    @Override
    public double[] parameters() {
      INDArray all = model.params();
      return new double[] {all.length(), all.minNumber().doubleValue(), all.maxNumber().doubleValue()};
    }

    @Override
    public void close() {
      if (listener != null) {
        listener.close();
      }
    }
  }
}
