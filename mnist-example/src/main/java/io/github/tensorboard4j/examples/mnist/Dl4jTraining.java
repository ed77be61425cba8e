package io.github.tensorboard4j.examples.mnist;

import io.github.tensorboard4j.SessionStatus;
import io.github.tensorboard4j.dl4j.TensorBoardListener;
import java.io.IOException;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.nativeblas.NativeOpsHolder;

/** Trains the network with Deeplearning4j. */
public final class Dl4jTraining implements Training {

  private static final CudaBuild CUDA = new CudaBuild("Deeplearning4j's nd4j-cuda-11.6",
      "the libraries of CUDA 11.6 (libcudart.so.11.0, libcublas.so.11, libcusolver.so.11)", 37, 86);

  @Override
  public void requireDevice() throws IOException {
    if (!isOnClassPath("org.nd4j.linalg.jcublas.JCublasBackend")) {
      return;
    }
    CUDA.requireGpu();
    try {
      Nd4j.ones(2).sumNumber();
    } catch (LinkageError | RuntimeException e) {
      throw CUDA.unusable(e);
    }
  }

  private static boolean isOnClassPath(String type) {
    return Dl4jTraining.class.getResource('/' + type.replace('.', '/') + ".class") != null;
  }

  @Override
  public void run(MnistData data, Run run, Progress progress) {
    computeOnOneThread();
    MultiLayerNetwork network = network(run.seed(), updater(run.optimizer()));
    DataSetIterator train = DigitIterator.shuffled(data.train(), run.batchSize(), run.seed());
    DataSetIterator validation = DigitIterator.inOrder(data.test(), VALIDATION_BATCH_SIZE);
    try (TensorBoardListener listener = TensorBoardListener.builder(run.directory())
        .validationData(validation)
        .hyperParameter("framework", run.framework())
        .existingRun(run.existingRun())
        .onEpoch(progress::epochDone)
        .build()) {
      network.setListeners(listener, new BatchListener(progress));
      network.fit(train, run.epochs());
      listener.end(SessionStatus.SUCCESS);
    }
  }

  /**
   * The network of the example, initialised as Keras does.
   *
   * @param seed what the initial weights depend on
   * @param updater the optimizer
   * @return the network, ready to be trained
   */
  public static MultiLayerNetwork network(long seed, IUpdater updater) {
    MultiLayerNetwork network = new MultiLayerNetwork(
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .weightInit(WeightInit.XAVIER_UNIFORM)
            .biasInit(0)
            .updater(updater)
            .list()
            .layer(new DenseLayer.Builder()
                .name("hidden")
                .nIn(LabelledImages.PIXELS)
                .nOut(HIDDEN_UNITS)
                .activation(Activation.RELU)
                .build())
            .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                .name("output")
                .nIn(HIDDEN_UNITS)
                .nOut(LabelledImages.CLASSES)
                .activation(Activation.SOFTMAX)
                .build())
            .build());
    network.init();
    return network;
  }

  private static IUpdater updater(Optimizer optimizer) {
    return switch (optimizer) {
      case SGD -> new Sgd(optimizer.learningRate());
      case ADAM -> new Adam(optimizer.learningRate());
    };
  }

  /** Matrices of this size are multiplied sooner than a second thread is woken. */
  private static void computeOnOneThread() {
    if (System.getenv("OMP_NUM_THREADS") == null && Nd4j.getEnvironment().isCPU()) {
      Nd4j.factory().blas().setMaxThreads(1);
      NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
    }
  }

  /** Passes each batch on. */
  private static final class BatchListener extends BaseTrainingListener {
    private final Progress progress;

    BatchListener(Progress progress) {
      this.progress = progress;
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
      progress.batchDone();
    }
  }
}
