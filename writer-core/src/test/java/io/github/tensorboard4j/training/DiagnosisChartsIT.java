package io.github.tensorboard4j.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.tensorboard4j.ScalarLayout;
import io.github.tensorboard4j.TensorValues;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.nio.DoubleBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The Custom Scalars page of trainings whose statistics are recorded, as TensorBoard makes it of their layouts. */
class DiagnosisChartsIT {

  private static final TensorValues VALUES = TensorValues.of(DoubleBuffer.wrap(new double[] {1, 2}));

  @TempDir
  private Path logs;

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldHaveOneChartOfEachKindBesideTheUsersOwn(Loader loader) {
    train("first", "dense");
    train("second", "convolution");
    train("third", "dense");

    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      server.awaitRuns("first", "first/train", "second", "second/train", "third", "third/train");
      JsonNode layout = server.await("the layouts of all runs", client -> client.get("data/plugin/custom_scalars/layout"),
          merged -> charts(merged).size() == 4);

      assertThat(charts(layout)).containsExactly(
          Map.entry("diagnosis",
              List.of("update_ratio_log10", "update_ratio_log10 of biases", "gradient_norm", "epoch_loss",
                  "epoch_accuracy")),
          Map.entry("own first", List.of("mine")), Map.entry("own second", List.of("mine")),
          Map.entry("own third", List.of("mine")));
      JsonNode diagnosis = layout.path("category").get(0).path("chart");
      assertThat(matches(server, "first/train", diagnosis.get(0)))
          .containsExactly("update_ratio_log10/dense/weight");
      assertThat(matches(server, "second/train", diagnosis.get(0)))
          .containsExactly("update_ratio_log10/convolution/weight");
      assertThat(matches(server, "second/train", diagnosis.get(1)))
          .containsExactly("update_ratio_log10/convolution/bias");
      assertThat(matches(server, "first/train", diagnosis.get(2)))
          .containsExactlyInAnyOrder("gradient_norm/dense/weight", "gradient_norm/dense/bias");
      assertThat(matches(server, "first/train", diagnosis.get(3))).containsExactly("epoch_loss");
      assertThat(matches(server, "first/train", diagnosis.get(4))).containsExactly("epoch_accuracy");
      assertThat(server.problems()).isEmpty();
    }
  }

  /** Trains for an epoch, with a layout of the user's own that is added after the listener's. */
  private void train(String run, String layer) {
    try (TrainingRecorder recorder = TrainingRecorder.builder(logs.resolve(run)).statisticsFrequency(Frequency.iterations(1))
        .build()) {
      recorder.begin(1, () -> HyperParameters.builder().build());
      recorder.startEpoch();
      Diagnosis diagnosis = Objects.requireNonNull(recorder.diagnosis(1, 1));
      for (String parameter : List.of("weight", "bias")) {
        diagnosis.gradient(layer, parameter, VALUES);
        diagnosis.update(layer, parameter, VALUES, VALUES);
      }
      recorder.recordIteration(new IterationFigures().start(1, 8).loss(0.5).predictions(3, 8));
      recorder.trainWriter().addCustomScalars(
          ScalarLayout.builder().category("own " + run).multiline("mine", "own/reward").build());
      recorder.recordEpoch(recorder.endEpoch(1).build());
    }
  }

  private static Map<String, List<String>> charts(JsonNode layout) {
    Map<String, List<String>> charts = new LinkedHashMap<>();
    layout.path("category").forEach(category -> {
      List<String> titles = charts.computeIfAbsent(category.path("title").asText(), title -> new ArrayList<>());
      category.path("chart").forEach(chart -> titles.add(chart.path("title").asText()));
    });
    return charts;
  }

  private static List<String> matches(TensorBoardServer server, String run, JsonNode chart) {
    JsonNode answer = server.client().get("data/plugin/custom_scalars/scalars", "run", run, "tag",
        chart.path("multiline").path("tag").get(0).asText());
    List<String> tags = new ArrayList<>();
    answer.path("tag_to_events").fieldNames().forEachRemaining(tags::add);
    return tags;
  }
}
