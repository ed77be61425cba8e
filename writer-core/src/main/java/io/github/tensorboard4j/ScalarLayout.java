package io.github.tensorboard4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The charts of TensorBoard's Custom Scalars page, in categories: charts of several scalar series, and charts of a series
 * with a margin. Immutable.
 *
 * <pre>{@code
 * writer.addCustomScalars(ScalarLayout.builder()
 *     .category("training")
 *     .multiline("losses", "loss/data", "loss/penalty")
 *     .margin("loss of five seeds", new ScalarLayout.Band("mean", "lowest", "highest"))
 *     .build());
 * }</pre>
 *
 * <p>Each chart shows its series of all runs. TensorBoard puts the layouts of all runs together: charts of categories with
 * the same title stand in one.
 */
public final class ScalarLayout {

  // layout.proto of TensorBoard's custom_scalar plugin: Layout, Category, Chart, MultilineChartContent, MarginChartContent
  private static final int LAYOUT_CATEGORY = 2;
  private static final int CATEGORY_TITLE = 1;
  private static final int CATEGORY_CHART = 2;
  private static final int CATEGORY_CLOSED = 3;
  private static final int CHART_TITLE = 1;
  private static final int CHART_MULTILINE = 2;
  private static final int CHART_MARGIN = 3;
  private static final int MULTILINE_TAG = 1;
  private static final int MARGIN_SERIES = 1;
  private static final int SERIES_VALUE = 1;
  private static final int SERIES_LOWER = 2;
  private static final int SERIES_UPPER = 3;

  /**
   * A scalar series with two others that bound it. TensorBoard draws them only if all three have the same steps.
   *
   * @param value the tag of the series
   * @param lower the tag of its lower bounds
   * @param upper the tag of its upper bounds
   */
  public record Band(String value, String lower, String upper) {

    /**
     * Takes three tags.
     *
     * @param value the tag of the series
     * @param lower the tag of its lower bounds
     * @param upper the tag of its upper bounds
     * @throws IllegalArgumentException if one is blank
     * @throws NullPointerException if one is null
     */
    public Band {
      requireText(value, "tag");
      requireText(lower, "tag");
      requireText(upper, "tag");
    }
  }

  private record Category(String title, boolean closed, List<WireMessage> charts) {}

  private final byte[] bytes;

  private ScalarLayout(List<Category> categories) {
    this.bytes = WireMessage.bytes(layout -> {
      for (Category category : categories) {
        WireMessage.write(layout, LAYOUT_CATEGORY, out -> {
          out.writeByteArray(CATEGORY_TITLE, TensorData.utf8(category.title()));
          for (WireMessage chart : category.charts()) {
            WireMessage.write(out, CATEGORY_CHART, chart);
          }
          out.writeBool(CATEGORY_CLOSED, category.closed());
        });
      }
    });
  }

  /**
   * Returns a builder of a layout without any category.
   *
   * @return the builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the serialized {@code tensorboard.Layout}. */
  byte[] bytes() {
    return bytes;
  }

  private static void requireText(String text, String what) {
    Objects.requireNonNull(text, () -> "A layout needs each " + what + ", but one is null");
    if (text.isBlank()) {
      throw new IllegalArgumentException("A layout needs each " + what + ", but one is blank");
    }
  }

  /** Builds a {@link ScalarLayout}. */
  public static final class Builder {

    private final List<Category> categories = new ArrayList<>();

    private Builder() {}

    /**
     * Begins a category, which what is added next belongs to. The page opens with its charts shown.
     *
     * @param title the category's title
     * @return this builder
     * @throws IllegalArgumentException if the title is blank, or if the category before has no chart
     * @throws NullPointerException if the title is null
     */
    public Builder category(String title) {
      return begin(title, false);
    }

    /**
     * Begins a category, which what is added next belongs to. The page opens with its charts folded away.
     *
     * @param title the category's title
     * @return this builder
     * @throws IllegalArgumentException if the title is blank, or if the category before has no chart
     * @throws NullPointerException if the title is null
     */
    public Builder closedCategory(String title) {
      return begin(title, true);
    }

