package io.github.tensorboard4j.dl4j;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Figures of the user's own. Those that come before the training's first iteration wait for it, the last of each series: only
 * then it is known whether an earlier training goes on. Thread-safe.
 */
final class OwnFigures {

  /** Records a figure at one of these steps. */
  @FunctionalInterface
  interface Figure {
    void record(long iteration, long epoch);
  }

  private final Map<String, Figure> waiting = new LinkedHashMap<>();

  synchronized void await(String series, Figure figure) {
    waiting.put(series, figure);
  }

  /** Returns the figures that have waited, which wait no longer. */
  synchronized List<Figure> take() {
    if (waiting.isEmpty()) {
      return List.of();
    }
    List<Figure> taken = List.copyOf(waiting.values());
    waiting.clear();
    return taken;
  }
}
