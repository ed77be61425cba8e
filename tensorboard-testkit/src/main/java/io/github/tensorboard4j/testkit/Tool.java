package io.github.tensorboard4j.testkit;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/** Finds the outside programs that tests need, and says what happens to a test that lacks one. */
final class Tool {
  private Tool() {}

  /**
   * The first of the candidates that can be executed.
   *
   * @param candidates absolute paths, or plain names that are looked up on the {@code PATH}
   */
  static Optional<Path> find(String... candidates) {
    return Arrays.stream(candidates).flatMap(Tool::locations).filter(Files::isExecutable)
        .filter(Files::isRegularFile).findFirst();
  }

  private static Stream<Path> locations(String candidate) {
    Path path = Path.of(candidate);
    if (path.isAbsolute()) {
      return Stream.of(path);
    }
    String directories = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Pattern.compile(Pattern.quote(File.pathSeparator)).splitAsStream(directories)
        .filter(directory -> !directory.isBlank()).map(directory -> Path.of(directory).resolve(candidate));
  }

  /** What to throw when a tool is missing: a skip, or a failure where {@code CI=true}. */
  static RuntimeException missing(String reason) {
    return missing(reason, Boolean.parseBoolean(System.getenv("CI")));
  }

  static RuntimeException missing(String reason, boolean continuousIntegration) {
    if (continuousIntegration) {
      throw new AssertionFailedError(reason + " (CI=true asks for every tool)");
    }
    return new TestAbortedException(reason);
  }
}
