package io.github.tensorboard4j.examples.mnist;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/** Trains with Deeplearning4j. */
final class Dl4jReference implements Reference {
  private static final int VALIDATION_BATCH_SIZE = 1000;

  @Override
  public Figures train(MnistData data, Optimizer optimizer) {
    IUpdater updater = optimizer == Optimizer.SGD ? new Sgd(0.01) : new Adam(0.001);
    MultiLayerNetwork network = Dl4jTraining.network(Recording.SEED, updater);
    List<String> configuration = List.of(network.summary(), network.getLayerWiseConfigurations().toJson());
    DigitIterator train = DigitIterator.shuffled(data.train(), Recording.BATCH_SIZE, Recording.SEED);
    List<Double> batchLosses = new ArrayList<>();
    network.setListeners(new BaseTrainingListener() {
      @Override
      public void iterationDone(Model model, int iteration, int epoch) {
        batchLosses.add(model.score());
      }
    });
    List<Epoch> epochs = new ArrayList<>();
    for (int epoch = 0; epoch < Recording.EPOCHS; epoch++) {
      int before = batchLosses.size();
      network.fit(train);
      double loss = batchLosses.subList(before, batchLosses.size()).stream()
          .mapToDouble(Double::doubleValue).average().orElseThrow();
      double accuracy = network.evaluate(DigitIterator.inOrder(data.test(), VALIDATION_BATCH_SIZE)).accuracy();
      epochs.add(new Epoch(loss, validationLoss(network, data.test()), accuracy, parameters(network)));
    }
    return new Figures(batchLosses, epochs, configuration);
  }

  private static double validationLoss(MultiLayerNetwork network, LabelledImages images) {
    DigitIterator batches = DigitIterator.inOrder(images, VALIDATION_BATCH_SIZE);
    double sum = 0;
    while (batches.hasNext()) {
      DataSet batch = batches.next();
      sum += network.score(batch) * batch.numExamples();
    }
    return sum / images.size();
  }

  private static Map<String, float[]> parameters(MultiLayerNetwork network) {
    Map<String, float[]> parameters = new LinkedHashMap<>();
    for (Layer layer : network.getLayers()) {
      layer.paramTable().forEach((name, values) -> parameters.put(
          "layer_" + layer.conf().getLayer().getLayerName() + (name.equals("W") ? "/weight" : "/bias"),
          values.dup().data().asFloat()));
    }
    return parameters;
  }
}
