package io.github.tensorboard4j.tool;

import io.github.tensorboard4j.SummaryWriter;
import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.tool.Run.Content;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Draws a saved model in TensorBoard, without training it. */
@Command(
    name = "graph",
    customSynopsis = "mvn -Pgraph -Dargs=\"MODEL [OPTION]...\"",
    sortOptions = false,
    description = "Writes the graph of a saved model for TensorBoard.")
public final class GraphTool implements Callable<Integer> {

  /** The shape of one input, such as {@code 1x3x224x224}. */
  private static final class ShapeConverter implements ITypeConverter<long[]> {
    @Override
    public long[] convert(String value) {
      try {
        long[] shape = Arrays.stream(value.split("[x,]", -1)).mapToLong(Long::parseLong).toArray();
        if (Arrays.stream(shape).allMatch(size -> size > 0)) {
          return shape;
        }
      } catch (NumberFormatException e) {
        throw new TypeConversionException("'" + value + "' is no shape, such as 1x3x224x224");
      }
      throw new TypeConversionException("'" + value + "': every size must be 1 or more; write 1 for the batch");
    }
  }

  @Spec
  private CommandSpec spec;

  @Parameters(paramLabel = "MODEL",
      description = "A Deeplearning4j model (zip), a SameDiff file, an ONNX file, an exported PyTorch program (.pt2), "
          + "a TorchScript archive (.pt) or a directory with a model that DJL loads.")
  private Path model;

  @Option(names = "--input", paramLabel = "SHAPE", converter = ShapeConverter.class,
      description = "The shape of an input, the batch first, such as 1x3x224x224; once for each input. Where a "
          + "model does not say what it takes, its edges have no shapes without it; those of a TorchScript archive "
          + "have them at the inputs alone.")
  private List<long[]> inputs = new ArrayList<>();

  @Option(names = "--logdir", paramLabel = "DIR", defaultValue = "logs",
      description = "Where TensorBoard looks. Default: ${DEFAULT-VALUE}.")
  private Path logs;

  @Option(names = "--run", paramLabel = "NAME",
      description = "The run's name. Default: the model's, or its directory's if that is as common as model.onnx; with a "
          + "number behind it if another run has it.")
  private String name;

  @Option(names = "--help", usageHelp = true, description = "Shows this help and ends.")
  private boolean help;

  GraphTool() {}

  /**
   * Draws a model and ends the JVM: 0 if all went well, 2 for a wrong argument, 1 for a model that can't be
   * drawn.
   *
   * @param args the model and the options
   */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The command line, not yet run. */
  static CommandLine commandLine() {
    return new CommandLine(new GraphTool()).setExecutionExceptionHandler((failure, commandLine, arguments) -> {
      if (!(failure instanceof IOException)) {
        throw failure;
      }
      commandLine.getErr().println(failure.getMessage());
      return commandLine.getCommandSpec().exitCodeOnExecutionException();
    });
  }

  @Override
  public Integer call() throws IOException {
    ModelGraph graph = ModelFormat.of(model).read(model, inputs);
    Run run = run(graph);
    if (run.content() != Content.SAME_GRAPH) {
      write(graph, run.directory());
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf(run.content() == Content.SAME_GRAPH ? "%d nodes, already in %s%n" : "%d nodes in %s%n",
        graph.nodes().size(), run.directory());
    if (name == null && !run.directory().endsWith(Run.name(model))) {
      out.printf("Another run is in %s; --run gives this one a name of its own%n", logs.resolve(Run.name(model)));
    }
    out.printf("Look at it: tensorboard --logdir %s%n", logs);
    return 0;
  }

  private Run run(ModelGraph graph) throws IOException {
    if (name == null) {
      return Run.free(logs, model, graph.toGraphDef());
    }
    Path logdir = logs.toAbsolutePath().normalize();
    Path absolute = logdir.resolve(name).normalize();
    if (!absolute.startsWith(logdir) || absolute.equals(logdir)) {
      throw new IOException(
          "--run is the name of a directory in " + logs + ", unlike '" + name + "'; --logdir says where that is");
    }
    Run run = Run.of(logs.resolve(name), graph.toGraphDef());
    if (run.content() == Content.OTHER_GRAPH) {
      throw new IOException(run.directory() + " holds another graph, and TensorBoard shows one a run; give another --run"
          + " or remove that directory");
    }
    return run;
  }

  private static void write(ModelGraph graph, Path directory) throws IOException {
    try (SummaryWriter writer = SummaryWriter.builder(directory).failFast().build()) {
      writer.addGraph(graph);
    } catch (IllegalArgumentException | UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
