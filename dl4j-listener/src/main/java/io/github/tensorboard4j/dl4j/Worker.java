package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.GraphDefSource;
import io.github.tensorboard4j.training.DivergenceWatch;
import io.github.tensorboard4j.training.HyperParameters;
import io.github.tensorboard4j.training.IterationFigures;
import io.github.tensorboard4j.training.StepProfile;
import io.github.tensorboard4j.training.TrainingDescription;
import io.github.tensorboard4j.training.TrainingRecorder;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * The state of a training thread between its callbacks: the network that it trains, what it has predicted and the figures of its
 * iteration. It describes the training as that network has it.
 */
final class Worker implements TrainingDescription {

  private final IterationFigures figures = new IterationFigures();
  private final IterationFigures outputFigures = new IterationFigures();
  private CorrectPredictions[] predictions = {};
  private @Nullable Network network;
  private @Nullable Network met;
  private @Nullable LayerDiagnosis diagnosis;
  private @Nullable ProfiledStep profiled;
  private final NetworkWatch watched = new NetworkWatch();
  private int iteration;
  private int epoch;

  /** Returns the model's network, or null for what is none, such as a layer that is pretrained alone. */
  @Nullable
  Network network(Model model) {
    Network known = network;
    if (known == null || known.model() != model) {
      known = Network.of(model);
      network = known;
      predictions = new CorrectPredictions[known == null ? 0 : known.outputs().length];
      Arrays.setAll(predictions, output -> new CorrectPredictions());
    }
    return known;
  }

  /** Sets what takes the activations, gradients and updates of the iteration that starts, null if none are due. */
  void diagnose(@Nullable LayerDiagnosis due) {
    diagnosis = due;
  }

  /** Records the gradients of the iteration, if they are due. */
  void recordGradients() {
    if (diagnosis != null) {
      diagnosis.recordGradients();
    }
  }

  /** Records the updates that the iteration has ended with, if they are due. */
  void recordUpdates() {
    LayerDiagnosis due = diagnosis;
    diagnosis = null;
    if (due != null) {
      due.recordUpdates();
    }
  }

  /** Takes note of the iteration under way, which is to be profiled, between its backward pass and its update. */
  void profile(Model model, long number) {
    Network trained = network(model);
    profiled = trained == null ? null : ProfiledStep.of(trained, number);
  }

  /** Records what the layers take, if that is due. */
  void recordProfile(TrainingRecorder recorder) {
    ProfiledStep due = profiled;
    profiled = null;
    StepProfile profile = due == null ? null : due.measure();
    if (due != null && profile != null) {
      recorder.recordProfile(profile, due.iteration());
    }
  }

  /** Returns whether gradients or parameters are the sign of a divergence. */
  boolean suspectsTensors(Model model, DivergenceWatch watch) {
    Network trained = network(model);
    return trained != null && watched.suspectsTensors(trained, watch);
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
   * @param recorder contains what goes wrong with one output, which then has no predictions
   */
  void countPredictions(Model model, boolean costs, TrainingRecorder recorder) {
    Network trained = network(model);
    if (trained == null) {
      return;
    }
    for (CorrectPredictions output : predictions) {
      output.reset();
    }
    Layer[] outputs = trained.outputs();
    if (!costs && !CorrectPredictions.areCheap(outputs)) {
      return;
    }
    for (int i = 0; i < outputs.length; i++) {
      try {
        predictions[i].add(outputs[i]);
      } catch (Throwable e) {
        recorder.contain(e);
      }
    }
  }

  /**
   * Takes note of the iteration that is under way, or has ended.
   *
   * @param model what is trained
   * @param iteration the framework's number of it, from 0
   * @param epoch the number of epochs that have ended
   * @return the model's network, or null for what is none
   */
  @Nullable
  Network meetIteration(Model model, int iteration, int epoch) {
    this.iteration = iteration;
    this.epoch = epoch;
    return network(model);
  }

  /** Returns the figures of the iteration, which was that of a network. */
  IterationFigures figures(long number) {
    Network trained = trained();
    Model model = trained.model();
    long correct = 0;
    long count = 0;
    for (CorrectPredictions output : predictions) {
      correct += output.correct();
      count += output.count();
    }
    figures.start(number, trained.examples()).loss(model.score()).predictions(correct, count);
    if (trained.hasLearningRate()) {
      figures.learningRate(trained.learningRate(iteration, epoch));
    }
    return figures;
  }

  /** Records the learning rate of each parameter, where they have different ones. */
  void recordLearningRates(TrainingRecorder recorder, long number) {
    Network trained = trained();
    if (trained.learningRatesDiffer(iteration, epoch)) {
      for (Network.Parameter parameter : trained.parameters()) {
        IUpdater updater = parameter.updater();
        if (updater != null && updater.hasLearningRate()) {
          recorder.recordLearningRate(
              parameter.layer(), parameter.name(), updater.getLearningRate(iteration, epoch), number);
        }
      }
    }
  }

  /** Records the figures of each of several outputs. */
  void recordOutputs(TrainingRecorder recorder, long number) {
    Network trained = trained();
    Layer[] outputs = trained.outputs();
    if (trained.hasLossesOfOutputs(trained.model().score())) {
      for (int i = 0; i < outputs.length; i++) {
        outputFigures.start(number, trained.examples())
            .loss(outputs[i].score())
            .predictions(predictions[i].correct(), predictions[i].count());
        recorder.recordOutput(trained.outputNames().get(i), outputFigures);
      }
    }
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
