package io.github.tensorboard4j.benchmarks;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * Compares what an epoch takes with and without a listener: whole epochs of every variant in turn, the order rotated from
 * round to round so that a machine whose speed changes favours none, then medians and their ratio to the first variant's.
 */
final class Overhead {

  private final Map<String, DoubleSupplier> variants = new LinkedHashMap<>();

  /** Adds a variant, which trains an epoch and returns the seconds it took. */
  Overhead variant(String name, DoubleSupplier epochSeconds) {
    variants.put(name, epochSeconds);
    return this;
  }

  /** Runs all variants and prints a table. */
  void run(int warmups, int rounds) {
    List<String> names = List.copyOf(variants.keySet());
    double[][] seconds = new double[names.size()][rounds];
    for (int round = -warmups; round < rounds; round++) {
      for (int i = 0; i < names.size(); i++) {
        int turn = Math.floorMod(i + round, names.size());
        double took = variants.get(names.get(turn)).getAsDouble();
        if (round >= 0) {
          seconds[turn][round] = took;
        }
      }
      System.out.printf("round %d of %d%n", round + 1, rounds);
    }
    System.out.printf("%n%-44s %14s %16s %24s%n", "variant", "median s/epoch", "ratio of medians",
        "median ratio in a round");
    for (int i = 0; i < names.size(); i++) {
      double[] ratios = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        ratios[round] = seconds[i][round] / seconds[0][round];
      }
      System.out.printf("%-44s %14.3f %16.3f %24.3f%n",
          names.get(i), median(seconds[i]), median(seconds[i]) / median(seconds[0]), median(ratios));
    }
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
