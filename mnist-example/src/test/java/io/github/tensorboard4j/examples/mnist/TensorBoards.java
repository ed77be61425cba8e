package io.github.tensorboard4j.examples.mnist;

import io.github.tensorboard4j.testkit.TensorBoardClient;
import io.github.tensorboard4j.testkit.TensorBoardEnvironment;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.util.EnumMap;
import java.util.Map;

/** A TensorBoard for each framework and loader, which has read all of the {@link Recording}. */
final class TensorBoards implements AutoCloseable {
  private final Map<Subject, Map<Loader, TensorBoardServer>> servers = new EnumMap<>(Subject.class);

  /** The TensorBoard of a framework's recording, started at the first call; skips the test where there is none. */
  TensorBoardServer show(Subject subject, Loader loader) {
    TensorBoardEnvironment.require();
    return servers.computeIfAbsent(subject, each -> new EnumMap<>(Loader.class))
        .computeIfAbsent(loader, each -> start(subject, each));
  }

  @Override
  public void close() {
    servers.values().forEach(byLoader -> byLoader.values().forEach(TensorBoardServer::close));
  }

  private static TensorBoardServer start(Subject subject, Loader loader) {
    TensorBoardServer server = TensorBoardServer.start(Recording.of(subject).logs(), loader);
    TrainedRun.of(subject).forEach(run -> {
      server.awaitScalars(run.train(), "examples_per_second", Recording.EPOCHS);
      server.awaitScalars(run.validation(), "epoch_accuracy", Recording.EPOCHS);
      server.await("the session " + run.session(), TensorBoardClient::hparams, sessions ->
          sessions.stream().anyMatch(session -> session.run().equals(run.session())));
    });
    return server;
  }
}
