package io.github.tensorboard4j.testing;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Another JVM, which is killed if it takes too long. */
public final class ChildJvm {

  private ChildJvm() {}

  /** Starts one with the tests' class path. */
  public static Process start(Class<?> main, String... args) throws IOException {
    return start(List.of(), main, args);
  }

  /** Starts one with the tests' class path and these flags. */
  public static Process start(List<String> flags, Class<?> main, String... args) throws IOException {
    return start(Map.of(), flags, System.getProperty("java.class.path"), main, args);
  }

  /** Starts one with the tests' class path and these environment variables beside its own. */
  public static Process start(Map<String, String> environment, Class<?> main, String... args) throws IOException {
    return start(environment, List.of(), System.getProperty("java.class.path"), main, args);
  }

  /** Starts one with this class path, behind which the main class' own place comes, and these flags. */
  public static Process start(List<String> flags, List<Path> classPath, Class<?> main, String... args) throws IOException {
    String entries = classPath.stream().map(entry -> entry + File.pathSeparator).collect(Collectors.joining());
    return start(Map.of(), flags, entries + place(main), main, args);
  }

  /** Returns the directory or the jar from which a class was loaded. */
  public static Path place(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Process start(Map<String, String> environment, List<String> flags, String classPath, Class<?> main,
      String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.onExit().orTimeout(Long.getLong("child.timeout", 300), TimeUnit.SECONDS)
        .exceptionally(e -> process.destroyForcibly());
    return process;
  }
}
