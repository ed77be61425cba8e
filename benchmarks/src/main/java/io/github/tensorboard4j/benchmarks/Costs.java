package io.github.tensorboard4j.benchmarks;

import com.sun.management.ThreadMXBean;
import io.github.tensorboard4j.training.Frequency;
import io.github.tensorboard4j.training.RecordingOptions;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * What recording costs an iteration of several networks: whole trainings of every variant in turn, the order rotated from round
 * to round; the median of the ratios to the first variant in a round, and what more of time and memory an iteration takes.
 */
final class Costs {

  /** A training that is ready to run. */
  interface Training extends AutoCloseable {

    /** Trains for the given number of iterations, on this thread. */
    void train();

    @Override
    void close();
  }

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final int rounds;
  private final List<String> networks;

  /** Compares as often as the first argument says, 5 times without it, what the others name, everything without them. */
  Costs(String[] args) {
    this.rounds = args.length == 0 ? 5 : Integer.parseInt(args[0]);
    this.networks = List.of(args).subList(Math.min(1, args.length), args.length);
    System.out.printf("%-16s %-28s %12s %8s %12s %12s%n", "network", "variant", "us/iteration", "ratio", "more us",
        "more bytes");
  }

  /** Returns what is compared: what a listener of either framework is asked for, by name. */
  static <B extends RecordingOptions<B>> Map<String, UnaryOperator<B>> listeners() {
    Map<String, UnaryOperator<B>> listeners = new LinkedHashMap<>();
    Frequency every = Frequency.iterations(1);
    listeners.put("TensorBoardListener", listener -> listener);
    listeners.put("- every batch", listener -> listener.batchFrequency(every));
    listeners.put("- histograms every 10", listener -> listener.histogramFrequency(Frequency.iterations(10)));
    listeners.put("- all scalars, every batch", listener -> listener.batchFrequency(every).statisticsFrequency(every));
    listeners.put("- all histograms every 10", listener -> allHistograms(listener, Frequency.iterations(10)));
    listeners.put("- all histograms every batch", listener -> allHistograms(listener, every));
    return listeners;
  }

  private static <B extends RecordingOptions<B>> B allHistograms(B listener, Frequency frequency) {
    return listener.histogramFrequency(frequency).gradientFrequency(frequency).updateFrequency(frequency)
        .activationFrequency(frequency);
  }

  /** Trains a network in all variants and prints a line for each. */
  void compare(String network, int iterations, Map<String, Supplier<Training>> variants) {
    if (!networks.isEmpty() && !networks.contains(network)) {
      return;
    }
    List<String> names = List.copyOf(variants.keySet());
    Map<String, List<double[]>> measured = new LinkedHashMap<>();
    names.forEach(name -> measured.put(name, new ArrayList<>()));
    for (int round = -1; round < rounds; round++) {
      for (int i = 0; i < names.size(); i++) {
        String name = names.get(Math.floorMod(i + round, names.size()));
        double[] cost = measure(variants.get(name), iterations);
        if (round >= 0) {
          measured.get(name).add(cost);
        }
      }
    }
    List<double[]> base = measured.get(names.get(0));
    for (String name : names) {
      double[] ratios = new double[rounds];
      double[] more = new double[rounds];
      double[] bytes = new double[rounds];
      double[] micros = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        double[] cost = measured.get(name).get(round);
        micros[round] = cost[0];
        ratios[round] = cost[0] / base.get(round)[0];
        more[round] = cost[0] - base.get(round)[0];
        bytes[round] = cost[1] - base.get(round)[1];
      }
      System.out.printf("%-16s %-28s %12.1f %8.3f %12.1f %12.0f%n",
          network, name, Overhead.median(micros), Overhead.median(ratios), Overhead.median(more), Overhead.median(bytes));
    }
  }

  /**
   * Returns the microseconds of this thread's processor time, which other work on the machine changes least, and the bytes of the
   * Java heap that an iteration takes.
   */
  private static double[] measure(Supplier<Training> variant, int iterations) {
    System.gc();
    try (Training training = variant.get()) {
      long allocated = THREADS.getCurrentThreadAllocatedBytes();
      long start = THREADS.getCurrentThreadCpuTime();
      training.train();
      double micros = (THREADS.getCurrentThreadCpuTime() - start) / 1e3 / iterations;
      double bytes = (double) (THREADS.getCurrentThreadAllocatedBytes() - allocated) / iterations;
      return new double[] {micros, bytes};
    }
  }
}
