package io.github.tensorboard4j.examples.mnist;

import io.github.tensorboard4j.testkit.TensorBoardClient;
import io.github.tensorboard4j.testkit.TensorBoardEnvironment;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.util.EnumMap;
import java.util.Map;

/** A TensorBoard for each loader, which has read all that {@link Recording} recorded. */
final class TensorBoards implements AutoCloseable {
  private final Map<Loader, TensorBoardServer> servers = new EnumMap<>(Loader.class);

  /** The TensorBoard with a loader, started at the first call; skips the test where there is none. */
  TensorBoardServer with(Loader loader) {
    TensorBoardEnvironment.require();
    return servers.computeIfAbsent(loader, TensorBoards::start);
  }

  @Override
  public void close() {
    servers.values().forEach(TensorBoardServer::close);
  }

  private static TensorBoardServer start(Loader loader) {
    Recording.require();
    TensorBoardServer server = TensorBoardServer.start(Recording.LOGS, loader);
    TrainedRun.all().forEach(run -> {
      server.awaitScalars(run.train(), "epoch_examples_per_second", Recording.EPOCHS);
      server.awaitScalars(run.validation(), "epoch_accuracy", Recording.EPOCHS);
      for (String parameter : run.parameters()) {
        server.awaitHistograms(run.train(), parameter, Recording.EPOCHS);
      }
      server.await("the session " + run, TensorBoardClient::hparams,
          sessions -> sessions.stream().anyMatch(session -> session.run().equals(run.session())));
    });
    return server;
  }
}
