package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.GraphDefSource;
import io.github.tensorboard4j.training.HyperParameters;
import io.github.tensorboard4j.training.IterationFigures;
import io.github.tensorboard4j.training.TrainingDescription;
import java.util.Objects;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.jspecify.annotations.Nullable;

/**
 * The state of a training thread between its callbacks: the network that it trains, what it has predicted and the figures of its
 * iteration. It describes the training as that network has it.
 */
final class Worker implements TrainingDescription {

  private final CorrectPredictions predictions = new CorrectPredictions();
  private final IterationFigures figures = new IterationFigures();
  private @Nullable Network network;
  private @Nullable Network met;
  private int iteration;
  private int epoch;

  /** Returns the model's network, or null for what is none, such as a layer that is pretrained alone. */
  @Nullable
  Network network(Model model) {
    Network known = network;
    if (known == null || known.model() != model) {
      known = Network.of(model);
      network = known;
    }
    return known;
  }

  /** Returns whether an iteration is of another network than the one before. */
  boolean meets(Network trained) {
    boolean other = met != trained;
    met = trained;
    return other;
  }

  /**
   * Counts what the outputs have predicted, which is known during the backward pass only.
   *
   * @param model what is trained
   * @param costs whether that may cost something
   */
  void countPredictions(Model model, boolean costs) {
    predictions.reset();
    Network trained = network(model);
    if (trained != null && (costs || CorrectPredictions.areCheap(trained.outputs()))) {
      for (Layer output : trained.outputs()) {
        predictions.add(output);
      }
    }
  }

  /**
   * Takes note of an iteration.
   *
   * @param model what was trained
   * @param iteration the framework's number of it, from 0
   * @param epoch the number of epochs that have ended
   * @return the model's network, or null for what is none
   */
  @Nullable
  Network finishIteration(Model model, int iteration, int epoch) {
    this.iteration = iteration;
    this.epoch = epoch;
    return network(model);
  }

  /** Returns the figures of the iteration, which was that of a network. */
  IterationFigures figures(long number) {
    Network trained = trained();
    Model model = trained.model();
    figures.start(number, trained.examples())
        .loss(model.score())
        .predictions(predictions.correct(), predictions.count());
    if (trained.hasLearningRate()) {
      figures.learningRate(trained.learningRate(iteration, epoch));
    }
    return figures;
  }

  @Override
  public HyperParameters hyperParameters() {
    return trained().hyperParameters(iteration, epoch);
  }

  @Override
  public Optional<GraphDefSource> graph() {
    return Optional.of(trained().graph());
  }

  @Override
  public Optional<String> configuration() {
    return Optional.of(trained().configuration());
  }

  private Network trained() {
    return Objects.requireNonNull(network, "network");
  }
}
