package io.github.tensorboard4j.examples.mnist;

import io.github.tensorboard4j.training.EpochSummary;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows a training while it runs: a bar for the epoch under way, a line for each that is over. */
final class RunReport implements Progress, AutoCloseable {
  private static final String ROW = "  %7s  %12s  %12s  %15s  %19s  %7s  %10s%n";
  private static final int REDRAW_MILLIS = 200;

  private final Run run;
  private final int batches;
  private final PrintWriter out;
  private final ProgressBarConsumer bars;
  private final List<EpochSummary> epochs = new ArrayList<>();
  private ProgressBar bar;

  RunReport(Run run, int examples, PrintWriter out, ProgressBarConsumer bars) {
    this.run = run;
    this.batches = run.batches(examples);
    this.out = out;
    this.bars = bars;
    out.printf(ROW, "epoch", "loss", "accuracy", "validation loss", "validation accuracy", "seconds",
        "examples/s");
    bar = nextBar();
  }

  @Override
  public void batchDone() {
    bar.step();
  }

  /** Prints loss and accuracy with all the digits that the recorded floats have. */
  @Override
  public void epochDone(EpochSummary summary) {
    bar.close();
    epochs.add(summary);
    out.printf(ROW, summary.epoch() + "/" + run.epochs(), exact(summary.loss()), exact(summary.accuracy()),
        exact(summary.validationLoss()), exact(summary.validationAccuracy()),
        String.format(Locale.ROOT, "%.2f", summary.seconds().orElseThrow()),
        String.format(Locale.ROOT, "%,.0f", summary.examplesPerSecond().orElseThrow()));
    if (epochs.size() < run.epochs()) {
      bar = nextBar();
    }
  }

  /** Returns the result of the training. */
  Result result() {
    return new Result(run, List.copyOf(epochs));
  }

  @Override
  public void close() {
    if (epochs.size() < run.epochs()) {
      bar.close();
    }
    out.println();
  }

  private ProgressBar nextBar() {
    return new ProgressBarBuilder()
        .setTaskName(String.format("  %5s", epochs.size() + 1 + "/" + run.epochs()))
        .setInitialMax(batches)
        .setUnit(" batches", 1)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(REDRAW_MILLIS)
        .setConsumer(bars)
        .clearDisplayOnFinish()
        .build();
  }

  private static String exact(OptionalDouble value) {
    return value.isPresent() ? Float.toString((float) value.getAsDouble()) : "";
  }
}
