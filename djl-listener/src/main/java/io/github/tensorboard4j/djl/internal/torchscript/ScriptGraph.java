package io.github.tensorboard4j.djl.internal.torchscript;

import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.graph.Output;
import java.util.List;
import java.util.Map;

/**
 * The graph of a script.
 *
 * @param graph its operations, parameters and inputs
 * @param parameters the names of parameters and buffers, {@code features.0.weight}, by their places among the graph's nodes
 * @param inputs what it takes, in the order of its parameters: outputs of operations {@code Placeholder}
 * @param results the tensors that it yields, those in lists and dictionaries one after the other
 */
public record ScriptGraph(ModelGraph graph, Map<Integer, String> parameters, List<Output> inputs, List<Output> results) {}
