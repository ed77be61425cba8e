package io.github.tensorboard4j.djl.internal;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.djl.internal.Tape.Value;
import io.github.tensorboard4j.graph.DeviceNames;
import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.graph.Output;
import io.github.tensorboard4j.graph.TensorShape;
import io.github.tensorboard4j.graph.TensorType;
import io.github.tensorboard4j.graph.TrainingBuilder;
import io.github.tensorboard4j.graph.UniqueNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Draws a DJL model: what a trace of it shows, then labels, loss and optimizer if it is being trained. */
public final class ModelWalker {

  private static final Logger LOGGER = LoggerFactory.getLogger(ModelWalker.class);

  /** The batch's size in the trace; a tensor that begins with another size does not begin with the batch. */
  private static final int BATCH = 2;

  private final ModelGraph.Builder graph;
  private final Block block;
  private final Scripts scripts;
  private final UniqueNames names;

  private ModelWalker(Block block, Scripts scripts, Device device) {
    this.graph = ModelGraph.builder().device(name(device));
    this.block = block;
    this.scripts = scripts;
    List<String> taken = new ArrayList<>(BlockNames.children(block));
    BlockNames.parameters(block).forEach(p -> taken.add(p.layer().split("/", 2)[0]));
    this.names = new UniqueNames(taken);
  }

  /**
   * Draws a model.
   *
   * @param block its outermost block
   * @param scripts the scripts of its TorchScript blocks
   * @param manager a manager on the device where it is to run once
   * @param arrays what it takes, with batches of any size
   * @param training its loss and optimizer; null if it is not trained
   * @return the graph
   */
  public static ModelGraph walk(
      Block block, Scripts scripts, NDManager manager, List<InputArray> arrays, @Nullable LossAndOptimizer training) {
    return new ModelWalker(block, scripts, manager.getDevice()).draw(manager, arrays, training);
  }

  private ModelGraph draw(NDManager manager, List<InputArray> arrays, @Nullable LossAndOptimizer training) {
    List<String> inputNames = arrays.stream().map(array -> names.claim("input")).toList();
    Tape tape = new Tape();
    List<Value> results = results(manager, arrays, inputNames, tape);
    List<Output> drawn = tape.draw(graph, BATCH, results);
    if (training != null && !drawn.isEmpty()) {
      train(drawn, training);
    }
    return graph.build();
  }

  /** Runs the model, on floats where it is not known what it takes; if it can't run on them, on integers. */
  private List<Value> results(NDManager manager, List<InputArray> arrays, List<String> inputNames, Tape tape) {
    List<NamedInput> floats = inputs(arrays, inputNames, DataType.FLOAT32);
    try {
      return ModelTracer.trace(block, manager, scripts, floats, tape);
    } catch (RuntimeException | LinkageError onFloats) {
      tape.rewind(0);
      List<NamedInput> integers = inputs(arrays, inputNames, DataType.INT64);
      if (!integers.equals(floats)) {
        try {
          return ModelTracer.trace(block, manager, scripts, integers, tape);
        } catch (RuntimeException | LinkageError onIntegers) {
          LOGGER.debug("not on integers either: {}", block, onIntegers);
          tape.rewind(0);
        }
      }
      return tree(floats, tape, onFloats);
    }
  }

  private List<Value> tree(List<NamedInput> inputs, Tape tape, Throwable reason) {
    LOGGER.info("The graph of the model shows the tree of its blocks and not its operations, for it could not be run once on"
        + " zeros of {}: {}", inputs, reason.toString().lines().findFirst().orElse(""));
    LOGGER.debug("drawn as a tree: {}", block, reason);
    return BlockTree.draw(block, inputs, tape);
  }

  private static List<NamedInput> inputs(List<InputArray> arrays, List<String> inputNames, DataType unknown) {
    List<NamedInput> inputs = new ArrayList<>();
    for (int i = 0; i < arrays.size(); i++) {
      DataType dtype = arrays.get(i).dtype();
      inputs.add(new NamedInput(inputNames.get(i), withBatch(arrays.get(i).shape()), dtype == null ? unknown : dtype));
    }
    return inputs;
  }

  private void train(List<Output> results, LossAndOptimizer training) {
    String loss = OpNames.ofClass(training.loss(), "Loss").replaceFirst("(?<=.)Loss$", "");
    TrainingBuilder drawing = graph.root().training().output("loss").loss(loss)
        .lossType(TensorType.of(DType.FLOAT, TensorShape.SCALAR)).predictions(results.toArray(Output[]::new)).add();
    if (training.optimizer() != null) {
      drawing.optimizer(OpNames.ofClass(training.optimizer(), "Optimizer"), Map.of()).gradients(DType.FLOAT, trained());
    }
    drawing.add();
  }

  private long trained() {
    long trained = 0;
    for (NamedParameter named : BlockNames.parameters(block)) {
      Parameter parameter = named.parameter();
      trained += parameter.requiresGradient() && parameter.isInitialized() ? parameter.getArray().size() : 0;
    }
    return trained;
  }

  private static Shape withBatch(Shape shape) {
    if (shape.dimension() == 0) {
      return shape;
    }
    long[] sizes = shape.getShape().clone();
    sizes[0] = BATCH;
    for (int i = 1; i < sizes.length; i++) {
      sizes[i] = sizes[i] < 0 ? 1 : sizes[i];
    }
    return new Shape(sizes);
  }

  private static String name(Device device) {
    return device.isGpu() ? DeviceNames.gpu(device.getDeviceId()) : DeviceNames.cpu();
  }
}
