package io.github.tensorboard4j.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Versions of libraries that users have beside this one; the build has copied them. */
public final class ForeignJars {

  private static final Path DIRECTORY = Path.of("target", "foreign-jars");

  private ForeignJars() {}

  /** Returns the jars of all versions of protobuf. */
  public static List<Path> protobuf() {
    return named("protobuf-java-*.jar");
  }

  /** Returns the jars of slf4j and of its binding to the standard error stream in a version, such as {@code 1.7}. */
  public static List<Path> slf4j(String version) {
    return named("slf4j-{api,simple}-" + version + "*.jar");
  }

  private static List<Path> named(String pattern) {
    try (Stream<Path> jars = Files.list(DIRECTORY)) {
      var matcher = DIRECTORY.getFileSystem().getPathMatcher("glob:" + pattern);
      return jars.filter(jar -> matcher.matches(jar.getFileName())).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
