package io.github.tensorboard4j.dl4j;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Keeps what is logged until it is closed. */
final class Log implements AutoCloseable {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream err = System.err;
  private final Path logs;

  /** Starts to keep what is logged; what the writer's thread has to say of other directories than the given one is of no interest. */
  Log(Path logs) {
    this.logs = logs;
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
  }

  /** Returns the lines of this library. */
  List<String> lines() {
    return bytes.toString(StandardCharsets.UTF_8).lines()
        .filter(line -> line.contains("tensorboard4j"))
        .filter(line -> !line.startsWith("[tensorboard4j-writer]") || line.contains(logs.toString()))
        .toList();
  }

  @Override
  public void close() {
    System.setErr(err);
  }
}
