package io.github.tensorboard4j.training;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjDoubleConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Memory, use, temperature and power of each NVIDIA GPU of the machine, by the command that comes with the driver. GPUs have its
 * numbers, whatever {@code CUDA_VISIBLE_DEVICES} shows of them to the process. Figures that a GPU doesn't have are left out.
 * Where the command is missing, fails or hangs there are no figures, and it isn't called again: nobody is told, for most machines
 * have no GPU. Not thread-safe.
 */
final class NvidiaSmi implements SystemSampler {

  private static final Logger LOGGER = LoggerFactory.getLogger(NvidiaSmi.class);

  /** The fields behind the index, in the order of the query, as their tags name them. */
  private static final List<String> FIGURES = List.of("memory_mib", "utilization", "temperature_c", "power_w");

  private static final String QUERY = "--query-gpu=index,memory.used,utilization.gpu,temperature.gpu,power.draw";

  private final String command;
  private final Duration timeout;
  private boolean absent;

  NvidiaSmi() {
    this("nvidia-smi", Duration.ofSeconds(10));
  }

  /**
   * Creates a sampler.
   *
   * @param command the command, looked for on the PATH unless it is one
   * @param timeout how long it may take
   */
  NvidiaSmi(String command, Duration timeout) {
    this.command = command;
    this.timeout = timeout;
  }

  @Override
  public void sample(ObjDoubleConsumer<String> figures) {
    if (absent) {
      return;
    }
    try {
      query().lines().forEach(line -> record(line, figures));
    } catch (IOException e) {
      absent = true;
      LOGGER.debug("No figures of GPUs: {}", e.getMessage());
    } catch (InterruptedException e) {
      absent = true;
      Thread.currentThread().interrupt();
    }
  }

  private String query() throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command, QUERY, "--format=csv,noheader,nounits")
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    try {
      process.getOutputStream().close();
      // a line a GPU fits in the pipe, so that it ends without being read
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(command + " takes longer than " + timeout);
      }
      if (process.exitValue() != 0) {
        throw new IOException(command + " fails with " + process.exitValue());
      }
      try (InputStream output = process.getInputStream()) {
        return new String(output.readAllBytes(), StandardCharsets.UTF_8);
      }
    } finally {
      process.destroyForcibly();
    }
  }

  /** Records the fields of a line such as {@code 0, 1024, 87, 65, [N/A]}. */
  private static void record(String line, ObjDoubleConsumer<String> figures) {
    String[] fields = line.split(",");
    if (fields.length != FIGURES.size() + 1) {
      return;
    }
    String gpu = "gpu" + fields[0].strip() + '/';
    for (int i = 0; i < FIGURES.size(); i++) {
      try {
        figures.accept(gpu + FIGURES.get(i), Double.parseDouble(fields[i + 1].strip()));
      } catch (NumberFormatException e) {
        // [N/A] and the like
      }
    }
  }
}
