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

  static final int LONGEST_SIDE = 112;
  private static final int MOST = 36;
  private static final int PADDING = 4;

  // the Images page is some 360 pixels wide at first: as many columns as captions allow that can be read there
  private static final int PAGE = 360;
  private static final int CHARACTER = 6;
  private static final int NARROWEST = 56;
  private static final int WIDEST = 116;

  private record Example(Picture picture, int label, int prediction, float probability, long number) {

    String caption(IntFunction<String> names) {
      return Misclassified.caption(label, prediction, names);
    }

    Picture captioned(String caption, int width) {
      return picture.enlarged(Math.max(1, Math.round((float) width / picture.width()))).withCaption(caption);
    }
  }

  private static final Comparator<Example> SURER =
      Comparator.comparing(Example::probability).thenComparing(Comparator.comparing(Example::number).reversed());

  private final PriorityQueue<Example> examples = new PriorityQueue<>(SURER);
  private long seen;

  /** Returns what an example is and what it was taken for. */
  static String caption(int label, int prediction, IntFunction<String> names) {
    return names.apply(label) + " \u2192 " + names.apply(prediction);
  }

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
    int longest = sorted.stream().mapToInt(example -> example.caption(names).length()).max().orElseThrow();
    int width = Math.max(NARROWEST, Math.min(WIDEST, longest * CHARACTER));
    List<Picture> captioned =
        sorted.stream().map(example -> example.captioned(example.caption(names), width)).toList();
    return Picture.grid(captioned, PAGE / (width + PADDING), PADDING);
  }
}
