package io.github.tensorboard4j.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * TensorBoard and numpy from PyPI in a Python virtual environment that all modules of the build share.
 *
 * <p>The environment lies in {@code target/tensorboard-venv} of the build's root module, or where the system property
 * {@value #DIRECTORY_PROPERTY} says. It is made at the first use, and again when the pinned version changes. A marker
 * file, written last, tells a whole environment from one whose making broke off; a lock file beside the environment
 * keeps builds that run at the same time apart.
 */
public final class TensorBoardEnvironment {
  /** The version of TensorBoard that the tests look through. */
  public static final String TENSORBOARD_VERSION = "2.21.0";

  /** Names the system property that puts the environment elsewhere. */
  public static final String DIRECTORY_PROPERTY = "tensorboard4j.testkit.venv";

  private static final List<String> REQUIREMENTS = List.of("tensorboard==" + TENSORBOARD_VERSION, "numpy");
  private static final Duration INSTALL_LIMIT = Duration.ofMinutes(10);

  private static TensorBoardEnvironment shared;
  private static String failure;

  private final Path directory;

  private TensorBoardEnvironment(Path directory) {
    this.directory = directory;
  }

  /**
   * The shared environment, installed if need be.
   *
   * @throws org.opentest4j.TestAbortedException if there is no Python 3 or the packages can't be installed
   * @throws org.opentest4j.AssertionFailedError in the same cases where {@code CI=true}
   */
  public static synchronized TensorBoardEnvironment require() {
    if (shared == null && failure == null) {
      try {
        shared = install(sharedDirectory(), REQUIREMENTS);
      } catch (UnavailableException e) {
        failure = e.getMessage();
      }
    }
    if (failure != null) {
      throw Tool.missing(failure);
    }
    return shared;
  }

  /** The interpreter of the environment. */
  public Path python() {
    return interpreter(directory);
  }

  static synchronized TensorBoardEnvironment install(Path directory, List<String> requirements)
      throws UnavailableException {
    Path absolute = directory.toAbsolutePath();
    try {
      Files.createDirectories(absolute.getParent());
      Path lockFile = absolute.resolveSibling(absolute.getFileName() + ".lock");
      try (FileChannel lock = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        lock.lock();
        if (!isWhole(absolute, requirements)) {
          create(absolute, requirements);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot prepare " + absolute, e);
    }
    return new TensorBoardEnvironment(absolute);
  }

  private static void create(Path directory, List<String> requirements) throws IOException, UnavailableException {
    Path python = Tool.find("python3", "python3.exe", "python.exe")
        .orElseThrow(() -> new UnavailableException("no python3 on the PATH"));
    Files.deleteIfExists(marker(directory));
    run(List.of(python.toString(), "-m", "venv", "--clear", directory.toString()));

    List<String> install = new ArrayList<>(
        List.of(interpreter(directory).toString(), "-m", "pip", "install", "--disable-pip-version-check"));
    install.addAll(requirements);
    run(install);
    Files.write(marker(directory), requirements);
  }

  private static void run(List<String> command) throws UnavailableException {
    Command finished = Command.run(command, INSTALL_LIMIT);
    if (finished.failed()) {
      throw new UnavailableException(
          String.join(" ", command) + " failed:\n" + finished.output() + finished.error());
    }
  }

  private static boolean isWhole(Path directory, List<String> requirements) throws IOException {
    return Files.isExecutable(interpreter(directory)) && Files.exists(marker(directory))
        && Files.readAllLines(marker(directory)).equals(requirements);
  }

  private static Path marker(Path directory) {
    return directory.resolve("installed.txt");
  }

  private static Path interpreter(Path directory) {
    Path windows = directory.resolve("Scripts").resolve("python.exe");
    return Files.exists(windows) ? windows : directory.resolve("bin").resolve("python");
  }

  private static Path sharedDirectory() {
    String chosen = System.getProperty(DIRECTORY_PROPERTY);
    return chosen == null
        ? buildRoot(Path.of("").toAbsolutePath()).resolve("target").resolve("tensorboard-venv")
        : Path.of(chosen);
  }

  /** The topmost directory of the Maven build around a directory, or the directory itself outside of any. */
  static Path buildRoot(Path start) {
    Path module = start;
    while (module != null && !isModule(module)) {
      module = module.getParent();
    }
    if (module == null) {
      return start;
    }
    while (module.getParent() != null && isModule(module.getParent())) {
      module = module.getParent();
    }
    return module;
  }

  private static boolean isModule(Path directory) {
    return Files.exists(directory.resolve("pom.xml"));
  }

  /** Says why there is no environment. */
  static final class UnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnavailableException(String reason) {
      super(reason);
    }
  }
}
