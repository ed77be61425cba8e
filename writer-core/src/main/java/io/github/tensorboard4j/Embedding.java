package io.github.tensorboard4j;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Vectors of many examples for TensorBoard's Projector page, which shows them in two or three dimensions, by PCA, t-SNE or
 * UMAP; with labels or several columns of them, by which the page searches and colours, and small pictures. Immutable.
 *
 * <p>Elements that are NaN or infinite, which the page can't show, are shown as 0, and the log says how many they are.
 *
 * <pre>{@code
 * writer.addEmbedding("digits", Embedding.builder(activations).labels(labels).sprites(pictures).build(), step);
 * }</pre>
 */
public final class Embedding {

  private final float[] values;
  private final int dimensions;
  private final Map<String, List<String>> columns;
  private final @Nullable SpriteSheet sprites;

  private Embedding(Builder builder) {
    this.values = builder.values;
    this.dimensions = builder.dimensions;
    this.columns = Collections.unmodifiableMap(new LinkedHashMap<>(builder.columns));
    this.sprites = builder.sprites;
  }

  /**
   * Returns a builder of vectors without labels.
   *
   * @param vectors the vectors, two or more, each with as many elements, two or more; they are copied
   * @return the builder
   * @throws IllegalArgumentException if there are less than two vectors, if one has less than two elements or another
   *     number of them than the first
   * @throws NullPointerException if the vectors are null
   */
  public static Builder builder(float[][] vectors) {
    Objects.requireNonNull(vectors, "An embedding needs vectors, but they are null");
    int dimensions = vectors.length == 0 ? 0 : vectors[0].length;
    float[] values = new float[Math.multiplyExact(vectors.length, dimensions)];
    for (int i = 0; i < vectors.length; i++) {
      if (vectors[i].length != dimensions) {
        throw new IllegalArgumentException(
            "Vector " + i + " has " + vectors[i].length + " elements, but the first has " + dimensions);
      }
      System.arraycopy(vectors[i], 0, values, i * dimensions, dimensions);
    }
    return new Builder(values, dimensions);
  }

  /**
   * Returns a builder of vectors without labels.
   *
   * @param vectors vector by vector its elements: a tensor of shape [vectors, dimensions], between the buffer's position
   *     and its limit; they are copied
   * @param dimensions the number of elements of each vector
   * @return the builder
   * @throws IllegalArgumentException if there are less than two vectors or dimensions, or if the number of elements is
   *     no multiple of that of the dimensions
   * @throws NullPointerException if the vectors are null
   */
  public static Builder builder(FloatBuffer vectors, int dimensions) {
    return builder(TensorValues.of(vectors), dimensions);
  }

