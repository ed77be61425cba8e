package io.github.tensorboard4j.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.listener.TrainingListener;
import io.github.tensorboard4j.GraphDefSource;
import io.github.tensorboard4j.djl.BlockNames.NamedParameter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the listener asks of a trainer and its model. */
final class Training {

  private static final Logger LOGGER = LoggerFactory.getLogger(Training.class);

  private final Trainer trainer;
  private final Evaluations evaluations;
  private final List<NamedParameter> parameters;
  private final Set<Device> devices;
  private final int epochsBefore;
  private int epochs;
  private boolean arraysLeft;
  private boolean leftOutReported;

  /** Looks at a trainer whose model is initialized. */
  Training(Trainer trainer, TrainingListener listener) {
    this.trainer = trainer;
    this.evaluations = Evaluations.of(trainer, listener);
    this.parameters = BlockNames.parameters(trainer.getModel().getBlock());
    this.devices = Set.copyOf(Arrays.asList(trainer.getDevices()));
    this.epochsBefore = trainer.getTrainingResult().getEpoch();
  }

  Trainer trainer() {
    return trainer;
  }

  /** Has no array touched any more: when the finalizer tells of the trainer's end, they may be gone or another's. */
  void leaveArrays() {
    arraysLeft = true;
  }

  Evaluations evaluations() {
    return evaluations;
  }

  /** Counts an epoch that was told of. */
  void countEpoch() {
    epochs++;
  }

  /** Tells whether DJL has counted an epoch that wasn't told of, since a listener in front threw. */
  boolean hasUntoldEpoch() {
    return trainer.getTrainingResult().getEpoch() - epochsBefore > epochs;
  }

  /** Walks the model, with its loss and, where a configuration tells of one, its optimizer. */
  GraphDefSource graph(TrainingConfig config) {
    return DjlGraph.of(trainer, config);
  }

  /** Tells the identifier under which the optimizer keeps the first parameter that it updates. */
  String firstTrainedId() {
    for (NamedParameter parameter : parameters) {
      if (parameter.parameter().requiresGradient()) {
        return parameter.parameter().getId();
      }
    }
    return "";
  }

  /** Passes every parameter's array on. */
  void forEachParameter(BiConsumer<NamedParameter, NDArray> consumer) {
    for (NamedParameter parameter : parameters) {
      if (!arraysLeft && parameter.parameter().isInitialized()) {
        NDArray array = parameter.parameter().getArray();
        if (devices.contains(array.getDevice())) {
          consumer.accept(parameter, array);
        } else {
          reportLeftOut(parameter, "it is on " + array.getDevice() + ", where it isn't trained");
        }
      }
    }
  }

  /** Passes the gradient of every parameter that is trained on. Each is closed when the consumer returns. */
  void forEachGradient(BiConsumer<NamedParameter, NDArray> consumer) {
    forEachParameter((parameter, array) -> {
      if (parameter.parameter().requiresGradient() && array.hasGradient()) {
        try (NDArray gradient = array.getGradient()) {
          consumer.accept(parameter, gradient);
        }
      }
    });
  }

  void reportLeftOut(NamedParameter parameter, String reason) {
    if (!leftOutReported) {
      leftOutReported = true;
      LOGGER.warn("The histograms of {}/{} are left out, and of others like it: {}",
          parameter.layer(), parameter.name(), reason);
    }
  }

  /** Collects what can be told of the training, by the names that are common to all frameworks. */
  Map<String, Object> hyperParameters(TrainingConfig config, double learningRate, long batchSize) {
    Map<String, Object> found = new LinkedHashMap<>();
    if (config != null) {
      found.put("optimizer", config.getOptimizer().getClass().getSimpleName());
    }
    if (!Double.isNaN(learningRate)) {
      found.put("learning_rate", learningRate);
    }
    found.put("loss", trainer.getLoss().getClass().getSimpleName());
    found.put("batch_size", batchSize);
    found.put("parameters", parameterCount());
    Integer seed = engine().getSeed();
    if (seed != null) {
      found.put("seed", seed);
    }
    return found;
  }

  /** Describes the training and its model in Markdown. */
  String configuration(TrainingConfig config) {
    StringBuilder text = new StringBuilder("| setting | value |\n|---|---|\n");
    row(text, "engine", engine().getEngineName() + " " + engine().getVersion());
    row(text, "devices", Arrays.stream(trainer.getDevices()).map(Device::toString).collect(Collectors.joining(", ")));
    row(text, "data type", trainer.getModel().getDataType());
    if (config != null) {
      row(text, "optimizer", config.getOptimizer().getClass().getSimpleName());
    }
    row(text, "loss", trainer.getLoss().getName());
    row(text, "evaluators", trainer.getEvaluators().stream()
        .filter(evaluator -> evaluator != trainer.getLoss())
        .map(Evaluator::getName)
        .collect(Collectors.joining(", ")));
    row(text, "parameters", parameterCount());
    text.append("\n```\n").append(describe()).append("\n```\n\n| parameter | shape | type | trained |\n|---|---|---|---|\n");
    for (NamedParameter named : parameters) {
      Parameter parameter = named.parameter();
      text.append("| ").append(named.layer()).append('/').append(named.name())
          .append(" | ").append(parameter.isInitialized() ? parameter.getArray().getShape() : "")
          .append(" | ").append(parameter.isInitialized() ? parameter.getArray().getDataType() : "")
          .append(" | ").append(parameter.requiresGradient() ? "yes" : "no").append(" |\n");
    }
    return text.toString();
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
  private String describe() {
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
