package io.github.tensorboard4j.training;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The layers whose outputs are shown as pictures: those that the user has named, or all convolutions. Names that no layer with
 * pictures has are told of once. Thread-safe, since several workers may train one model.
 */
final class PicturedLayers {

  private static final Logger LOGGER = LoggerFactory.getLogger(PicturedLayers.class);

  private final Set<String> named;

  // guarded by this
  private final Set<String> missing;
  private final Set<String> met = new TreeSet<>();
  private boolean asked;

  PicturedLayers(List<String> named) {
    this.named = Set.copyOf(named);
    this.missing = new LinkedHashSet<>(named);
  }

  /** Returns whether a layer is one of them. */
  boolean have(String layer, boolean isConvolution) {
    if (named.isEmpty()) {
      return isConvolution;
    }
    meet(layer);
    return named.contains(layer);
  }

  private synchronized void meet(String layer) {
    if (!missing.isEmpty()) {
      met.add(layer);
    }
  }

  /** Takes note that a layer has a picture. */
  synchronized void shown(String layer) {
    missing.remove(layer);
  }

  /** Takes note that the layers of an iteration are about to be asked for, all of which were before. */
  synchronized void ask() {
    tellMissing();
    asked = true;
  }

  /** Tells of the names that no layer with pictures had, once layers were asked for. */
  synchronized void tellMissing() {
    if (asked && !missing.isEmpty()) {
      LOGGER.warn("There are no pictures of what the layers {} put out: those with rows and columns are {}.",
          List.copyOf(missing), met);
      missing.clear();
    }
  }

  /** Refuses names that are blank. */
  static List<String> requireNames(Collection<String> layers) {
    List<String> names = List.copyOf(layers);
    if (names.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("Layers with pictures have names, unlike " + names
          + ": leave them out to have those of all convolutions");
    }
    return names;
  }
}