  /**
   * Returns a builder of vectors without labels.
   *
   * @param vectors vector by vector its elements: a tensor of shape [vectors, dimensions], of any type; they are copied
   * @param dimensions the number of elements of each vector
   * @return the builder
   * @throws IllegalArgumentException if there are less than two vectors or dimensions, if the number of elements is no
   *     multiple of that of the dimensions, or if it is more than an array holds
   * @throws NullPointerException if the vectors are null
   */
  public static Builder builder(TensorValues vectors, int dimensions) {
    Objects.requireNonNull(vectors, "An embedding needs vectors, but they are null");
    if (dimensions < 1 || vectors.size() % dimensions != 0 || vectors.size() > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "Vectors have the shape [vectors, " + dimensions + "], unlike " + vectors.size() + " elements");
    }
    return new Builder(vectors.toFloats(), dimensions);
  }

  int rows() {
    return values.length / dimensions;
  }

  int dimensions() {
    return dimensions;
  }

  float value(int row, int dimension) {
    return values[row * dimensions + dimension];
  }

  /** Returns how many elements are NaN or infinite. */
  int countNonFinite() {
    int count = 0;
    for (float value : values) {
      count += Float.isFinite(value) ? 0 : 1;
    }
    return count;
  }

  /** Returns the labels by the names of their columns; the one column without a name has an empty one. */
  Map<String, List<String>> columns() {
    return columns;
  }

  @Nullable
  SpriteSheet sprites() {
    return sprites;
  }

  /** Builds an {@link Embedding}. */
  public static final class Builder {

    private static final String NAMELESS = "";

    private final float[] values;
    private final int dimensions;
    private final Map<String, List<String>> columns = new LinkedHashMap<>();
    private @Nullable SpriteSheet sprites;

    private Builder(float[] values, int dimensions) {
      if (dimensions < 2 || values.length < 2 * dimensions) {
        throw new IllegalArgumentException(
            "TensorBoard shows two vectors or more of two dimensions or more, not those of the shape ["
                + (dimensions == 0 ? 0 : values.length / dimensions) + ", " + dimensions + "]");
      }
      this.values = values;
      this.dimensions = dimensions;
    }

    /**
     * Gives each vector a label. For several labels a vector, add columns instead.
     *
     * @param labels the labels in the order of the vectors, each made its string; tabs and line breaks, which would be
     *     the end of it, are shown as {@code \t} and {@code \n}, and a blank label in quotes
     * @return this builder
     * @throws IllegalArgumentException if there are more or less than vectors
     * @throws IllegalStateException if there are labels or columns already
     * @throws NullPointerException if the labels are null or one is
     */
    public Builder labels(List<?> labels) {
      if (!columns.isEmpty()) {
        throw new IllegalStateException("The vectors have labels already: add each kind as a column of its own");
      }
      columns.put(NAMELESS, strings("labels", labels));
      return this;
    }

    /**
     * Gives each vector a label in one of several columns.
     *
     * @param name the column's name
     * @param labels the labels in the order of the vectors, each made its string, as those of {@link #labels}; where all
     *     are numbers, the page colours by their size
     * @return this builder
     * @throws IllegalArgumentException if there are more or less than vectors, if the name is blank, or if there is a
     *     column of that name
     * @throws IllegalStateException if there are labels without a name
     * @throws NullPointerException if the name or the labels are null or one is
     */
    public Builder column(String name, List<?> labels) {
      if (name.isBlank() || columns.containsKey(name)) {
        throw new IllegalArgumentException("Columns have names of their own, unlike \"" + name + "\"");
      }
      if (columns.containsKey(NAMELESS)) {
        throw new IllegalStateException("The vectors have labels without a name: add them as a column too");
      }
      columns.put(name, strings("labels of the column " + name, labels));
      return this;
    }

    /**
     * Gives each vector a picture, which the page draws in its place. All together become one picture, which is that of a
     * square at best: 10,000 pictures of 28 x 28 have 2,800 x 2,800 pixels.
     *
     * @param pictures the pictures in the order of the vectors, all of one size
     * @return this builder
     * @throws IllegalArgumentException if there are more or less than vectors, if one has another size than the first,
     *     or if they are so many or large that a browser can't show them: more than 8,192 pixels in a row or column
     * @throws NullPointerException if the pictures are null or one is
     */
    public Builder sprites(List<Picture> pictures) {
      requireAll("pictures", pictures);
      sprites = SpriteSheet.of(pictures);
      return this;
    }

    /**
     * Returns the embedding.
     *
     * @return the embedding
     */
    public Embedding build() {
      return new Embedding(this);
    }

    private List<String> strings(String what, List<?> labels) {
      requireAll(what, labels);
      List<String> strings = new ArrayList<>(labels.size());
      for (Object label : labels) {
        strings.add(Objects.requireNonNull(label, () -> "One of the " + what + " is null").toString());
      }
      return strings;
    }

    private void requireAll(String what, List<?> elements) {
      if (elements.size() != values.length / dimensions) {
        throw new IllegalArgumentException(
            "There are " + values.length / dimensions + " vectors, but " + elements.size() + ' ' + what);
      }
    }
  }
}
