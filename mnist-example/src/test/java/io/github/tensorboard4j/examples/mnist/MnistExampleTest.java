package io.github.tensorboard4j.examples.mnist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.events.Event;
import io.github.tensorboard4j.events.EventFileReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MnistExampleTest {
  private static final Pattern EPOCH = Pattern.compile("(?m)^ +(\\d+)/(\\d+) +(\\S+) +(\\S+) +(\\S+) +(\\S+) +.*$");

  @TempDir
  private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "--framework tf        | '--framework'  | dl4j, djl, both | 'tf'",
      "--optimizers sgd,rms  | '--optimizers' | sgd, adam       | 'rms'",
      "--optimizers=         | '--optimizers' | sgd, adam       | ''",
      "--epochs 0            | '--epochs'     | 1 or more       | '0'",
      "--epochs many         | '--epochs'     | is not an int   | 'many'",
      "--batch -3            | '--batch'      | 1 or more       | '-3'",
      "--batch 60001         | '--batch'      | at most the 60000 | '60001'",
      "--examples 0          | '--examples'   | 1 or more       | '0'",
      "--examples 60001      | '--examples'   | at most the 60000 | '60001'",
      "--seed 1.5            | '--seed'       | is not a long   | '1.5'",
      "--logdir pom.xml      | '--logdir'     | a directory    | 'pom.xml'",
      "--data /no/such/place | '--data'       | a directory of IDX files | '/no/such/place'",
  }, quoteCharacter = '"')
  void shouldNameAWrongArgumentAndTheValidOnes(String arguments, String option, String valid, String given) {
    assertThat(run(arguments.split(" "))).isEqualTo(2);

    assertThat(err.toString().lines().findFirst().orElseThrow()).contains(option, valid, given);
    assertThat(err.toString()).doesNotContain("\tat ");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void shouldNameAnUnknownOptionAndListTheKnownOnes() {
    assertThat(run("--optimizer", "sgd")).isEqualTo(2);

    assertThat(err.toString()).startsWith("Unknown option").contains("'--optimizer'")
        .contains("--framework", "--optimizers", "--epochs", "--batch", "--examples", "--logdir", "--data", "--seed");
  }

  @Test
  void shouldNameAFileThatIsMissingWithoutAStackTrace() {
    assertThat(run("--data", directory.toString())).isEqualTo(1);

    assertThat(err.toString()).startsWith(directory + ": expected one of train-images").hasLineCount(1);
  }

  @Test
  void shouldTrainNothingIfARunCannotBeRecorded() throws IOException {
    Path file = Files.createFile(directory.resolve("adam"));

    assertThat(run("--examples", "32", "--epochs", "1", "--logdir", directory.toString())).isEqualTo(1);
    assertThat(err.toString()).startsWith(file + " is not a directory").hasLineCount(1);
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dl4j", "djl"})
  void shouldTrainAndEndWithTheComparison(String framework) {
    assertThat(run("--framework", framework, "--epochs", "2", "--examples", "500", "--logdir", directory.toString()))
        .as(err::toString).isZero();

    List<Epoch> epochs = epochs();
    assertThat(epochs).extracting(Epoch::number).containsExactly(1, 2, 1, 2);
    assertThat(epochs.get(1).loss).isLessThan(epochs.get(0).loss);
    assertThat(epochs.get(3).loss).isLessThan(epochs.get(2).loss);
    assertThat(epochs.get(3).validationAccuracy).isGreaterThan(0.6f);
    List<String> lines = out.toString().lines().toList();
    int table = lines.indexOf(lines.stream().filter(line -> line.contains("framework  ")).findFirst().orElseThrow());
    assertThat(lines.get(table + 1)).contains("sgd", "0.01", String.format(Locale.ROOT, "%.4f", epochs.get(1).accuracy));
    assertThat(lines.get(table + 2)).contains("adam", "0.001", String.format(Locale.ROOT, "%.4f", epochs.get(3).accuracy));
    assertThat(lines).contains("  tensorboard --logdir " + directory);
    assertThat(lines.get(lines.size() - 1)).contains("pip install tensorboard");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"dl4j | sgd", "djl | djl/sgd", "both | dl4j/sgd, djl/sgd"})
  void shouldGiveEachRunItsDirectory(String framework, String directories) {
    run("--framework", framework, "--optimizers", "sgd", "--epochs", "1", "--examples", "32",
        "--logdir", directory.toString());

    assertThat(out.toString().lines().filter(line -> line.contains(" -> ")).map(line -> line.split(" -> ")[1]))
        .containsExactly(Pattern.compile(", ").splitAsStream(directories)
            .map(each -> directory.resolve(each).toString()).toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dl4j", "djl"})
  void shouldRepeatATrainingWithTheSameSeed(String framework) {
    String[] arguments = {"--framework", framework, "--optimizers", "adam", "--epochs", "2", "--examples", "300",
        "--seed", "3", "--logdir", directory.toString()};
    run(arguments);
    run(arguments);
    run("--framework", framework, "--optimizers", "adam", "--epochs", "2", "--examples", "300",
        "--seed", "4", "--logdir", directory.toString());

    List<Epoch> epochs = epochs();
    assertThat(epochs.subList(2, 4)).isEqualTo(epochs.subList(0, 2));
    assertThat(epochs.get(5).loss).isNotEqualTo(epochs.get(3).loss);
  }

  @Test
  void shouldRecordWhatItPrints() throws IOException {
    run("--optimizers", "adam", "--epochs", "3", "--examples", "300", "--logdir", directory.toString());

    List<Epoch> epochs = epochs();
    assertThat(recorded("adam/train", "epoch_loss")).isEqualTo(epochs.stream().map(Epoch::loss).toList());
    assertThat(recorded("adam/train", "epoch_accuracy")).isEqualTo(epochs.stream().map(Epoch::accuracy).toList());
    assertThat(recorded("adam/validation", "epoch_loss"))
        .isEqualTo(epochs.stream().map(Epoch::validationLoss).toList());
    assertThat(recorded("adam/validation", "epoch_accuracy"))
        .isEqualTo(epochs.stream().map(Epoch::validationAccuracy).toList());
    for (String parameter : List.of("hidden/weight", "hidden/bias", "output/weight", "output/bias")) {
      assertThat(values("adam/train", "layer_" + parameter)).hasSize(3);
    }
  }

  @Test
  void shouldTrainOnOtherData() throws IOException {
    IdxFiles.writeDataSet(directory, 70, 30);

    assertThat(run("--data", directory.toString(), "--epochs", "1", "--logdir", directory.resolve("logs").toString()))
        .isZero();
    assertThat(out.toString()).contains("70 examples in batches of 32");
  }

  @Test
  void shouldPrintNothingButLinesOfTextWhenTheOutputIsNoTerminal() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> flag.startsWith("--enable-native-access") || flag.startsWith("--sun-misc-unsafe"))
        .forEach(command::add);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MnistExample.class.getName()));
    command.addAll(List.of("--framework", "both", "--epochs", "1", "--examples", "100"));
    command.addAll(List.of("--logdir", directory.resolve("logs").toString()));
    Path errors = directory.resolve("errors");
    Process example = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    String text = new String(example.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(errors).isEmptyFile();
    assertThat(example.waitFor()).isZero();
    assertThat(text).contains("tensorboard --logdir").doesNotContain("\r", "\033", "%");
  }

  @Test
  void shouldDrawABarOnATerminal() {
    StringWriter terminal = new StringWriter();
    commandLine(TrainingConsole.withBars(new PrintWriter(terminal)))
        .execute("--optimizers", "sgd", "--epochs", "1", "--examples", "320", "--logdir", directory.toString());

    assertThat(terminal.toString()).contains("\r").contains("10/10 batches");
  }

  private int run(String... arguments) {
    return commandLine(TrainingConsole.withoutBars(new PrintWriter(out))).execute(arguments);
  }

  private CommandLine commandLine(TrainingConsole console) {
    return MnistExample.commandLine(console).setErr(new PrintWriter(err, true));
  }

  private List<Float> recorded(String run, String tag) throws IOException {
    return values(run, tag).map(Event.Value::scalar).toList();
  }

  private Stream<Event.Value> values(String run, String tag) throws IOException {
    List<Path> files;
    try (Stream<Path> listed = Files.list(directory.resolve(run))) {
      files = listed.filter(Files::isRegularFile).toList();
    }
    assertThat(files).hasSize(1);
    return EventFileReader.readAll(files.get(0)).stream()
        .flatMap(event -> event.values().stream())
        .filter(value -> value.tag().equals(tag));
  }

  private List<Epoch> epochs() {
    return EPOCH.matcher(out.toString()).results().map(match -> new Epoch(
        Integer.parseInt(match.group(1)), Float.parseFloat(match.group(3)), Float.parseFloat(match.group(4)),
        Float.parseFloat(match.group(5)), Float.parseFloat(match.group(6)))).toList();
  }

  private record Epoch(int number, float loss, float accuracy, float validationLoss, float validationAccuracy) {}
}
