package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testing.Recorded;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What an iteration is measured for, as the text of its profile has it. */
@Timeout(300)
class ProfiledStepTest {

  private static final int EXAMPLES = 4;

  @TempDir
  private Path run;

  @Test
  void shouldMeasureFrozenLayersBehindAPreprocessor() {
    assertThat(rows(fit(InputType.convolutional(6, 6, 3), Nd4j.randn(EXAMPLES, 3, 6, 6),
        new FrozenLayer(new ConvolutionLayer.Builder(3, 3).name("conv").nOut(5).build()),
        new FrozenLayer(dense("dense")), dense("hidden"), output())))
        .containsExactly("0_conv", "1_dense", "hidden", "output");
  }

  @Test
  void shouldMeasureAFrozenLayerBehindOneThatIsNot() {
    assertThat(rows(fit(InputType.feedForward(6), Nd4j.randn(EXAMPLES, 6),
        dense("first"), new FrozenLayer(dense("dense")), dense("hidden"), output())))
        .containsExactly("first", "1_dense", "hidden", "output");
  }

  @Test
  void shouldMeasureAFrozenOutputLayer() {
    assertThat(rows(fit(InputType.feedForward(6), Nd4j.randn(EXAMPLES, 6),
        dense("hidden"), new FrozenLayerWithBackprop(output())))).containsExactly("hidden", "1_output");
  }

  @Test
  void shouldMeasureTheFrozenVerticesOfTransferLearning() {
    ComputationGraph pretrained =
        Nets.init(new NeuralNetConfiguration.Builder().seed(3).updater(new Sgd(0.01)).graphBuilder()
            .addInputs("in")
            .addLayer("first", dense("first"), "in")
            .addLayer("second", dense("second"), "first")
            .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "first", "second")
            .addLayer("third", dense("third"), "sum")
            .addLayer("output", output(), "third")
            .setOutputs("output").setInputTypes(InputType.feedForward(6)).build());
    ComputationGraph network = new TransferLearning.GraphBuilder(pretrained).setFeatureExtractor("third").build();
    try (TensorBoardListener listener = TensorBoardListener.builder(run).profileIteration(1).build()) {
      network.setListeners(listener);
      network.fit(new INDArray[] {Nd4j.randn(EXAMPLES, 6)}, new INDArray[] {Nd4j.eye(EXAMPLES)});
    }

    assertThat(rows(Recorded.in(run.resolve("train")))).containsExactly("first", "second", "sum", "third", "output");
  }

  @Test
  void shouldCallOperationsOfSameDiffAsTheGraphDoes() {
    SameDiff model = SameDiffNets.untrained();
    model.getVariable("loss").add("größe 1", 1);
    model.setLossVariables("größe 1");
    model.setTrainingConfig(SameDiffNets.config(new Sgd(0.01)).build());
    try (SameDiffTensorBoardListener listener = SameDiffTensorBoardListener.builder(run).profileIteration(1).build()) {
      model.setListeners(listener);
      model.fit(Nets.iterator(Nets.batches(1)), 1);
    }

    List<String> rows = rows(Recorded.in(run.resolve("train")));
    assertThat(rows).contains("gr__e_1", "loss");
    assertThat(rows).allMatch(row -> Dl4jGraph.of(model).lastOperation(row).isPresent());
  }

  private Recorded fit(InputType input, INDArray features, Layer... layers) {
    NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder().seed(3).updater(new Sgd(0.01)).list();
    for (Layer layer : layers) {
      list.layer(layer);
    }
    MultiLayerNetwork network = Nets.init(list.setInputType(input).build());
    try (TensorBoardListener listener = TensorBoardListener.builder(run).profileIteration(1).build()) {
      network.setListeners(listener);
      network.fit(features, Nd4j.eye(EXAMPLES));
    }
    return Recorded.in(run.resolve("train"));
  }

  private static DenseLayer dense(String name) {
    return new DenseLayer.Builder().name(name).nOut(5).activation(Activation.TANH).build();
  }

  private static OutputLayer output() {
    return new OutputLayer.Builder(LossFunction.MCXENT).name("output").nOut(EXAMPLES).activation(Activation.SOFTMAX).build();
  }

  /** Returns the names in the profile, in its order. */
  private static List<String> rows(Recorded train) {
    return train.texts().stream().filter(text -> text.contains("share")).flatMap(String::lines).skip(2)
        .map(row -> row.split("\\|")[1].strip().replace("&#95;", "_").replace("&#47;", "/").replace("&#45;", "-")
            .replace("&#46;", "."))
        .toList();
  }
}
