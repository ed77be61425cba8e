package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.events.EventFileReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.LocallyConnected1D;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.tensorflow.framework.GraphDef;
import org.tensorflow.framework.NodeDef;

/** The graph is drawn while a training is under way, in the middle of its workspaces. */
class Dl4jGraphFitTest {

  @Test
  void shouldBeDrawnDuringATrainingWithoutChangingIt(@TempDir Path logs) throws IOException {
    MultiLayerNetwork without = network();
    MultiLayerNetwork with = network();
    TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run")).build();
    with.setListeners(listener);

    Nd4j.getRandom().setSeed(7);
    without.fit(batches(), 2);
    Nd4j.getRandom().setSeed(7);
    with.fit(batches(), 2);
    listener.close();

    assertThat(with.params()).isEqualTo(without.params());
    assertThat(graphIn(logs)).contains("0_lstm/recurrent_weight",
        "1_self_attention/query_weight", "2_locally_connected1d/weight", "4_dense/Dropout",
        "loss/Mean", "Adam/Apply");
  }

  private static MultiLayerNetwork network() {
    MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder().seed(3).updater(new Adam(0.01))
        .optimizationAlgo(OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT).trainingWorkspaceMode(WorkspaceMode.ENABLED)
        .list()
        .layer(new LSTM.Builder().nOut(6).build())
        .layer(new SelfAttentionLayer.Builder().nOut(6).nHeads(2).projectInput(true).build())
        .layer(new LocallyConnected1D.Builder().nOut(4).kernelSize(2).build())
        .layer(new GlobalPoolingLayer())
        .layer(new DenseLayer.Builder().nIn(4).nOut(5).dropOut(0.5).activation(Activation.RELU).build())
        .layer(new OutputLayer.Builder().nIn(5).nOut(2).activation(Activation.SOFTMAX).build())
        .setInputType(InputType.recurrent(3, 7)).build();
    configuration.getInputPreProcessors().remove(4);
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    return network;
  }

  private static ListDataSetIterator<DataSet> batches() {
    List<DataSet> examples = new ArrayList<>();
    INDArray features = Nd4j.linspace(-1, 1, 8 * 3 * 7, DataType.FLOAT).reshape(8, 3, 7);
    for (int i = 0; i < 8; i++) {
      INDArray label = Nd4j.zeros(DataType.FLOAT, 1, 2).putScalar(0, i % 2, 1);
      examples.add(new DataSet(features.get(org.nd4j.linalg.indexing.NDArrayIndex.interval(i, i + 1)).dup(), label));
    }
    return new ListDataSetIterator<>(examples, 4);
  }

  private static List<String> graphIn(Path logs) throws IOException {
    try (Stream<Path> files = Files.walk(logs)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        var graph = EventFileReader.readAll(file).stream().flatMap(event -> event.graphDef().stream()).findFirst();
        if (graph.isPresent()) {
          byte[] bytes = new byte[graph.get().remaining()];
          graph.get().duplicate().get(bytes);
          return GraphDef.parseFrom(bytes).getNodeList().stream().map(NodeDef::getName).toList();
        }
      }
    }
    throw new AssertionError("no graph in " + logs);
  }
}
