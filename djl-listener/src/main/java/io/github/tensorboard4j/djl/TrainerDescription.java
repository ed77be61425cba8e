package io.github.tensorboard4j.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.Trainer;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.optimizer.Optimizer;
import io.github.tensorboard4j.GraphDefSource;
import io.github.tensorboard4j.djl.internal.NamedParameter;
import io.github.tensorboard4j.djl.internal.OpNames;
import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.training.HyperParameters;
import io.github.tensorboard4j.training.TrainingDescription;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Describes a trainer whose model is initialized, and its model. */
final class TrainerDescription implements TrainingDescription {

  private final Trainer trainer;
  private final List<NamedParameter> parameters;
  private final @Nullable Optimizer optimizer;
  private final TrackedLearningRate learningRate;
  private final long batchSize;
  private final @Nullable NDList batch;
  private final boolean drawn;
  private @Nullable ModelGraph graph;

  /**
   * A description of a trainer; {@code batch} is what its model takes, null if not known, and {@code drawn} says whether it
   * includes the graph.
   */
  TrainerDescription(Trainer trainer, List<NamedParameter> parameters, @Nullable Optimizer optimizer,
      TrackedLearningRate learningRate, long batchSize, @Nullable NDList batch, boolean drawn) {
    this.trainer = trainer;
    this.parameters = parameters;
    this.optimizer = optimizer;
    this.learningRate = learningRate;
    this.batchSize = batchSize;
    this.batch = batch;
    this.drawn = drawn;
  }

  @Override
  public HyperParameters hyperParameters() {
    HyperParameters.Builder hyperParameters = HyperParameters.builder();
    if (optimizer != null) {
      hyperParameters.optimizer(name(optimizer));
    }
    float rate = learningRate.base();
    if (!Float.isNaN(rate)) {
      hyperParameters.learningRate(rate);
    }
    hyperParameters.loss(OpNames.ofClass(trainer.getLoss(), "Loss"));
    if (batchSize > 0) {
      hyperParameters.batchSize(batchSize);
    }
    hyperParameters.parameterCount(parameterCount());
    Integer seed = engine().getSeed();
    if (seed != null) {
      hyperParameters.seed(seed);
    }
    return hyperParameters.build();
  }

  @Override
  public Optional<GraphDefSource> graph() {
    if (!drawn) {
      return Optional.empty();
    }
    graph = batch == null || !isTakenByTheModel(batch)
        ? DjlGraph.of(trainer, optimizer) : DjlGraph.of(trainer, optimizer, batch);
    return Optional.of(graph);
  }

  /** Returns the graph, which is drawn now if it wasn't recorded, as that of a further trainer isn't; null if none is wanted. */
  @Nullable
  ModelGraph drawnGraph() {
    if (graph == null) {
      graph();
    }
    return graph;
  }

  /** Returns whether a batch is like what the model was initialized with: a loop may give the model something else of it. */
  private boolean isTakenByTheModel(NDList arrays) {
    Block block = trainer.getModel().getBlock();
    Shape[] shapes = block.isInitialized() ? block.getInputShapes() : null;
    if (shapes == null || shapes.length != arrays.size()) {
      return false;
    }
    for (int i = 0; i < shapes.length; i++) {
      if (shapes[i].dimension() != arrays.get(i).getShape().dimension()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Optional<String> configuration() {
    StringBuilder text = new StringBuilder("| setting | value |\n|---|---|\n");
    row(text, "engine", engine().getEngineName() + " " + engine().getVersion());
    row(text, "devices", Arrays.stream(trainer.getDevices()).map(Device::toString).collect(Collectors.joining(", ")));
    row(text, "data type", trainer.getModel().getDataType());
    if (optimizer != null) {
      row(text, "optimizer", name(optimizer));
    }
    row(text, "loss", trainer.getLoss().getName());
    row(text, "evaluators", trainer.getEvaluators().stream()
        .filter(evaluator -> evaluator != trainer.getLoss())
        .map(Evaluator::getName)
        .collect(Collectors.joining(", ")));
    row(text, "parameters", parameterCount());
    text.append("\n```\n").append(blocks()).append("\n```\n\n| parameter | shape | type | trained |\n|---|---|---|---|\n");
    for (NamedParameter named : parameters) {
      Parameter parameter = named.parameter();
      text.append("| ").append(named.path())
          .append(" | ").append(parameter.isInitialized() ? parameter.getArray().getShape() : "")
          .append(" | ").append(parameter.isInitialized() ? parameter.getArray().getDataType() : "")
          .append(" | ").append(parameter.requiresGradient() ? "yes" : "no").append(" |\n");
    }
    return Optional.of(text.toString());
  }

  private static String name(Optimizer optimizer) {
    return OpNames.ofClass(optimizer, "Optimizer");
  }

  private Engine engine() {
    return trainer.getManager().getEngine();
  }

  private long parameterCount() {
    long count = 0;
    for (NamedParameter parameter : parameters) {
      count += parameter.parameter().isInitialized() ? parameter.parameter().getArray().size() : 0;
    }
    return count;
  }

  /** DJL's description runs the model's lambdas on zeros to learn their shapes, which not every one of them takes. */
  private String blocks() {
    try {
      return trainer.getModel().getBlock().toString().replace("\t", "  ");
    } catch (RuntimeException e) {
      return trainer.getModel().getBlock().getClass().getName();
    }
  }

  private static void row(StringBuilder text, String name, Object value) {
    text.append("| ").append(name).append(" | ").append(value).append(" |\n");
  }
}
