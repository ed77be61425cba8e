package io.github.tensorboard4j.testkit;

import java.util.List;
import java.util.Map;

/**
 * A node of a graph.
 *
 * @param name its full name, scopes parted by {@code /}
 * @param op its operation
 * @param inputs the nodes it reads: {@code name}, {@code name:index} or, for a control edge, {@code ^name}
 * @param device where it runs, empty if unknown
 * @param outputShapes the attribute {@code _output_shapes}, one list of sizes per output: -1 is an unknown size, an
 *     empty list a scalar, and {@code null} an unknown rank
 * @param attributes the attributes that hold a single plain value, as text
 */
public record GraphNode(
    String name,
    String op,
    List<String> inputs,
    String device,
    List<List<Long>> outputShapes,
    Map<String, String> attributes) {}
