package io.github.tensorboard4j.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs Python scripts in the {@link TensorBoardEnvironment}, with numpy and TensorBoard's own modules at hand. */
public final class Python {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private Python() {}

  /**
   * Runs a script and returns its standard output.
   *
   * @param script the source
   * @param arguments what the script finds in {@code sys.argv[1:]}, as strings
   * @throws AssertionError if the script fails, with its standard error
   */
  public static String run(String script, Object... arguments) {
    List<String> command = new ArrayList<>(
        List.of(TensorBoardEnvironment.require().python().toString(), "-X", "utf8", "-c", script));
    Arrays.stream(arguments).map(Object::toString).forEach(command::add);
    Command finished = Command.run(command, LIMIT);
    if (finished.failed()) {
      throw new AssertionError("the script failed:\n" + finished.error() + finished.output());
    }
    return finished.output();
  }

  /**
   * Runs a script that lies beside a class, and returns its standard output.
   *
   * @param owner the class beside which the script lies
   * @param name the name of the resource
   * @param arguments what the script finds in {@code sys.argv[1:]}, as strings
   * @throws AssertionError if the script fails, with its standard error
   */
  public static String runResource(Class<?> owner, String name, Object... arguments) {
    return run(read(owner, name), arguments);
  }

  static String read(Class<?> owner, String name) {
    try (InputStream script = owner.getResourceAsStream(name)) {
      if (script == null) {
        throw new IllegalArgumentException("no resource " + name + " beside " + owner);
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
