package io.github.tensorboard4j.examples.mnist;

import static ai.djl.training.optimizer.Optimizer.adam;
import static ai.djl.training.optimizer.Optimizer.sgd;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.initializer.XavierInitializer.FactorType;
import ai.djl.training.initializer.XavierInitializer.RandomType;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.TranslateException;
import io.github.tensorboard4j.SessionStatus;
import io.github.tensorboard4j.djl.TensorBoardListener;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Trains the network with DJL and PyTorch. */
public final class DjlTraining implements Training {
  private static final String OFFLINE = "ai.djl.offline";
  private static final String THREADS = "ai.djl.pytorch.num_threads";

  private static final CudaBuild CUDA =
      new CudaBuild("DJL's pytorch-native-cu124", "the library of CUDA 12 by which DJL counts GPUs (libcudart.so)", 50, 90);

  @Override
  public void requireDevice() throws IOException {
    if (!flavor().startsWith("cu")) {
      return;
    }
    CUDA.requireGpu();
    stayOffline();
    try {
      if (Engine.getEngine("PyTorch").getGpuCount() == 0) {
        throw new IllegalStateException("DJL finds no GPU");
      }
    } catch (LinkageError | RuntimeException e) {
      throw CUDA.unusable(e);
    }
  }

  /** Returns for which kind of device the PyTorch on the class path was built; the empty string if there is none. */
  private static String flavor() throws IOException {
    Properties properties = new Properties();
    try (InputStream in = DjlTraining.class.getResourceAsStream("/native/lib/pytorch.properties")) {
      if (in != null) {
        properties.load(in);
      }
    }
    return properties.getProperty("flavor", properties.getProperty("classifier", ""));
  }

  @Override
  public void run(MnistData data, Run run, Progress progress) throws IOException {
    stayOffline();
    computeOnOneThread();
    Engine.getEngine("PyTorch").setRandomSeed((int) run.seed());
    try (Model model = Model.newInstance("mnist", "PyTorch")) {
      model.setBlock(network());
      DefaultTrainingConfig config = config(run).addTrainingListeners(new BatchListener(progress));
      try (TensorBoardListener listener = TensorBoardListener.builder(run.directory())
          .hyperParameter("framework", run.framework())
          .hyperParameter("seed", run.seed())
          .existingRun(run.existingRun())
          .onEpoch(progress::epochDone)
          .addTo(config);
          Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(new Shape(run.batchSize(), LabelledImages.SIDE, LabelledImages.SIDE));
        EasyTrain.fit(
            trainer,
            run.epochs(),
            DigitDataset.shuffled(data.train(), run.batchSize(), run.seed()),
            DigitDataset.inOrder(data.test(), VALIDATION_BATCH_SIZE));
        listener.end(SessionStatus.SUCCESS);
      } catch (TranslateException e) {
        throw new IOException("The data can't be made into batches", e);
      }
    }
  }

  /**
   * The network of the example, which yields what the softmax of the loss is applied to.
   *
   * @return the network, not yet initialised
   */
  public static Block network() {
    return new Network();
  }

  private static DefaultTrainingConfig config(Run run) {
    return new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
        .addEvaluator(new Accuracy())
        .optOptimizer(optimizer(run.optimizer()))
        .optInitializer(
            new XavierInitializer(RandomType.UNIFORM, FactorType.AVG, 3), Parameter.Type.WEIGHT)
        .addTrainingListeners(TrainingListener.Defaults.basic());
  }

  private static ai.djl.training.optimizer.Optimizer optimizer(Optimizer optimizer) {
    Tracker learningRate = Tracker.fixed((float) optimizer.learningRate());
    return switch (optimizer) {
      case SGD -> sgd().setLearningRateTracker(learningRate).build();
      case ADAM -> adam().optLearningRateTracker(learningRate).build();
    };
  }

  /** The engine is on the class path: nothing needs to be fetched, and no usage be reported. */
  private static void stayOffline() {
    if (System.getProperty(OFFLINE) == null) {
      System.setProperty(OFFLINE, "true");
    }
  }

  /** Matrices of this size are multiplied sooner than a second thread is woken. */
  private static void computeOnOneThread() {
    if (System.getenv("OMP_NUM_THREADS") == null && System.getProperty(THREADS) == null) {
      System.setProperty(THREADS, "1");
    }
  }

  /** The network, with names for its layers. */
  private static final class Network extends SequentialBlock {
    Network() {
      addChildBlock("flatten", Blocks.batchFlattenBlock(LabelledImages.PIXELS));
      addChildBlock("hidden", Linear.builder().setUnits(HIDDEN_UNITS).build());
      addChildBlock("relu", Activation.reluBlock());
      addChildBlock("output", Linear.builder().setUnits(LabelledImages.CLASSES).build());
    }
  }

  /** Passes each batch on. */
  private static final class BatchListener extends TrainingListenerAdapter {
    private final Progress progress;

    BatchListener(Progress progress) {
      this.progress = progress;
    }

    @Override
    public void onTrainingBatch(Trainer trainer, BatchData batchData) {
      progress.batchDone();
    }
  }
}
