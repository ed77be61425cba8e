package io.github.tensorboard4j.examples.mnist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A framework whose trainings are looked at in TensorBoard, with what is known of them beforehand. */
enum Subject {
  /** Deeplearning4j. */
  DL4J(Framework.DL4J, new Dl4jReference(), "LossMCXENT", """
      input Placeholder [] [-1, 784]
      hidden/weight Variable [] [784, 100]
      hidden/MatMul MatMul [input, hidden/weight] [-1, 100]
      hidden/bias Variable [] [100]
      hidden/BiasAdd BiasAdd [hidden/MatMul, hidden/bias] [-1, 100]
      hidden/Relu Relu [hidden/BiasAdd] [-1, 100]
      output/weight Variable [] [100, 10]
      output/MatMul MatMul [hidden/Relu, output/weight] [-1, 10]
      output/bias Variable [] [10]
      output/BiasAdd BiasAdd [output/MatMul, output/bias] [-1, 10]
      output/Softmax Softmax [output/BiasAdd] [-1, 10]
      labels Placeholder [] [-1, 10]
      loss/CrossEntropy CategoricalCrossEntropy [output/Softmax, labels] [-1]
      loss/Mean Mean [loss/CrossEntropy] []
      """, """
      SGD/gradients Gradients [loss/Mean] [79510]
      SGD/learning_rate Const [] []
      SGD/Apply ApplySGD [SGD/gradients, SGD/learning_rate] [79510]
      """, """
      Adam/gradients Gradients [loss/Mean] [79510]
      Adam/learning_rate Const [] []
      Adam/beta1 Const [] []
      Adam/beta2 Const [] []
      Adam/epsilon Const [] []
      Adam/Apply ApplyAdam [Adam/gradients, Adam/learning_rate, Adam/beta1, Adam/beta2, Adam/epsilon] [79510]
      """),
  /** DJL. */
  DJL(Framework.DJL, new DjlReference(), "SoftmaxCrossEntropyLoss", """
      input Placeholder [] [-1, 28, 28]
      flatten Reshape [input] [-1, 784]
      hidden/weight Variable [] [100, 784]
      hidden/bias Variable [] [100]
      hidden/MatMul MatMul [flatten, hidden/weight] [-1, 100]
      hidden/BiasAdd BiasAdd [hidden/MatMul, hidden/bias] [-1, 100]
      relu Relu [hidden/BiasAdd] [-1, 100]
      output/weight Variable [] [10, 100]
      output/bias Variable [] [10]
      output/MatMul MatMul [relu, output/weight] [-1, 10]
      output/BiasAdd BiasAdd [output/MatMul, output/bias] [-1, 10]
      labels Placeholder [] null
      loss/CrossEntropy SoftmaxCrossEntropy [output/BiasAdd, labels] []
      """, """
      SGD/gradients Gradients [loss/CrossEntropy] [79510]
      SGD/Apply ApplySGD [SGD/gradients] [79510]
      """, """
      Adam/gradients Gradients [loss/CrossEntropy] [79510]
      Adam/Apply ApplyAdam [Adam/gradients] [79510]
      """);

  private final Framework framework;
  private final Reference reference;
  private final String loss;
  private final Map<Optimizer, String> graphs;
  private final Map<Optimizer, Reference.Figures> figures = new EnumMap<>(Optimizer.class);

  Subject(Framework framework, Reference reference, String loss, String model, String sgd,
      String adam) {
    this.framework = framework;
    this.reference = reference;
    this.loss = loss;
    this.graphs = Map.of(Optimizer.SGD, model + sgd, Optimizer.ADAM, model + adam);
  }

  /** The framework. */
  Framework framework() {
    return framework;
  }

  /** The hyper-parameters of a training. */
  Map<String, Object> hyperParameters(Optimizer optimizer) {
    return Map.of(
        "framework", framework.toString(),
        "loss", loss,
        "optimizer", optimizer == Optimizer.SGD ? "Sgd" : "Adam",
        "learning_rate", optimizer == Optimizer.SGD ? 0.01 : 0.001,
        "batch_size", (double) Recording.BATCH_SIZE,
        "parameters", 784.0 * 100 + 100 + 100 * 10 + 10,
        "seed", (double) Recording.SEED);
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
