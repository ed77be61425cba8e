package io.github.tensorboard4j.benchmarks;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Deeplearning4j's network of {@link GpuTraining.Network#RESNET8}. */
final class Dl4jResNet8 {

  private final GraphBuilder graph;

  private Dl4jResNet8(GraphBuilder graph) {
    this.graph = graph;
  }

  /** Returns the network, for images of so many pixels in height and width. */
  static ComputationGraph create(int pixels) {
    Dl4jResNet8 resNet = new Dl4jResNet8(new NeuralNetConfiguration.Builder().seed(1).weightInit(WeightInit.RELU)
        .convolutionMode(ConvolutionMode.Same).updater(new Adam(0.001)).graphBuilder().addInputs("input"));
    resNet.addConvolution("stem", 3, 16, 1, Activation.RELU, "input");
    resNet.addBlock("block1", 16, 1, "stem");
    resNet.addBlock("block2", 32, 2, "block1");
    resNet.addBlock("block3", 64, 2, "block2");
    resNet.graph
        .addLayer("pool", new GlobalPoolingLayer(PoolingType.AVG), "block3")
        .addLayer("output", new OutputLayer.Builder(LossFunction.MCXENT).nOut(GpuTraining.CLASSES)
            .activation(Activation.SOFTMAX).build(), "pool")
        .setOutputs("output")
        .setInputTypes(InputType.convolutional(pixels, pixels, 3));
    ComputationGraph network = new ComputationGraph(resNet.graph.build());
    network.init();
    return network;
  }

  private void addBlock(String name, int channels, int stride, String input) {
    addConvolution(name + "_1", 3, channels, stride, Activation.RELU, input);
    addConvolution(name + "_2", 3, channels, 1, Activation.IDENTITY, name + "_1");
    if (stride > 1) {
      addConvolution(name + "_shortcut", 1, channels, stride, Activation.IDENTITY, input);
    }
    graph
        .addVertex(name + "_sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), name + "_2",
            stride > 1 ? name + "_shortcut" : input)
        .addLayer(name, new ActivationLayer(Activation.RELU), name + "_sum");
  }

  private void addConvolution(String name, int kernel, int channels, int stride, Activation activation, String input) {
    graph
        .addLayer(name + "_convolution", new ConvolutionLayer.Builder(kernel, kernel).stride(stride, stride)
            .nOut(channels).hasBias(false).activation(Activation.IDENTITY).build(), input)
        .addLayer(name, new BatchNormalization.Builder().activation(activation).build(), name + "_convolution");
  }
}
