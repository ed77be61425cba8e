package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.GraphDefSource;
import io.github.tensorboard4j.TensorValues;
import io.github.tensorboard4j.dl4j.internal.OpNames;
import io.github.tensorboard4j.training.DivergenceSearch;
import io.github.tensorboard4j.training.HyperParameters;
import io.github.tensorboard4j.training.TrainingDescription;
import io.github.tensorboard4j.training.ValidationRecording;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.autodiff.samediff.internal.Variable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * A model as it is set up for training: what its variables are to a listener, and what the iteration under way has computed. It
 * describes the training. Not thread-safe: the framework trains a model on one thread.
 */
final class SameDiffTraining implements TrainingDescription {

  private static final String GRADIENT_FUNCTION = "grad";

  private final SameDiff model;
  private final TrainingConfig config;
  private final SameDiff gradientFunction;
  private final List<SameDiffParameter> parameters;
  private final SameDiffKernels kernels;
  private final Map<String, SameDiffParameter> parametersByVariable = new HashMap<>();
  private final Map<String, ComputedVariable> computed = new HashMap<>();
  private final SameDiffRequests requests;
  private final SameDiffLosses losses;
  private final SameDiffEvaluations evaluations;
  private final SameDiffValidation validation;

  // of the iteration under way
  private int iteration;
  private int epoch;
  private long examples;
  private long results;
  private @Nullable SameDiffDiagnosis diagnosis;

  /**
   * Looks at a model that has its gradient function.
   *
   * @param model the model
   * @param activations the names of the variables that are recorded as activations; if there are none, those that are the results
   *     of activation functions
   */
  SameDiffTraining(SameDiff model, List<String> activations) {
    this.model = model;
    this.config = Objects.requireNonNull(model.getTrainingConfig(), "trainingConfig");
    this.gradientFunction = Objects.requireNonNull(model.getFunction(GRADIENT_FUNCTION), GRADIENT_FUNCTION);
    this.parameters = SameDiffParameter.of(model);
    this.kernels = new SameDiffKernels(model);
    List<String> lossNames = List.copyOf(model.getLossVariables());
    this.requests = SameDiffRequests.of(model, config, lossNames, activations);
    this.losses = new SameDiffLosses(lossNames);
    this.evaluations = new SameDiffEvaluations(config.getTrainEvaluations(), config.getTrainEvaluationLabels());
    this.validation = new SameDiffValidation(new SameDiffLosses(lossNames),
        new SameDiffEvaluations(config.getValidationEvaluations(), config.getValidationEvaluationLabels()));
    for (SDVariable variable : model.variables()) {
      if (variable.getVariableType() == VariableType.ARRAY) {
        String name = variable.name();
        computed.put(name, requests.isActivation(name)
            ? ComputedVariable.ofActivation(name)
            : ComputedVariable.ofForwardPass(name));
      }
    }
    for (SameDiffParameter parameter : parameters) {
      String name = parameter.variable().name();
      parametersByVariable.put(name, parameter);
      SDVariable gradient = gradientFunction.getVariable(name).getGradient();
      if (gradient != null) {
        computed.put(gradient.name(), ComputedVariable.ofGradient(gradient.name(), parameter));
      }
    }
    for (int i = 0; i < lossNames.size(); i++) {
      computed.put(lossNames.get(i), ComputedVariable.ofLoss(lossNames.get(i), i));
    }
  }

  /** Returns whether this is what a model is at present. */
  boolean isOf(SameDiff trained) {
    return trained == model && trained.getTrainingConfig() == config
        && trained.getFunction(GRADIENT_FUNCTION) == gradientFunction;
  }

  SameDiff model() {
    return model;
  }

  /** Returns whether a model that a callback tells of is the one that computes this training's iterations. */
  boolean isTrainedBy(SameDiff caller) {
    return caller == gradientFunction;
  }

  List<SameDiffParameter> parameters() {
    return parameters;
  }

  SameDiffKernels kernels() {
    return kernels;
  }

  SameDiffLosses losses() {
    return losses;
  }

  SameDiffEvaluations evaluations() {
    return evaluations;
  }

  SameDiffValidation validation() {
    return validation;
  }

  /**
   * Returns what a report takes of the model.
   *
   * @throws IllegalArgumentException if it can't be reported on, with the reason
   */
  SameDiffReport report(ValidationRecording report) {
    return SameDiffReport.of(model, config, report);
  }

  int iteration() {
    return iteration;
  }

  int epoch() {
    return epoch;
  }

  /** Returns the number of examples in the batch, 0 if it isn't known. */
  long examples() {
    return examples;
  }

