package io.github.tensorboard4j.benchmarks;

import static net.bytebuddy.matcher.ElementMatchers.named;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.Batchifier;
import io.github.tensorboard4j.djl.TensorBoardListener;
import io.github.tensorboard4j.examples.mnist.DigitDataset;
import io.github.tensorboard4j.examples.mnist.DjlTraining;
import io.github.tensorboard4j.examples.mnist.MnistData;
import io.github.tensorboard4j.testing.CountedCalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** DJL's trainings with PyTorch, with its own listeners and evaluators in every variant. */
final class DjlGpu implements GpuTraining.Framework {

  private final Device device;
  private final int batch;
  private final int pixels;
  private final MnistData digits;

  DjlGpu(boolean gpu, int batch, int pixels) throws IOException {
    System.setProperty("ai.djl.offline", "true");
    this.device = gpu ? Device.gpu() : Device.cpu();
    this.batch = batch;
    this.pixels = pixels;
    this.digits = MnistData.bundled();
    if (gpu && Engine.getEngine("PyTorch").getGpuCount() == 0) {
      throw new IllegalStateException("DJL finds no GPU here");
    }
  }

  @Override
  public String name() {
    return "DJL";
  }

  @Override
  public GpuTraining training(GpuTraining.Network network, Path run, GpuTraining.Options options) {
    Engine.getEngine("PyTorch").setRandomSeed(1);
    Block block = switch (network) {
      case MLP -> DjlTraining.network();
      case RESNET8 -> DjlResNet8.create();
      case RESNET50 -> ResNetV1.builder().setImageShape(new Shape(3, pixels, pixels)).setNumLayers(50)
          .setOutSize(GpuTraining.CLASSES).build();
    };
    return new Training(block, network == GpuTraining.Network.MLP ? this::digits : this::images, run, options);
  }

  /** Returns batches of digits and their labels. */
  private List<NDList> digits(NDManager manager) {
    List<NDList> batches = new ArrayList<>();
    for (Batch one : DigitDataset.shuffled(digits.train(), batch, 1).getData(manager)) {
      if (batches.size() == GpuTraining.DIGIT_BATCHES || one.getSize() < batch) {
        one.close();
        break;
      }
      batches.add(new NDList(one.getData().singletonOrThrow(), one.getLabels().singletonOrThrow()));
    }
    return batches;
  }

  /** Returns one batch of images of noise and labels. */
  private List<NDList> images(NDManager manager) {
    return List.of(new NDList(manager.randomUniform(0, 1, new Shape(batch, 3, pixels, pixels)),
        manager.randomUniform(0, GpuTraining.CLASSES, new Shape(batch)).floor().toType(DataType.FLOAT32, false)));
  }

  @Override
  public GpuReads reads() {
    return new GpuReads(named("ai.djl.pytorch.jni.JniUtils"), named("getByteBuffer"), TensorBoardListener.class,
        DjlGpu::memory);
  }

  /** Whatever comes to the host is read as a buffer there. */
  private static GpuReads.Memory memory(CountedCalls.Call call) {
    NDArray array = (NDArray) call.arguments().get(0);
    return new GpuReads.Memory(new Object(), array.size() * array.getDataType().getNumOfBytes());
  }

  /** A training in one long epoch, on batches that are on the device already. */
  private final class Training implements GpuTraining {

    private final TensorBoardListener listener;
    private final Model model;
    private final Trainer trainer;
    private final List<NDList> batches;
    private int next;

    Training(Block block, Function<NDManager, List<NDList>> data, Path run, Options options) {
      DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
          .addEvaluator(new Accuracy())
          .optDevices(new Device[] {device})
          .optOptimizer(Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.001f)).build())
          .addTrainingListeners(TrainingListener.Defaults.basic());
      if (options == null) {
        listener = null;
      } else {
        TensorBoardListener.Builder builder = TensorBoardListener.builder(run);
        options.apply(builder);
        listener = builder.addTo(config);
      }
      model = Model.newInstance("model", device, "PyTorch");
      model.setBlock(block);
      trainer = model.newTrainer(config);
      batches = data.apply(trainer.getManager());
      trainer.initialize(batches.get(0).get(0).getShape());
    }

    @Override
    public float step() {
      NDList data = batches.get(next++ % batches.size());
      NDManager manager = trainer.getManager().newSubManager();
      try (Batch one = new Batch(manager, copy(data.get(0), manager), copy(data.get(1), manager), batch,
          Batchifier.STACK, Batchifier.STACK, 0, 0)) {
        EasyTrain.trainBatch(trainer, one);
        float loss = trainer.getLoss().getAccumulator(EvaluatorTrainingListener.TRAIN_ALL);
        trainer.step();
        return loss;
      }
    }

    /** Returns a copy that is closed with the batch. */
    private static NDList copy(NDArray array, NDManager manager) {
      NDArray copy = array.duplicate();
      copy.attach(manager);
      return new NDList(copy);
    }

    @Override
    public void await() {
      NDArray smallest = trainer.getModel().getBlock().getParameters().valueAt(0).getArray();
      try (NDArray sum = smallest.sum()) {
        sum.toFloatArray();
      }
    }

    @Override
    public void end() {
      trainer.notifyListeners(each -> each.onEpoch(trainer));
      listener.flush();
    }

    @Override
    public double[] parameters() {
      double[] found = {0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
      for (Parameter parameter : model.getBlock().getParameters().values()) {
        NDArray array = parameter.getArray();
        try (NDArray min = array.min(); NDArray max = array.max()) {
          found[0] += array.size();
          found[1] = Math.min(found[1], min.toFloatArray()[0]);
          found[2] = Math.max(found[2], max.toFloatArray()[0]);
        }
      }
      return found;
    }

    @Override
    public void close() {
      trainer.close();
      model.close();
      if (listener != null) {
        listener.close();
      }
    }
  }
}
