package io.github.tensorboard4j.testkit;

import java.util.List;

/**
 * What a user sees on a page of TensorBoard.
 *
 * @param charts the charts in the order of the page
 * @param graphNodes the full names of the graph's nodes and scopes that are drawn
 * @param graphEdges the drawn edges, each as {@code from--to}
 * @param texts every visible piece of text
 * @param messages visible notes that something is missing or went wrong, such as "No scalar data was found."
 * @param consoleErrors what the page reported to the browser's console as an error
 */
public record Page(
    List<Chart> charts,
    List<String> graphNodes,
    List<String> graphEdges,
    List<String> texts,
    List<String> messages,
    List<String> consoleErrors) {

  /** The tags of the charts in which something is drawn. */
  public List<String> drawnTags() {
    return charts.stream().filter(Chart::isDrawn).map(Chart::tag).distinct().toList();
  }

  /**
   * A chart.
   *
   * @param tag its tag
   * @param run its run, empty where one chart shows all runs
   * @param colours how many different hues are drawn, which in a chart of scalars is the number of runs; 0 for a blank one
   */
  public record Chart(String tag, String run, int colours) {
    /** Whether anything is drawn besides the grey axes. */
    public boolean isDrawn() {
      return colours > 0;
    }
  }
}
