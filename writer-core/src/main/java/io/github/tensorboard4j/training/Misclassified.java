package io.github.tensorboard4j.training;

import io.github.tensorboard4j.Picture;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The wrong predictions of which a model was surest, as pictures. Not thread-safe. */
final class Misclassified {

  static final int LONGEST_SIDE = 256;
  private static final int MOST = 36;
  private static final int COLUMNS = 6;
  /** What is wide enough for a caption. */
  private static final int READABLE_SIDE = 96;

  private record Example(Picture picture, int label, int prediction, float probability, long number) {

    Picture captioned(IntFunction<String> names) {
      int factor = Math.max(1, Math.round((float) READABLE_SIDE / picture.width()));
      return picture.enlarged(factor).withCaption(names.apply(label) + " \u2192 " + names.apply(prediction));
    }
  }

  private static final Comparator<Example> SURER =
      Comparator.comparing(Example::probability).thenComparing(Comparator.comparing(Example::number).reversed());

  private final PriorityQueue<Example> examples = new PriorityQueue<>(SURER);
  private long seen;

  /** Takes a wrong prediction; the picture is made if it is among the surest, and null if there is none. */
  void add(int label, int prediction, float probability, Supplier<@Nullable Picture> picture) {
    seen++;
    Example least = examples.peek();
    if (examples.size() == MOST && least != null && probability <= least.probability) {
      return;
    }
    Picture made = picture.get();
    if (made != null) {
      if (examples.size() == MOST) {
        examples.poll();
      }
      examples.add(new Example(made, label, prediction, probability, seen));
    }
  }

  /** Returns the pictures in one, the surest first; null if there are none. */
  @Nullable
  Picture grid(IntFunction<String> names) {
    if (examples.isEmpty()) {
      return null;
    }
    List<Example> sorted = new ArrayList<>(examples);
    sorted.sort(SURER.reversed());
    return Picture.grid(sorted.stream().map(example -> example.captioned(names)).toList(), COLUMNS, 4);
  }
}