  /** Returns what takes the arrays of the iteration, null if none are due. */
  @Nullable
  SameDiffDiagnosis diagnosis() {
    return diagnosis;
  }

  /**
   * Starts with an iteration.
   *
   * @param at its numbers
   * @param batch what it trains with
   * @param due what takes its arrays, null if none are due
   */
  void startIteration(At at, MultiDataSet batch, @Nullable SameDiffDiagnosis due) {
    iteration = at.iteration();
    epoch = at.epoch();
    examples = examples(batch);
    results = 0;
    diagnosis = due;
    losses.start();
    requests.renew(this, due != null && due.wantsActivations());
  }

  static long examples(MultiDataSet batch) {
    INDArray[] features = batch.getFeatures();
    return features == null || features.length == 0 || features[0] == null || features[0].rank() == 0
        ? 0 : features[0].size(0);
  }

  /** Takes back what the framework was asked to compute. */
  void withdrawRequests() {
    requests.withdraw(this);
  }

  /** Forgets the arrays of an iteration. */
  void finishIteration() {
    diagnosis = null;
    computed.values().forEach(ComputedVariable::forget);
  }

  /** Returns a result of an operation, null if it is not of interest. */
  @Nullable
  ComputedVariable variable(String name) {
    return computed.get(name);
  }

  @Nullable
  SameDiffParameter parameter(Variable variable) {
    return parametersByVariable.get(variable.getName());
  }

  /** Takes note of what an operation has put out. */
  void computed(ComputedVariable variable, INDArray array) {
    variable.computed(array, results++);
    if (variable.isLoss()) {
      losses.set(variable.loss(), array);
    }
  }

  /** Returns the learning rate of the iteration's updates, NaN if they have none. */
  double learningRate() {
    IUpdater updater = config.getUpdater();
    return updater != null && updater.hasLearningRate() ? updater.getLearningRate(iteration, epoch) : Double.NaN;
  }

  boolean minimizes() {
    return config.isMinimize();
  }

  /** Passes to a search all that is at hand of the iteration. */
  void search(DivergenceSearch search, MultiDataSet batch) {
    forEach(config.getDataSetFeatureMapping(), batch.getFeatures(), search::input);
    forEach(config.getDataSetLabelMapping(), batch.getLabels(), search::labels);
    for (SameDiffParameter parameter : parameters) {
      look(parameter.values(), values -> search.parameter(parameter.layer(), parameter.name(), values));
    }
    computed.values().stream()
        .filter(variable -> !variable.isLoss() && variable.gradientOf() == null && variable.intact() != null)
        .sorted(Comparator.comparingLong(ComputedVariable::order))
        .forEach(variable -> look(variable.intact(), values -> search.activation(variable.name(), values)));
  }

  private interface Place {
    void look(String name, TensorValues values);
  }

  private static void forEach(@Nullable List<String> names, INDArray @Nullable [] arrays, Place place) {
    for (int i = 0; names != null && arrays != null && i < Math.min(names.size(), arrays.length); i++) {
      String name = names.get(i);
      look(arrays[i], values -> place.look(name, values));
    }
  }

  private static void look(@Nullable INDArray array, Consumer<TensorValues> place) {
    TensorValues values = ParameterViews.current(array);
    if (values != null) {
      place.accept(values);
    }
  }

  @Override
  public HyperParameters hyperParameters() {
    HyperParameters.Builder hyperParameters = HyperParameters.builder();
    IUpdater updater = config.getUpdater();
    if (updater != null) {
      hyperParameters.optimizer(OpNames.ofClass(updater, "Optimizer"));
    }
    double rate = learningRate();
    if (!Double.isNaN(rate)) {
      hyperParameters.learningRate(rate);
    }
    hyperParameters.loss(losses.names().stream().map(this::function).distinct().collect(Collectors.joining(", ")));
    if (examples > 0) {
      hyperParameters.batchSize(examples);
    }
    long elements = 0;
    for (SameDiffParameter parameter : parameters) {
      INDArray values = parameter.values();
      elements += values == null ? 0 : values.length();
    }
    return hyperParameters.parameterCount(elements).build();
  }

  /** Returns the name of the operation that computes a loss, the loss's own if there is none. */
  private String function(String loss) {
    for (SameDiffOp operation : model.getOps().values()) {
      if (operation.getOutputsOfOp() != null && operation.getOutputsOfOp().contains(loss)) {
        return OpNames.ofClass(operation.getOp(), loss);
      }
    }
    return loss;
  }

  @Override
  public Optional<GraphDefSource> graph() {
    return Optional.of(Dl4jGraph.of(model));
  }

  @Override
  public Optional<String> configuration() {
    return Optional.of(Network.markdown(model.summary(), config.toJson()));
  }
}
