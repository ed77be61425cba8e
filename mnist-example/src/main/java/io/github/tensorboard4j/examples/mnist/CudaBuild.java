package io.github.tensorboard4j.examples.mnist;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * A framework's build for NVIDIA GPUs, which the profile {@code cuda} brings in the place of the one for CPUs, and what it
 * lacks on this machine. It asks the driver's {@code nvidia-smi} before the framework loads anything, for the frameworks' own
 * words for a GPU that isn't there are stack traces.
 */
final class CudaBuild {

  private static final String WITHOUT = "Without -Pcuda the example trains on the CPU.";

  private final String name;
  private final String libraries;
  private final int oldest;
  private final int newest;
  private final String command;

  /**
   * A build.
   *
   * @param name what it is called
   * @param libraries what it needs beside the driver
   * @param oldest the lowest compute capability that it has code for, times ten
   * @param newest the highest one
   */
  CudaBuild(String name, String libraries, int oldest, int newest) {
    this(name, libraries, oldest, newest, "nvidia-smi");
  }

  CudaBuild(String name, String libraries, int oldest, int newest, String command) {
    this.name = name;
    this.libraries = libraries;
    this.oldest = oldest;
    this.newest = newest;
    this.command = command;
  }

  /**
   * Checks that there is a driver and that the first GPU, which is trained on, is one that this build has code for.
   *
   * @throws IOException if not; the message says what is missing and what to do
   */
  void requireGpu() throws IOException {
    List<String> gpus = askDriver().lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    if (gpus.isEmpty()) {
      throw new IOException(String.format("This machine has no NVIDIA GPU, which %s trains on: the driver tells of none. %s",
          name, WITHOUT));
    }
    int comma = gpus.get(0).lastIndexOf(',');
    String gpu = gpus.get(0).substring(0, Math.max(0, comma));
    String capability = gpus.get(0).substring(comma + 1).strip();
    if (!capability.matches("\\d+\\.\\d")) {
      // a driver too old to tell
      return;
    }
    int number = Integer.parseInt(capability.replace(".", ""));
    if (number < oldest || number > newest) {
      throw new IOException(String.format("%s has no code for this machine's GPU: %s has the compute capability %s, and it "
          + "knows %s to %s. %s", name, gpu, capability, decimal(oldest), decimal(newest), WITHOUT));
    }
  }

  /** Returns what to tell of a build that can't be loaded or used although there is a GPU. */
  IOException unusable(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return new IOException(String.format("%s can't be used here: %s. It needs %s, where LD_LIBRARY_PATH (on Windows PATH) "
        + "leads to them. %s", name, cause, libraries, WITHOUT), failure);
  }

  /** What the driver says, and whether it does so as one that works. */
  private record Answer(String text, boolean works) {}

  /** Returns a line for each GPU, with its name and, if the driver is new enough to tell, its compute capability. */
  private String askDriver() throws IOException {
    Answer answer = ask("name,compute_cap");
    if (!answer.works) {
      // an old driver refuses a question that it doesn't know
      answer = ask("name");
    }
    if (!answer.works) {
      throw new IOException(String.format("The NVIDIA driver, which %s needs, doesn't work: \"%s\", says %s. %s",
          name, answer.text.lines().findFirst().orElse("").strip(), command, WITHOUT));
    }
    return answer.text;
  }

  private Answer ask(String fields) throws IOException {
    Process process;
    try {
      process = new ProcessBuilder(command, "--query-gpu=" + fields, "--format=csv,noheader")
          .redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new IOException(String.format("This machine has no NVIDIA driver, which %s needs: there is no %s. %s",
          name, command, WITHOUT), e);
    }
    try (InputStream output = process.getInputStream()) {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        throw new IOException(String.format("The NVIDIA driver, which %s needs, gives no answer: %s hangs. %s",
            name, command, WITHOUT));
      }
      String text = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
      return new Answer(text, process.exitValue() == 0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while the NVIDIA driver was asked", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static String decimal(int capability) {
    return String.format(Locale.ROOT, "%d.%d", capability / 10, capability % 10);
  }
}
