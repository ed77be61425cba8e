package io.github.tensorboard4j.cookbook;

import io.github.tensorboard4j.examples.mnist.MnistData;
import io.github.tensorboard4j.testkit.TensorBoardEnvironment;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;

/** The TensorBoards that show what the stories record: one for each loader, for all tests together. */
final class Boards {

  private static final Path LOGS = Path.of("target", "logs");
  private static final Map<Loader, TensorBoardServer> SERVERS = new EnumMap<>(Loader.class);

  static {
    delete(LOGS);
  }

  private Boards() {}

  /** Where a test records a story; TensorBoard knows it by the test's name. */
  static Path logs(Class<?> test) {
    TensorBoardEnvironment.require();
    return LOGS.resolve(test.getSimpleName());
  }

  /** The TensorBoard with a loader, started at the first call, and ended with this JVM. */
  static synchronized TensorBoardServer with(Loader loader) {
    return SERVERS.computeIfAbsent(loader, each -> TensorBoardServer.start(LOGS, each));
  }

  /** Some of the real digits. */
  static MnistData digits(int training, int test) {
    try {
      MnistData all = MnistData.bundled();
      return new MnistData(all.train().first(training), all.test().first(test));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path directory) {
    if (Files.notExists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
