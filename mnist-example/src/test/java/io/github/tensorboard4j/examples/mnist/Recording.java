package io.github.tensorboard4j.examples.mnist;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the example printed and recorded when it trained with each optimizer on real digits, once for all tests. */
final class Recording {
  static final int EPOCHS = 5;
  static final int EXAMPLES = 4000;
  static final int BATCH_SIZE = 32;
  static final int ITERATIONS = EPOCHS * EXAMPLES / BATCH_SIZE;
  static final long SEED = 1;

  private static final Pattern TRAINING = Pattern.compile("(?m)^.* with (\\w+), learning rate .* -> (.*)$");
  private static final Pattern EPOCH = Pattern.compile(
      "(?m)^ +(\\d+)/" + EPOCHS + " +(\\S+) +(\\S+) +(\\S+) +(\\S+) +(\\S+) +(\\S+) *$");
  private static final Map<Subject, Recording> RECORDINGS = new EnumMap<>(Subject.class);

  private final Path logs;
  private final Map<Optimizer, List<Epoch>> epochs = new EnumMap<>(Optimizer.class);
  private final Map<Optimizer, String> runs = new EnumMap<>(Optimizer.class);

  /**
   * An epoch as it was printed.
   *
   * @param number the epoch, from 1
   */
  record Epoch(
      long number,
      float loss,
      float accuracy,
      float validationLoss,
      float validationAccuracy,
      double seconds,
      double examplesPerSecond) {}

  private Recording(Path logs, String printed) {
    this.logs = logs;
    Matcher training = TRAINING.matcher(printed);
    while (training.find()) {
      Optimizer optimizer = Optimizer.valueOf(training.group(1).toUpperCase(Locale.ROOT));
      Path directory = Path.of(training.group(2));
      runs.put(optimizer, logs.relativize(directory).toString().replace('\\', '/'));
      epochs.put(optimizer, EPOCH.matcher(printed).region(training.end(), printed.length()).results()
          .limit(EPOCHS).map(row -> new Epoch(
              Long.parseLong(row.group(1)), Float.parseFloat(row.group(2)), Float.parseFloat(row.group(3)),
              Float.parseFloat(row.group(4)), Float.parseFloat(row.group(5)), Double.parseDouble(row.group(6)),
              Double.parseDouble(row.group(7).replace(",", ""))))
          .toList());
    }
  }

  /** The recording of a subject's trainings, made at the first call. */
  static synchronized Recording of(Subject subject) {
    return RECORDINGS.computeIfAbsent(subject, Recording::make);
  }

  /** The directory for TensorBoard. */
  Path logs() {
    return logs;
  }

  /** TensorBoard's name of a training, of which {@code /train} and {@code /validation} are sub-runs. */
  String run(Optimizer optimizer) {
    return runs.get(optimizer);
  }

  /** The epochs that were printed of a training. */
  List<Epoch> epochs(Optimizer optimizer) {
    return epochs.get(optimizer);
  }

  private static Recording make(Subject subject) {
    Path logs = Path.of("target", "logs", subject.framework().toString());
    delete(logs);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode = MnistExample.commandLine(TrainingConsole.withoutBars(new PrintWriter(out)))
        .setErr(new PrintWriter(err, true))
        .execute("--framework", subject.framework().toString(), "--optimizers", "sgd,adam",
            "--epochs", String.valueOf(EPOCHS), "--examples", String.valueOf(EXAMPLES),
            "--batch", String.valueOf(BATCH_SIZE), "--seed", String.valueOf(SEED), "--logdir", logs.toString());
    if (exitCode != 0) {
      throw new AssertionError("the example ended with " + exitCode + ":\n" + out + err);
    }
    return new Recording(logs, out.toString());
  }

  private static void delete(Path directory) {
    if (Files.notExists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