    /**
     * Adds a chart of scalar series.
     *
     * @param title the chart's title
     * @param tags the tags of the series
     * @return this builder
     * @throws IllegalArgumentException if there are no tags, or if the title or a tag is blank
     * @throws IllegalStateException if there is no category yet
     * @throws NullPointerException if the title or a tag is null
     */
    public Builder multiline(String title, String... tags) {
      String[] expressions = new String[tags.length];
      for (int i = 0; i < tags.length; i++) {
        requireText(tags[i], "tag");
        expressions[i] = '^' + escape(tags[i]) + '$';
      }
      return multilineMatching(title, expressions);
    }

    /**
     * Adds a chart of all scalar series whose tags match.
     *
     * @param title the chart's title
     * @param expressions regular expressions of Python, one of which must match a tag from its beginning: {@code loss}
     *     stands for {@code loss/data} too, {@code ^loss$} for {@code loss} alone
     * @return this builder
     * @throws IllegalArgumentException if there are no expressions, or if the title or an expression is blank
     * @throws IllegalStateException if there is no category yet
     * @throws NullPointerException if the title or an expression is null
     */
    public Builder multilineMatching(String title, String... expressions) {
      requireText(title, "title");
      requireSome(expressions.length, title);
      for (String expression : expressions) {
        requireText(expression, "tag");
      }
      List<String> copy = List.of(expressions);
      return add(title, chart -> WireMessage.write(chart, CHART_MULTILINE, multiline -> {
        for (String expression : copy) {
          multiline.writeByteArray(MULTILINE_TAG, TensorData.utf8(expression));
        }
      }));
    }

    /**
     * Adds a chart of series with their margins.
     *
     * @param title the chart's title
     * @param bands the series, each with its bounds
     * @return this builder
     * @throws IllegalArgumentException if there are no series or the title is blank
     * @throws IllegalStateException if there is no category yet
     * @throws NullPointerException if the title or a series is null
     */
    public Builder margin(String title, Band... bands) {
      requireText(title, "title");
      requireSome(bands.length, title);
      List<Band> copy = List.of(bands);
      return add(title, chart -> WireMessage.write(chart, CHART_MARGIN, margin -> {
        for (Band band : copy) {
          WireMessage.write(margin, MARGIN_SERIES, series -> {
            series.writeByteArray(SERIES_VALUE, TensorData.utf8(band.value()));
            series.writeByteArray(SERIES_LOWER, TensorData.utf8(band.lower()));
            series.writeByteArray(SERIES_UPPER, TensorData.utf8(band.upper()));
          });
        }
      }));
    }

    /**
     * Returns the layout of what was added so far.
     *
     * @return the layout
     * @throws IllegalArgumentException if there is no chart, or none in the last category
     */
    public ScalarLayout build() {
      if (categories.isEmpty()) {
        throw new IllegalArgumentException("A layout needs charts, but it has none: begin a category and add some");
      }
      requireChartsInLast();
      return new ScalarLayout(categories);
    }

    private Builder begin(String title, boolean closed) {
      requireText(title, "title");
      requireChartsInLast();
      categories.add(new Category(title, closed, new ArrayList<>()));
      return this;
    }

    private Builder add(String title, WireMessage content) {
      if (categories.isEmpty()) {
        throw new IllegalStateException("The chart " + title + " belongs to no category: begin one first");
      }
      categories.get(categories.size() - 1).charts().add(chart -> {
        chart.writeByteArray(CHART_TITLE, TensorData.utf8(title));
        content.encode(chart);
      });
      return this;
    }

    private void requireChartsInLast() {
      if (!categories.isEmpty() && categories.get(categories.size() - 1).charts().isEmpty()) {
        throw new IllegalArgumentException(
            "The category " + categories.get(categories.size() - 1).title() + " has no charts: add some, or leave it out");
      }
    }

    private static void requireSome(int count, String title) {
      if (count == 0) {
        throw new IllegalArgumentException("The chart " + title + " has no series");
      }
    }

    /** Escapes all that may mean something in a regular expression of Python's. */
    private static String escape(String tag) {
      return tag.replaceAll("[\\p{Punct}\\s&&[^_/]]", "\\\\$0");
    }
  }
}
