package io.github.tensorboard4j.djl.internal;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import io.github.tensorboard4j.DType;
import io.github.tensorboard4j.djl.internal.Tape.Entry;
import io.github.tensorboard4j.djl.internal.Tape.Value;
import io.github.tensorboard4j.djl.internal.torchscript.ScriptGraph;
import io.github.tensorboard4j.graph.Attribute;
import io.github.tensorboard4j.graph.TensorShape;
import io.github.tensorboard4j.graph.TensorType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a model once and records the operations of each block, and what its layers put out.
 *
 * <p>A block whose operations can't be seen, such as one that runs in native code, becomes one operation that
 * takes all its parameters and says that it was not traced.
 */
final class ModelTracer {

  private static final Logger LOGGER = LoggerFactory.getLogger(ModelTracer.class);

  private final Tape tape;
  private final BlockPaths paths;
  private final LayerOutputs outputs;
  private final Tracing tracing;
  private final Store store;
  private final Map<Class<?>, String> untraced = new LinkedHashMap<>();
  private final Map<Parameter, NamedParameter> names = new IdentityHashMap<>();
  private final Map<Parameter, Entry> parameters = new IdentityHashMap<>();

  /** Null if what a script does is not to be known. */
  private final @Nullable Scripts scripts;

  private ModelTracer(Block block, NDManager manager, Tape tape, @Nullable Scripts scripts) {
    this.scripts = scripts;
    this.tape = tape;
    this.paths = new BlockPaths(block);
    this.outputs = new LayerOutputs(paths.all());
    this.tracing = new Tracing(tape, paths, outputs);
    this.store = new Store(manager);
    BlockNames.parameters(block).forEach(p -> names.put(p.parameter(), p));
  }

  /**
   * Traces a model.
   *
   * @param block the model's outermost block, initialized
   * @param parent a manager on the model's device
   * @param scripts the scripts of its TorchScript blocks
   * @param inputs the model's inputs, with the batch's size in the trace as the first dimension
   * @param tape where to write
   * @return where the model's results come from
   */
  static List<Value> trace(Block block, NDManager parent, Scripts scripts, List<NamedInput> inputs, Tape tape) {
    try (NDScope scope = new NDScope(); NDManager manager = parent.newSubManager()) {
      scope.suppressNotUsedWarning();
      ModelTracer tracer = new ModelTracer(block, manager, tape, scripts);
      NDList traced = new NDList();
      for (NamedInput input : inputs) {
        NDArray zeros = manager.zeros(input.shape(), input.dtype());
        Entry entry = tape.record(input.name(), "Placeholder", List.of(), Map.of(), List.of(Types.of(zeros)));
        traced.add(tracer.tracing.trace(zeros, entry.output(0)));
      }
      NDList results = tracer.run(block, traced);
      BlockNames.parameters(block).forEach(named -> tracer.parameter(named.parameter()));
      tracer.untraced.forEach((kind, reason) -> LOGGER.info(
          "The graph of the model shows {} as one operation, for what it does inside could not be traced: {}",
          kind.getName(), reason));
      return results.stream().map(Tracing::value).flatMap(Optional::stream).toList();
    }
  }

  /** Runs a model on a batch and passes on what its layers put out, as {@link ForwardPass} says. */
  static void run(Block block, NDManager parent, NDList batch, Consumer<LayerOutput> consumer) {
    try (NDScope scope = new NDScope(); NDManager manager = parent.newSubManager()) {
      scope.suppressNotUsedWarning();
      Tape tape = new Tape();
      ModelTracer tracer = new ModelTracer(block, manager, tape, null);
      NDList traced = new NDList();
      for (NDArray array : batch) {
        NDArray input = array.toDevice(manager.getDevice(), false);
        Entry entry = tape.record("input", "Placeholder", List.of(), Map.of(), List.of(Types.of(input)));
        traced.add(tracer.tracing.trace(input, entry.output(0)));
      }
      tracer.run(block, traced);
      tracer.outputs.all().forEach(consumer);
    }
  }

  private NDList run(Block block, NDList inputs) {
    return BlockFlow.run(block, inputs, this::runChild, this::runWhole);
  }

  private NDList runChild(int index, Block child, NDList inputs) {
    paths.enter(index);
    try {
      return run(child, inputs);
    } finally {
      paths.leave();
    }
  }

