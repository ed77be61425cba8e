package io.github.tensorboard4j.dl4j;

import java.util.AbstractMap;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.TrainingConfig;

/**
 * Variables that a training is to compute though no gradient needs them, such as the loss.
 *
 * <p>The framework has one way to ask for them: it computes, in each iteration, what is a key of the training configuration's
 * evaluations (what listeners require is not looked at). So those maps are replaced by views of themselves that have these keys
 * too, but no entry for them: nothing is evaluated for them, and nothing of them is saved with the configuration. A view that is
 * left over, as where a training throws, changes no figure of a later one.
 */
final class RequestedVariables {

  /** Held for moments. */
  private static final Object LOCK = new Object();

  /** What each of several listeners has asked for. */
  private final Map<Object, Request> requests = new WeakHashMap<>();

  /** What a model is to compute; others, which may share its configuration in threads of their own, don't know such variables. */
  private record Request(Thread thread, Collection<String> variables) {}

  /** A map that has some keys without an entry. */
  private static final class View<V> extends AbstractMap<String, V> {

    private final Map<String, V> entries;
    private final RequestedVariables requested;

    View(Map<String, V> entries, RequestedVariables requested) {
      this.entries = entries;
      this.requested = requested;
    }

    @Override
    public Set<Entry<String, V>> entrySet() {
      return entries.entrySet();
    }

    @Override
    public Set<String> keySet() {
      Set<String> keys = new LinkedHashSet<>(entries.keySet());
      synchronized (LOCK) {
        for (Request request : requested.requests.values()) {
          if (request.thread == Thread.currentThread()) {
            keys.addAll(request.variables);
          }
        }
      }
      return keys;
    }

    @Override
    public @Nullable V get(@Nullable Object key) {
      return entries.get(key);
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
      return entries.containsKey(key);
    }

    @Override
    public @Nullable V put(String key, V value) {
      return entries.put(key, value);
    }
  }

  private RequestedVariables() {}

  /**
   * Asks for variables from this thread's next iteration on, in the place of those that were asked for before.
   *
   * @param config the configuration of the training
   * @param asker who asks
   * @param variables the names of variables that the model has
   */
  static void request(TrainingConfig config, Object asker, Collection<String> variables) {
    synchronized (LOCK) {
      RequestedVariables requested = of(config);
      if (requested == null) {
        requested = new RequestedVariables();
        config.setTrainEvaluations(new View<>(config.getTrainEvaluations(), requested));
        config.setTrainEvaluationLabels(new View<>(config.getTrainEvaluationLabels(), requested));
      }
      requested.requests.put(asker, new Request(Thread.currentThread(), variables));
    }
  }

  private static @Nullable RequestedVariables of(TrainingConfig config) {
    return config.getTrainEvaluations() instanceof View<?> view ? view.requested : null;
  }

  /** Returns whether what was asked for still is, in this thread. */
  static boolean isAsked(TrainingConfig config, Object asker) {
    synchronized (LOCK) {
      RequestedVariables requested = of(config);
      Request request = requested == null ? null : requested.requests.get(asker);
      return request != null && request.thread == Thread.currentThread();
    }
  }

  /** Takes back what was asked for: the configuration is as it was. */
  static void withdraw(TrainingConfig config, Object asker) {
    synchronized (LOCK) {
      RequestedVariables requested = of(config);
      if (requested == null) {
        return;
      }
      requested.requests.remove(asker);
      if (requested.requests.isEmpty()) {
        config.setTrainEvaluations(entries(config.getTrainEvaluations()));
        config.setTrainEvaluationLabels(entries(config.getTrainEvaluationLabels()));
      }
    }
  }

  private static <V> Map<String, V> entries(Map<String, V> map) {
    return map instanceof View<V> view ? view.entries : map;
  }
}
