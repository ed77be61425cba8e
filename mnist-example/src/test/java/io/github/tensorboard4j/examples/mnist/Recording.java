package io.github.tensorboard4j.examples.mnist;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the example printed and recorded of all its trainings on some of the real digits; they run once for all tests. */
final class Recording {
  static final int EPOCHS = 5;
  static final int EXAMPLES = 4000;
  static final int BATCH_SIZE = 32;
  static final int ITERATIONS = EPOCHS * EXAMPLES / BATCH_SIZE;
  static final long SEED = 1;

  /** The log directory: of each training, the part {@code framework/optimizer}. */
  static final Path LOGS = Path.of("target", "logs");

  private static final Pattern TRAINING = Pattern.compile("(?m)^.* with \\w+, learning rate .* -> (.*)$");
  private static final Pattern EPOCH = Pattern.compile(
      "(?m)^ +(\\d+)/" + EPOCHS + " +(\\S+) +(\\S+) +(\\S+) +(\\S+) +(\\S+) +(\\S+) *$");

  private static Map<Path, List<Epoch>> recorded;

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

  private Recording() {}

  /** Trains if that is not yet done. */
  static synchronized void require() {
    if (recorded == null) {
      recorded = parse(train());
    }
  }

  /** The epochs that were printed of a training. */
  static List<Epoch> epochs(Framework framework, Optimizer optimizer) {
    require();
    return recorded.get(LOGS.resolve(framework.toString()).resolve(optimizer.toString()));
  }

  private static String train() {
    delete(LOGS);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode = MnistExample.commandLine(TrainingConsole.withoutBars(new PrintWriter(out)))
        .setErr(new PrintWriter(err, true))
        .execute("--framework", "both", "--optimizers", "sgd,adam", "--epochs", String.valueOf(EPOCHS),
            "--examples", String.valueOf(EXAMPLES), "--batch", String.valueOf(BATCH_SIZE),
            "--seed", String.valueOf(SEED), "--logdir", LOGS.toString());
    if (exitCode != 0) {
      throw new AssertionError("the example ended with " + exitCode + ":\n" + out + err);
    }
    return out.toString();
  }

  private static Map<Path, List<Epoch>> parse(String printed) {
    Map<Path, List<Epoch>> epochs = new HashMap<>();
    Matcher training = TRAINING.matcher(printed);
    while (training.find()) {
      epochs.put(Path.of(training.group(1)), EPOCH.matcher(printed).region(training.end(), printed.length()).results()
          .limit(EPOCHS).map(row -> new Epoch(
              Long.parseLong(row.group(1)), Float.parseFloat(row.group(2)), Float.parseFloat(row.group(3)),
              Float.parseFloat(row.group(4)), Float.parseFloat(row.group(5)), Double.parseDouble(row.group(6)),
              Double.parseDouble(row.group(7).replace(",", ""))))
          .toList());
    }
    return epochs;
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
