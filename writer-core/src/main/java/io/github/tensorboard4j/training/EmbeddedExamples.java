package io.github.tensorboard4j.training;

import io.github.tensorboard4j.Embedding;
import io.github.tensorboard4j.Picture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** What a layer has put out for the first examples. Not thread-safe. */
final class EmbeddedExamples {

  /** So many of them fit a sprite sheet. */
  static final int LONGEST_SIDE = 64;
  private static final int MOST = 1_000;
  private static final int MOST_NUMBERS = 4_000_000;

  private final List<float[]> vectors = new ArrayList<>();
  private final List<Picture> pictures = new ArrayList<>();
  private final List<Integer> labels = new ArrayList<>();
  private final List<Integer> predictions = new ArrayList<>();

  /** Returns whether there is room for another example of so many numbers. */
  boolean wants(int dimensions) {
    return vectors.size() < MOST && (vectors.size() + 1L) * dimensions <= MOST_NUMBERS;
  }

  /** Takes an example; its picture is null if it has none. */
  void add(float[] values, int from, int to, int label, int prediction, @Nullable Picture picture) {
    vectors.add(Arrays.copyOfRange(values, from, to));
    labels.add(label);
    predictions.add(prediction);
    if (picture != null) {
      pictures.add(picture);
    }
  }

  /** Returns the embedding, null if there are too few examples or numbers for one. */
  @Nullable
  Embedding embedding(IntFunction<String> names) {
    if (vectors.size() < 2 || vectors.get(0).length < 2) {
      return null;
    }
    // the page labels by the first column that has other things than numbers
    Embedding.Builder embedding = Embedding.builder(vectors.toArray(float[][]::new))
        .column("example", comparisons(names))
        .column("label", names(labels, names))
        .column("prediction", names(predictions, names))
        .column("right", comparisons(right -> "yes", (label, prediction) -> "no"));
    // sprites are of one size
    if (pictures.size() == vectors.size()
        && pictures.stream().map(p -> List.of(p.width(), p.height())).distinct().count() == 1) {
      embedding.sprites(pictures);
    }
    return embedding.build();
  }

  private static List<String> names(List<Integer> classes, IntFunction<String> names) {
    return classes.stream().map(names::apply).toList();
  }

  private List<String> comparisons(IntFunction<String> names) {
    return comparisons(names, (label, prediction) -> Misclassified.caption(label, prediction, names));
  }

  private List<String> comparisons(IntFunction<String> right, BiFunction<Integer, Integer, String> wrong) {
    List<String> comparisons = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      int label = labels.get(i);
      int prediction = predictions.get(i);
      comparisons.add(label == prediction ? right.apply(label) : wrong.apply(label, prediction));
    }
    return comparisons;
  }
}
