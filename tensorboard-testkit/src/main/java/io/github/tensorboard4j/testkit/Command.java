package io.github.tensorboard4j.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * What a finished command left behind.
 *
 * @param exitCode its exit status
 * @param output its standard output
 * @param error its standard error
 */
record Command(int exitCode, String output, String error) {

  /**
   * Runs a command to its end.
   *
   * @throws IllegalStateException if it doesn't end in time; it is killed then
   */
  static Command run(List<String> command, Duration limit) {
    try {
      Path output = Files.createTempFile("command", ".out");
      Path error = Files.createTempFile("command", ".err");
      try {
        return run(command, limit, output, error);
      } finally {
        Files.delete(output);
        Files.delete(error);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + command, e);
    }
  }

  private static Command run(List<String> command, Duration limit, Path output, Path error) throws IOException {
    Process process = new ProcessBuilder(command)
        .redirectOutput(output.toFile()).redirectError(error.toFile()).start();
    process.getOutputStream().close();
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("no end within " + limit + " of " + command + "\n" + text(error));
      }
      return new Command(process.exitValue(), text(output), text(error));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + command, e);
    } finally {
      kill(process);
    }
  }

  /** Ends a process and all that it started, by force where asking doesn't help, and waits until they are gone. */
  static void kill(Process process) {
    List<ProcessHandle> tree = Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
    tree.forEach(ProcessHandle::destroy);
    if (!ended(tree)) {
      tree.forEach(ProcessHandle::destroyForcibly);
      ended(tree);
    }
  }

  private static boolean ended(List<ProcessHandle> tree) {
    CompletableFuture<?>[] exits = tree.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(exits).get(5, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  boolean failed() {
    return exitCode != 0;
  }

  /** Text of a file in which a program of unknown manners wrote; what isn't UTF-8 is replaced. */
  static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
