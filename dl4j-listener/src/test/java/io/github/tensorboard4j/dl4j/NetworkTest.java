package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.training.HyperParameters;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

@SuppressWarnings("serial")
class NetworkTest {

  /** Keeps the class when a network copies its configuration. */
  private static class Own extends Sgd {
    @Override
    public Sgd clone() {
      return this;
    }
  }

  @Test
  void shouldNameWhatWasWrittenAsAnAnonymousClassByItsKind() {
    MultiLayerNetwork network = Nets.init(new NeuralNetConfiguration.Builder().updater(new Own() {}).list()
        .layer(Nets.hidden())
        .layer(new OutputLayer.Builder(new LossMCXENT() {}).nIn(8).nOut(Nets.CLASSES).build()).build());

    HyperParameters parameters = hyperParameters(network);

    assertThat(parameters.toString()).contains("optimizer=Optimizer,", "loss=Loss,");
    assertThat(Dl4jGraph.of(network, null).nodes()).extracting(node -> node.op()).contains("ApplyOptimizer", "Loss");
  }

  @Test
  void shouldNameTheFrameworksOwnByTheirClass() {
    HyperParameters parameters = hyperParameters(Nets.classifier());

    assertThat(parameters.toString()).contains("optimizer=Adam,", "loss=LossMCXENT,");
  }

  @Test
  void shouldNameTheLossOfSeveralOutputsOnce() {
    ComputationGraph network = Nets.init(new NeuralNetConfiguration.Builder().updater(new Sgd(0.1)).graphBuilder()
        .addInputs("in")
        .addLayer("one", new OutputLayer.Builder(LossFunction.MCXENT).nIn(Nets.FEATURES).nOut(3).build(), "in")
        .addLayer("two", new OutputLayer.Builder(LossFunction.MCXENT).nIn(Nets.FEATURES).nOut(3).build(), "in")
        .addLayer("three", new OutputLayer.Builder(LossFunction.MSE).nIn(Nets.FEATURES).nOut(3).build(), "in")
        .setOutputs("one", "two", "three")
        .build());

    assertThat(Network.of(network).hyperParameters(0, 0).toString()).contains("loss=LossMCXENT, LossMSE,");
  }

  private static HyperParameters hyperParameters(MultiLayerNetwork network) {
    network.fit(Nets.batches(1).get(0));
    return Network.of(network).hyperParameters(0, 0);
  }
}
