package io.github.tensorboard4j.examples.mnist;

import io.github.tensorboard4j.testkit.TensorBoardClient;
import io.github.tensorboard4j.testkit.TensorBoardEnvironment;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** TensorBoards that have read what {@link Recording} recorded; each is started at its first use. */
final class TensorBoards implements AutoCloseable {
  private final Map<Path, Map<Loader, TensorBoardServer>> servers = new HashMap<>();

  /** The TensorBoard of one framework's trainings; skips the test where there is none. */
  TensorBoardServer show(Subject subject, Loader loader) {
    return show(Recording.LOGS.resolve(subject.framework().toString()), loader, TrainedRun.of(subject).toList());
  }

  /** The TensorBoard of all trainings; skips the test where there is none. */
  TensorBoardServer showAll(Loader loader) {
    return show(Recording.LOGS, loader, TrainedRun.all().map(TrainedRun::withFramework).toList());
  }

  @Override
  public void close() {
    servers.values().forEach(byLoader -> byLoader.values().forEach(TensorBoardServer::close));
  }

  private TensorBoardServer show(Path logs, Loader loader, List<TrainedRun> runs) {
    TensorBoardEnvironment.require();
    return servers.computeIfAbsent(logs, each -> new EnumMap<>(Loader.class))
        .computeIfAbsent(loader, each -> start(logs, loader, runs));
  }

  private static TensorBoardServer start(Path logs, Loader loader, List<TrainedRun> runs) {
    runs.forEach(TrainedRun::epochs);
    TensorBoardServer server = TensorBoardServer.start(logs, loader);
    for (TrainedRun run : runs) {
      server.awaitScalars(run.train(), "examples_per_second", Recording.EPOCHS);
      server.awaitScalars(run.validation(), "epoch_accuracy", Recording.EPOCHS);
      for (String parameter : run.parameters()) {
        server.awaitHistograms(run.train(), parameter, Recording.EPOCHS);
      }
      server.await("the session " + run.session(), TensorBoardClient::hparams, sessions ->
          sessions.stream().anyMatch(session -> session.run().equals(run.session())));
    }
    return server;
  }
}
