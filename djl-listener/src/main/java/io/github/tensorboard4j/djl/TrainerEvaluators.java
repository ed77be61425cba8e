package io.github.tensorboard4j.djl;

import ai.djl.training.Trainer;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.evaluator.BinaryAccuracy;
import ai.djl.training.evaluator.Evaluator;
import io.github.tensorboard4j.graph.NodeNames;
import io.github.tensorboard4j.graph.UniqueNames;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A trainer's evaluators: which is the loss, which the accuracy, and what the others are called. */
final class TrainerEvaluators {

  /** The names that no evaluator has here: the recorder has figures of that name, and refuses a metric that has one of them. */
  private static final Set<String> COMMON_NAMES =
      Set.of("loss", "accuracy", "learning_rate", "seconds", "examples_per_second");

  private final EvaluatorFigures loss;
  private final Optional<EvaluatorFigures> accuracy;
  private final EvaluatorFigures[] others;
  private final EvaluatorFigures[] all;

  /** The evaluators of a trainer, with a suffix of the keys of their accumulators and what takes their faults. */
  TrainerEvaluators(Trainer trainer, String suffix, Consumer<Throwable> faults) {
    Optional<Evaluator> accurate = accuracy(trainer.getEvaluators());
    this.loss = new EvaluatorFigures(trainer.getLoss(), "loss", suffix, faults);
    this.accuracy = accurate.map(evaluator -> new EvaluatorFigures(evaluator, "accuracy", suffix, faults));
    this.others = others(trainer, accurate.orElse(null), suffix, faults);
    List<EvaluatorFigures> figures = new ArrayList<>(List.of(loss));
    accuracy.ifPresent(figures::add);
    Collections.addAll(figures, others);
    this.all = figures.toArray(EvaluatorFigures[]::new);
  }

  EvaluatorFigures loss() {
    return loss;
  }

  Optional<EvaluatorFigures> accuracy() {
    return accuracy;
  }

  /** Returns those that are neither the loss nor the accuracy, in an array that is not to be changed. */
  EvaluatorFigures[] others() {
    return others;
  }

  /** Returns all of them, in an array that is not to be changed, for loops that allocate nothing. */
  EvaluatorFigures[] all() {
    return all;
  }

  private static EvaluatorFigures[] others(Trainer trainer, @Nullable Evaluator accuracy, String suffix,
      Consumer<Throwable> faults) {
    List<EvaluatorFigures> others = new ArrayList<>();
    UniqueNames unique = new UniqueNames(COMMON_NAMES);
    for (Evaluator evaluator : trainer.getEvaluators()) {
      if (evaluator != trainer.getLoss() && evaluator != accuracy) {
        String name = NodeNames.legal(String.valueOf(evaluator.getName()).replace('/', '_'));
        others.add(new EvaluatorFigures(evaluator, unique.claim(name), suffix, faults));
      }
    }
    return others.toArray(EvaluatorFigures[]::new);
  }

  /** Returns the fraction of right predictions, by its class, or wrapped in another class by its name, if one is. */
  private static Optional<Evaluator> accuracy(List<Evaluator> evaluators) {
    Evaluator first = null;
    for (Evaluator evaluator : evaluators) {
      if (evaluator instanceof Accuracy) {
        return Optional.of(evaluator);
      }
      boolean accurate = evaluator instanceof BinaryAccuracy || "accuracy".equalsIgnoreCase(evaluator.getName());
      first = first == null && accurate ? evaluator : first;
    }
    return Optional.ofNullable(first);
  }
}
