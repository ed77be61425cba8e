package io.github.tensorboard4j.examples.mnist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A framework whose trainings are looked at in TensorBoard, with what is known of them beforehand. */
enum Subject {
  /** Deeplearning4j. */
  DL4J(Framework.DL4J, new Dl4jReference(), "Sgd", "Adam", """
      input Placeholder [] [-1, 784]
      hidden/W Variable [] [784, 100]
      hidden/MatMul MatMul [input, hidden/W] [-1, 100]
      hidden/b Variable [] [100]
      hidden/BiasAdd BiasAdd [hidden/MatMul, hidden/b] [-1, 100]
      hidden/Relu Relu [hidden/BiasAdd] [-1, 100]
      output/W Variable [] [100, 10]
      output/MatMul MatMul [hidden/Relu, output/W] [-1, 10]
      output/b Variable [] [10]
      output/BiasAdd BiasAdd [output/MatMul, output/b] [-1, 10]
      output/Softmax Softmax [output/BiasAdd] [-1, 10]
      labels Placeholder [] [-1, 10]
      loss/CrossEntropy CategoricalCrossEntropy [output/Softmax, labels] [-1]
      loss/Mean Mean [loss/CrossEntropy] []
      """, """
      SGD/gradients Gradients [loss/Mean] [79510]
      SGD/learning_rate Const [] []
      SGD/ApplySGD ApplySGD [SGD/gradients, SGD/learning_rate] [79510]
      """, """
      Adam/gradients Gradients [loss/Mean] [79510]
      Adam/learning_rate Const [] []
      Adam/beta1 Const [] []
      Adam/beta2 Const [] []
      Adam/epsilon Const [] []
      Adam/ApplyAdam ApplyAdam [Adam/gradients, Adam/learning_rate, Adam/beta1, Adam/beta2, Adam/epsilon] [79510]
      """);

  private final Framework framework;
  private final Reference reference;
  private final Map<Optimizer, String> optimizerNames;
  private final Map<Optimizer, String> graphs;
  private final Map<Optimizer, Reference.Figures> figures = new EnumMap<>(Optimizer.class);

  Subject(Framework framework, Reference reference, String sgd, String adam, String model, String sgdOps,
      String adamOps) {
    this.framework = framework;
    this.reference = reference;
    this.optimizerNames = Map.of(Optimizer.SGD, sgd, Optimizer.ADAM, adam);
    this.graphs = Map.of(Optimizer.SGD, model + sgdOps, Optimizer.ADAM, model + adamOps);
  }

  /** The framework. */
  Framework framework() {
    return framework;
  }

  /** The framework's own name for an optimizer. */
  String optimizerName(Optimizer optimizer) {
    return optimizerNames.get(optimizer);
  }

  /** The nodes of the graph, each as name, operation, inputs and shape of the output. */
  List<String> graph(Optimizer optimizer) {
    return graphs.get(optimizer).lines().toList();
  }

  /** What the framework itself says of a training; the training is done at the first call. */
  synchronized Reference.Figures figures(Optimizer optimizer) {
    return figures.computeIfAbsent(optimizer, each -> {
      try {
        MnistData all = MnistData.bundled();
        return reference.train(new MnistData(all.train().first(Recording.EXAMPLES), all.test()), each);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }
}