  /** Runs a block as it is; if that can't be followed, without following it. */
  private NDList runWhole(Block block, NDList inputs) {
    Tracing.Mark before = tracing.mark();
    NDList kept = new NDList(inputs);
    String reason = "it yields arrays that come from no operation on what it takes";
    try {
      NDList results = paths.runWhole(() -> block.forward(store, inputs, false));
      if (results.stream().allMatch(r -> Tracing.value(r).isPresent())) {
        if (paths.isLeaf() && results.stream().noneMatch(result -> kept.stream().anyMatch(input -> input == result))) {
          putOut(results);
        }
        return results;
      }
    } catch (RuntimeException e) {
      LOGGER.debug("can't be traced: {}", block, e);
      reason = e.toString().lines().findFirst().orElse("");
    }
    rewind(before);
    return runUntraced(block, kept, reason);
  }

  private void rewind(Tracing.Mark mark) {
    tracing.rewind(mark);
    parameters.values().removeIf(entry -> !tape.holds(entry));
  }

  private NDList runUntraced(Block block, NDList inputs, String reason) {
    ParameterStore plain = new ParameterStore(store.getManager(), false);
    NDList results = block.forward(plain, Tracing.real(inputs), false);
    List<Value> from = inputs.stream().map(Tracing::value).flatMap(Optional::stream).toList();
    List<TensorType> types = results.stream().map(Types::of).toList();
    List<Value> values = scripts != null && Scripts.isScript(block)
        ? script(block, scripts, from, types)
        : singleOperation(block, from, types, reason);
    NDList traced = new NDList();
    for (int i = 0; i < results.size(); i++) {
      traced.add(tracing.trace(results.get(i), values.get(i)));
    }
    putOut(traced);
    return traced;
  }

  /** Records what a script does; if that can't be read, one operation. Returns where its results come from. */
  private List<Value> script(Block block, Scripts scripts, List<Value> inputs, List<TensorType> results) {
    Tracing.Mark before = tracing.mark();
    try {
      ScriptGraph script = scripts.read(block)
          .draw(Collections.nCopies(inputs.size(), TensorShape.UNKNOWN), module -> module.replace('.', '/'));
      Map<String, Parameter> own = BlockNames.directParameters(block).toMap(false);
      return new ScriptTrace(script, paths.path(), paths.name()).record(tape,
          name -> Optional.ofNullable(own.get(name)).map(this::parameter), inputs, results);
    } catch (IOException | RuntimeException | StackOverflowError e) {
      LOGGER.debug("the script can't be drawn: {}", block, e);
      rewind(before);
      return singleOperation(block, inputs, results, "its script can't be drawn: " + e.getMessage());
    }
  }

  /** Records a block as one operation, for that reason, and returns where its results come from. */
  private List<Value> singleOperation(Block block, List<Value> inputs, List<TensorType> results, String reason) {
    untraced.putIfAbsent(block.getClass(), reason);
    List<Value> from = new ArrayList<>(inputs);
    block.getParameters().values().forEach(p -> from.add(parameter(p).output(0)));
    String op = OpNames.ofClass(block, "Block");
    Entry entry = tape.record(paths.name() + '/' + op, op, from,
        Map.of("note", Attribute.of("what this block does inside could not be traced")), results);
    return IntStream.range(0, results.size()).mapToObj(entry::output).toList();
  }

  /** Takes note of what the block at hand has put out. */
  private void putOut(NDList results) {
    if (!results.isEmpty()) {
      NDArray real = Tracing.real(results).get(0);
      Tracing.value(results.get(0)).ifPresent(value -> outputs.put(paths.name(), value.entry(), real));
    }
  }

  private Entry parameter(Parameter parameter) {
    Entry entry = parameters.get(parameter);
    if (entry == null) {
      NamedParameter named = names.get(parameter);
      TensorType type = parameter.isInitialized()
          ? Types.of(parameter.getArray())
          : TensorType.of(DType.UNKNOWN, Types.shape(parameter.getShape()));
      String path = named == null ? "parameters/" + parameter.getName() : named.path();
      entry = tape.parameter(path, parameter.getName(), type, parameter.requiresGradient());
      parameters.put(parameter, entry);
    }
    return entry;
  }

  /** A store whose parameters are traced. */
  private final class Store extends ParameterStore {

    Store(NDManager manager) {
      super(manager, false);
    }

    @Override
    public @Nullable NDArray getValue(@Nullable Parameter parameter, Device device, boolean training) {
      if (parameter == null) {
        return null;
      }
      paths.parameterRequested(parameter);
      return tracing.trace(super.getValue(parameter, device, training), parameter(parameter).output(0));
    }
  }
}
