package io.github.tensorboard4j.examples.mnist;

import io.github.tensorboard4j.training.ExistingRun;
import io.github.tensorboard4j.training.TrainingRecorder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Trains the same network once per framework and optimizer, and compares how they learn. */
@Command(
    name = "mnist",
    customSynopsis = "mvn -Pmnist -Dargs=\"[OPTION]...\"",
    sortOptions = false,
    description = "Trains a network of 784, 100 and 10 units on the MNIST digits, once per optimizer, and "
        + "records the trainings for TensorBoard.")
public final class MnistExample implements Callable<Integer> {

  /** The values of the option {@code --framework}. */
  enum FrameworkChoice {
    DL4J(Framework.DL4J),
    DJL(Framework.DJL),
    BOTH(Framework.DL4J, Framework.DJL);

    private final List<Framework> frameworks;

    FrameworkChoice(Framework... frameworks) {
      this.frameworks = List.of(frameworks);
    }

    /** The name on the command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Spec
  private CommandSpec spec;

  @Option(names = "--framework", paramLabel = "NAME", defaultValue = "dl4j",
      description = "What to train with: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private FrameworkChoice framework;

  @Option(names = "--optimizers", paramLabel = "NAME", defaultValue = "sgd,adam", split = ",",
      description = "The optimizers to compare: ${COMPLETION-CANDIDATES}. Default: sgd,adam.")
  private LinkedHashSet<Optimizer> optimizers;

  @Option(names = "--epochs", paramLabel = "N", defaultValue = "5",
      description = "How often to go through the training examples. Default: ${DEFAULT-VALUE}.")
  private int epochs;

  @Option(names = "--batch", paramLabel = "N", defaultValue = "32",
      description = "Examples per update. Default: ${DEFAULT-VALUE}.")
  private int batch;

  @Option(names = "--examples", paramLabel = "N",
      description = "How many of the training examples to learn from. Default: all, 60000.")
  private Integer examples;

  @Option(names = "--logdir", paramLabel = "DIR", defaultValue = "logs",
      description = "Where to record the trainings. Default: ${DEFAULT-VALUE}.")
  private Path logs;

  @Option(names = "--replace",
      description = "Deletes what earlier trainings have recorded in the same directories. Without it, the new curves "
          + "take the place of the old ones from the first step on, and what isn't recorded again stays.")
  private boolean replace;

  @Option(names = "--data", paramLabel = "DIR",
      description = "Other IDX files than MNIST's own, gzipped or not, under the same names; Fashion-MNIST's "
          + "for one.")
  private Path directory;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "1",
      description = "The start of initial weights and order of examples. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--help", usageHelp = true, description = "Shows this help and ends.")
  private boolean help;

  private final TrainingConsole console;

  MnistExample(TrainingConsole console) {
    this.console = console;
  }

  /** Runs the example and ends the JVM: 0 if all went well, 2 for a wrong argument, 1 for any other failure. */
  public static void main(String[] args) {
    System.exit(commandLine(TrainingConsole.standardOutput()).execute(args));
  }

  /** The command line of the example, not yet run. */
  static CommandLine commandLine(TrainingConsole console) {
    return new CommandLine(new MnistExample(console))
        .registerConverter(FrameworkChoice.class, named(FrameworkChoice.values()))
        .registerConverter(Optimizer.class, named(Optimizer.values()))
        .setParameterExceptionHandler((wrong, arguments) -> {
          CommandLine commandLine = wrong.getCommandLine();
          commandLine.getErr().println(wrong.getMessage());
          commandLine.usage(commandLine.getErr());
          return commandLine.getCommandSpec().exitCodeOnInvalidInput();
        })
        .setExecutionExceptionHandler((failure, commandLine, parsed) -> {
          if (!(failure instanceof IOException)) {
            throw failure;
          }
          commandLine.getErr().println(failure.getMessage());
          return commandLine.getCommandSpec().exitCodeOnExecutionException();
        });
  }

  /** Trains, shows and compares. */
  @Override
  public Integer call() throws IOException {
    check(epochs >= 1, "--epochs", epochs, "1 or more");
    check(batch >= 1, "--batch", batch, "1 or more");
    check(examples == null || examples >= 1, "--examples", examples, "1 or more");
    check(Files.isDirectory(logs) || Files.notExists(logs), "--logdir", logs, "a directory, there or not yet");
    check(directory == null || Files.isDirectory(directory), "--data", directory, "a directory of IDX files");

    MnistData all = directory == null ? MnistData.bundled() : MnistData.load(directory);
    int available = all.train().size();
    check(examples == null || examples <= available,
        "--examples", examples, "at most the " + available + " there are");
    MnistData data = new MnistData(all.train().first(examples == null ? available : examples), all.test());
    int used = data.train().size();
    check(batch <= used, "--batch", batch, "at most the " + used + " training examples");

    List<Run> runs = runs();
    for (Framework each : framework.frameworks) {
      each.training().requireDevice();
    }
    for (Run run : runs) {
      requireRecordable(run);
    }
    List<Result> results = new ArrayList<>();
    for (Run run : runs) {
      try (RunReport report = console.report(run, used)) {
        run.framework().training().run(data, run, report);
        results.add(report.result());
      }
    }
    console.compare(results);
    console.showCommand(logs);
    return CommandLine.ExitCode.OK;
  }

  /**
   * A directory per optimizer, {@code logs/sgd}, while Deeplearning4j trains alone. As soon as DJL takes part, the
   * framework comes before it, {@code logs/djl/sgd}.
   */
  private List<Run> runs() {
    List<Run> runs = new ArrayList<>();
    for (Framework each : framework.frameworks) {
      Path parent = framework == FrameworkChoice.DL4J ? logs : logs.resolve(each.toString());
      for (Optimizer optimizer : optimizers) {
        runs.add(new Run(each, optimizer, epochs, batch, seed, parent.resolve(optimizer.toString()),
            replace ? ExistingRun.REPLACE : ExistingRun.CONTINUE));
      }
    }
    return runs;
  }

  /** A listener would train on without a record: here the record is what is wanted, of all trainings or none. */
  private static void requireRecordable(Run run) throws IOException {
    try {
      TrainingRecorder.builder(run.directory()).failFast().build().close();
    } catch (IllegalArgumentException | UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static <T> ITypeConverter<T> named(T[] values) {
    return name -> Stream.of(values)
        .filter(value -> value.toString().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(() -> new TypeConversionException(String.format("expected one of %s, but was '%s'",
            Stream.of(values).map(Object::toString).collect(Collectors.joining(", ")), name)));
  }

  private void check(boolean valid, String option, Object value, String expected) {
    if (!valid) {
      throw new ParameterException(
          spec.commandLine(), String.format(Locale.ROOT, "Invalid value for option '%s': expected %s, but was '%s'",
              option, expected, value));
    }
  }
}
