package io.github.tensorboard4j.examples.mnist;

import io.github.tensorboard4j.training.EpochSummary;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarConsumer;

/** Shows trainings as lines of text and, on a terminal, as a bar that moves. */
final class TrainingConsole {
  private static final int BAR_WIDTH = 78;

  private final PrintWriter out;
  private final ProgressBarConsumer bars;

  private TrainingConsole(PrintWriter out, ProgressBarConsumer bars) {
    this.out = out;
    this.bars = bars;
  }

  /** Standard output: with bars on a terminal, without when it goes to a file or a pipe. */
  static TrainingConsole standardOutput() {
    PrintWriter out = new PrintWriter(System.out, true);
    return isTerminal() ? withBars(out) : withoutBars(out);
  }

  /** Lines and bars; a bar is redrawn in place by carriage returns. */
  static TrainingConsole withBars(PrintWriter out) {
    return new TrainingConsole(out, new DelegatingProgressBarConsumer(bar -> {
      out.print("\r" + bar);
      out.flush();
    }, BAR_WIDTH));
  }

  /** Whole lines only, without control characters. */
  static TrainingConsole withoutBars(PrintWriter out) {
    return new TrainingConsole(out, new DelegatingProgressBarConsumer(bar -> {}, BAR_WIDTH));
  }

  /** Announces a training and returns what shows it; the caller closes it. */
  RunReport report(Run run, int examples) {
    out.printf(Locale.ROOT, "%s with %s, learning rate %s: %,d examples in batches of %d -> %s%n",
        run.framework().title(), run.optimizer(), run.optimizer().learningRate(), examples, run.batchSize(),
        run.directory());
    return new RunReport(run, examples, out, bars);
  }

  /** Shows the last epoch of each training side by side. */
  void compare(List<Result> results) {
    String row = "  %-14s  %-9s  %13s  %8s  %8s  %15s  %19s  %8s%n";
    out.printf(row, "framework", "optimizer", "learning rate", "loss", "accuracy", "validation loss",
        "validation accuracy", "seconds");
    for (Result result : results) {
      EpochSummary last = result.lastEpoch();
      out.printf(row, result.run().framework().title(), result.run().optimizer(),
          result.run().optimizer().learningRate(), rounded(last.loss()), rounded(last.accuracy()),
          rounded(last.validationLoss()), rounded(last.validationAccuracy()),
          String.format(Locale.ROOT, "%.1f", result.seconds()));
    }
    out.println();
  }

  /** Prints the command that shows what was recorded. */
  void showCommand(Path logs) {
    String directory = logs.toString();
    out.println("See the curves, histograms and graphs:");
    out.println("  tensorboard --logdir " + (directory.contains(" ") ? '"' + directory + '"' : directory));
    out.println("and open http://localhost:6006. To install TensorBoard: pip install tensorboard");
  }

  private static String rounded(OptionalDouble value) {
    return value.isPresent() ? String.format(Locale.ROOT, "%.4f", value.getAsDouble()) : "";
  }

  /** From Java 22 a console may be there that is no terminal, and says so. */
  private static boolean isTerminal() {
    Object console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) console.getClass().getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (IllegalAccessException | InvocationTargetException e) {
      return false;
    }
  }
}
