package io.github.tensorboard4j.examples.mnist;

import java.util.List;
import java.util.Map;

/** What a framework itself says of a training in {@link Recording}: the same again, without the listener. */
interface Reference {
  /** Trains. */
  Figures train(MnistData data, Optimizer optimizer);

  /**
   * The figures of a training.
   *
   * @param batchLosses the loss of each batch
   * @param epochs what was so after each epoch
   * @param configuration texts that describe the network and its training; how much space parts the words doesn't matter
   */
  record Figures(List<Double> batchLosses, List<Epoch> epochs, List<String> configuration) {
    public Figures {
      configuration = configuration.stream().map(text -> text.strip().replaceAll("\\s+", " ")).toList();
    }
  }

  /**
   * What was so after an epoch.
   *
   * @param loss mean loss of the training examples when they were met
   * @param validationLoss mean loss of the validation data
   * @param validationAccuracy the fraction of the validation data that is classified right
   * @param parameters all elements of each parameter, by tag
   */
  record Epoch(double loss, double validationLoss, double validationAccuracy, Map<String, float[]> parameters) {}
}
