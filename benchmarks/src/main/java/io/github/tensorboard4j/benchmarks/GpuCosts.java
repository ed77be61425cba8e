package io.github.tensorboard4j.benchmarks;

import io.github.tensorboard4j.testing.CountedCalls;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Frequency;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the listener costs trainings on a device: the time a step with and without it, the bytes that it brings to the host, and
 * whether what it records is what the framework has. It prints a row of a table for each network and variant;
 * {@code benchmarks/gpu.sh} runs it for each framework and device.
 */
public final class GpuCosts {

  private final GpuTraining.Framework framework;
  private final String device;
  private final int steps;
  private final int rounds;
  private final Path logs;
  private final int histogramsEvery;
  private int runs;
  private boolean right = true;

  private GpuCosts(GpuTraining.Framework framework, String device, int steps, int rounds, Path logs) {
    this.framework = framework;
    this.device = device;
    this.steps = steps;
    this.rounds = rounds;
    this.logs = logs;
    this.histogramsEvery = Math.min(100, steps);
  }

  /**
   * Runs the comparison, and ends the JVM with 1 if a figure isn't recorded as the framework has it.
   *
   * @param args the framework, {@code dl4j} or {@code djl}; {@code gpu} or {@code cpu}; what the device is called in the table; the
   *     number of steps of a training, of examples in a batch, of pixels along an image of a ResNet, and of rounds; and the networks:
   *     {@code mlp}, {@code resnet8}, {@code resnet50}
   * @throws IOException if there is no directory for temporary files or no data
   */
  public static void main(String[] args) throws IOException {
    if (args.length < 8) {
      System.err.println("Usage: GpuCosts dl4j|djl gpu|cpu DEVICE STEPS BATCH PIXELS ROUNDS NETWORK...");
      System.exit(2);
    }
    boolean gpu = args[1].equals("gpu");
    int batch = Integer.parseInt(args[4]);
    int pixels = Integer.parseInt(args[5]);
    GpuTraining.Framework framework =
        args[0].equals("djl") ? new DjlGpu(gpu, batch, pixels) : new Dl4jGpu(gpu, batch, pixels);
    GpuCosts costs = new GpuCosts(framework, args[2], Integer.parseInt(args[3]), Integer.parseInt(args[6]),
        Files.createTempDirectory("tensorboard4j"));
    for (String network : List.of(args).subList(7, args.length)) {
      costs.compare(GpuTraining.Network.valueOf(network.toUpperCase(Locale.ROOT)));
    }
    System.exit(costs.right ? 0 : 1);
  }

  private void compare(GpuTraining.Network network) {
    Map<String, GpuTraining.Options> variants = new LinkedHashMap<>();
    variants.put("off", null);
    variants.put("defaults", options -> options);
    variants.put("histograms every " + histogramsEvery,
        options -> options.histogramFrequency(Frequency.iterations(histogramsEvery)));
    List<String> names = List.copyOf(variants.keySet());
    Map<String, double[]> millis = new LinkedHashMap<>();
    names.forEach(name -> millis.put(name, new double[rounds]));
    for (int round = -1; round < rounds; round++) {
      for (int i = 0; i < names.size(); i++) {
        String name = names.get(Math.floorMod(i + round, names.size()));
        double took = measure(network, variants.get(name));
        if (round >= 0) {
          millis.get(name)[round] = took;
        }
      }
    }
    double[] off = millis.get("off");
    variants.forEach((name, options) -> {
      double[] took = millis.get(name);
      double[] ratios = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        ratios[round] = took[round] / off[round];
      }
      String checked = options == null ? "| |" : check(network, options);
      System.out.printf("| %s | %s | %s | %s | %.3f | %.3f %s%n",
          device, framework.name(), network, name, Overhead.median(took), Overhead.median(ratios), checked);
    });
  }

  /** Returns the milliseconds of a step, once the first, in which a listener describes the training, are over. */
  private double measure(GpuTraining.Network network, GpuTraining.Options options) {
    try (GpuTraining training = framework.training(network, nextRun(), options)) {
      for (int step = 0; step < Math.min(10, steps); step++) {
        training.step();
      }
      training.await();
      long start = System.nanoTime();
      for (int step = 0; step < steps; step++) {
        training.step();
      }
      training.await();
      return (System.nanoTime() - start) / 1e6 / steps;
    }
  }

  /** Trains once more, counting what comes to the host, and compares what is recorded with what the framework has. */
  private String check(GpuTraining.Network network, GpuTraining.Options options) {
    Path run = nextRun();
    Map<Long, Float> losses = new TreeMap<>();
    long bytes = 0;
    double[] parameters;
    GpuReads reads = framework.reads();
    try (GpuTraining training = framework.training(network, run, options); CountedCalls calls = reads.count()) {
      for (long step = 1; step <= histogramsEvery; step++) {
        losses.put(step, training.step());
        bytes += reads.bytes(calls.all());
        calls.clear();
      }
      training.end();
      // DJL's listener records an iteration with the next callback, and both record the epoch's histograms here
      bytes += reads.bytes(calls.all());
      parameters = training.parameters();
    }
    List<String> faults = new ArrayList<>();
    Recorded recorded = Recorded.in(run.resolve("train"));
    Map<Long, Float> curve = recorded.scalar("batch_loss");
    curve.forEach((step, loss) -> {
      if (Float.compare(losses.get(step), loss) != 0) {
        faults.add("batch_loss at " + step + " is " + losses.get(step) + ", not " + loss);
      }
    });
    double[] found = {0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    recorded.histograms().values().forEach(series -> {
      Recorded.Rows rows = new TreeMap<>(series).lastEntry().getValue();
      found[0] += rows.count();
      found[1] = Math.min(found[1], rows.min());
      found[2] = Math.max(found[2], rows.max());
    });
    if (!Arrays.equals(found, parameters)) {
      faults.add("count, min and max of the parameters are " + Arrays.toString(parameters) + ", not "
          + Arrays.toString(found));
    }
    faults.forEach(fault -> System.err.println(network + ": " + fault));
    right &= faults.isEmpty() && !curve.isEmpty();
    return String.format("| %d | %s |", bytes / histogramsEvery,
        faults.isEmpty() ? curve.size() + " losses, " + recorded.histograms().size() + " parameters"
            : "WRONG: " + faults.get(0));
  }

  private Path nextRun() {
    return logs.resolve("run" + runs++);
  }
}
