package io.github.tensorboard4j.cookbook;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testkit.Browser;
import io.github.tensorboard4j.testkit.Dashboard;
import io.github.tensorboard4j.testkit.HParamsSession;
import io.github.tensorboard4j.testkit.TensorBoardClient;
import io.github.tensorboard4j.testkit.TensorBoardEnvironment;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HyperParameterSearchIT {

  /** A log directory of its own: the page has one set of columns for all runs below it. */
  @TempDir
  private static Path logs;

  @BeforeAll
  static void search() {
    TensorBoardEnvironment.require();
    HyperParameterSearch.search(logs, Boards.digits(640, 200), 1);
  }

  @ParameterizedTest
  @EnumSource
  void shouldCompareTwelveTrainings(Loader loader) {
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      List<HParamsSession> sessions = sessions(server);

      assertThat(sessions).extracting(HParamsSession::status).containsOnly("STATUS_SUCCESS");
      assertThat(sessions).extracting(session -> Stream.of("optimizer", "learning_rate", "batch_size", "width")
          .map(name -> name + "=" + session.hparams().get(name)).toList()).doesNotHaveDuplicates()
          .allSatisfy(compared -> assertThat(compared).noneMatch(setting -> setting.endsWith("=null")));
      assertThat(sessions).allSatisfy(session -> assertThat(session.metrics())
          .anySatisfy(metric -> assertThat(metric.group() + "/" + metric.tag()).isEqualTo("validation/epoch_accuracy")));
      assertThat(server.problems()).isEmpty();
    }
  }

  @Test
  void shouldShowWhatIsComparedWithoutTicking() {
    try (Browser browser = Browser.start(); TensorBoardServer server = TensorBoardServer.start(logs, Loader.RUST)) {
      sessions(server);

      List<String> texts = browser.open(server, Dashboard.HPARAMS).texts();
      // the names of the columns, behind those that can be ticked at the left
      assertThat(texts.subList(texts.indexOf("Trial ID"), texts.size())).contains("optimizer", "learning_rate", "batch_size",
          "width", "validation.epoch_accuracy", "trial-01", "trial-12");
    }
  }

  private static List<HParamsSession> sessions(TensorBoardServer server) {
    return server.await("twelve sessions", TensorBoardClient::hparams,
        all -> all.size() == 12 && all.stream().allMatch(session -> session.metrics().size() >= 4));
  }
}
