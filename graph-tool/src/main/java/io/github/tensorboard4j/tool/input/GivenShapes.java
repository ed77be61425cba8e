package io.github.tensorboard4j.tool.input;

import io.github.tensorboard4j.graph.TensorShape;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * The shapes of a model's inputs as {@code --input} gives them, in the model's order and the batch first.
 *
 * @param shapes one for each input, or for the first of them; empty if not given
 */
public record GivenShapes(List<long[]> shapes) {

  /** No shape is given. */
  public static final GivenShapes NONE = new GivenShapes(List.of());

  /**
   * Refuses more shapes than a model has inputs.
   *
   * @param inputs how many it takes
   * @throws UnfitShapeException if more are given
   */
  public void requireAtMost(int inputs) throws UnfitShapeException {
    if (shapes.size() > inputs) {
      throw new UnfitShapeException(
          "the model takes " + inputs + (inputs == 1 ? " input" : " inputs") + ", but --input is given "
              + shapes.size() + " times");
    }
  }

  /**
   * Returns an input's shape: what the model leaves open, but for the batch, is as given.
   *
   * @param place the input's place, from 0
   * @param name its name
   * @param declared what the model says of its shape
   * @return the shape
   * @throws UnfitShapeException if the model says something else than what is given
   */
  public TensorShape of(int place, String name, TensorShape declared) throws UnfitShapeException {
    if (place >= shapes.size()) {
      return declared;
    }
    long[] sizes = shapes.get(place).clone();
    String given = LongStream.of(sizes).mapToObj(Long::toString).collect(Collectors.joining("x"));
    boolean fits = !declared.isKnown() || declared.rank() == sizes.length;
    for (int i = 0; fits && i < sizes.length; i++) {
      long own = declared.isKnown() ? declared.size(i) : TensorShape.UNKNOWN_SIZE;
      fits = i == 0 || own < 0 || own == sizes[i];
      sizes[i] = i == 0 ? own : sizes[i];
    }
    if (!fits) {
      throw new UnfitShapeException(
          "the model's input " + name + " has the shape " + declared + ", but --input is " + given);
    }
    return TensorShape.of(sizes);
  }
}
