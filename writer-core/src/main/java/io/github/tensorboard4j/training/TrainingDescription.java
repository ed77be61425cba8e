package io.github.tensorboard4j.training;

import io.github.tensorboard4j.GraphDefSource;
import java.util.Optional;

/** Describes a training as a whole. A listener asks its framework only when the recorder asks for it, once. */
@FunctionalInterface
public interface TrainingDescription {

  /**
   * Returns the hyper-parameters that can be found out.
   *
   * @return the hyper-parameters
   */
  HyperParameters hyperParameters();

  /**
   * Returns the model's graph.
   *
   * @return the graph, empty if there is none
   */
  default Optional<GraphDefSource> graph() {
    return Optional.empty();
  }

  /**
   * Returns the configuration of model and training.
   *
   * @return a text in Markdown, empty if there is none
   */
  default Optional<String> configuration() {
    return Optional.empty();
  }
}
