package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.testkit.HistogramPoint;
import io.github.tensorboard4j.testkit.ScalarPoint;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import io.github.tensorboard4j.testkit.TextPoint;
import io.github.tensorboard4j.training.Frequency;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.dataset.DataSet;

/** What TensorBoard itself, with each of its two loaders, reads of what is within a training. */
class DiagnosisIT {

  @TempDir
  private Path logs;

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldReadGradientsUpdatesActivationsAndStatistics(Loader loader) {
    Frequency always = Frequency.iterations(1);
    MultiLayerNetwork network = Nets.classifier();
    List<DataSet> batches = Nets.batches(1);
    batches.get(3).getFeatures().putScalar(0, 0, Double.NaN);
    try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run")).gradientFrequency(always)
        .updateFrequency(always).activationFrequency(always).statisticsFrequency(always).build()) {
      network.setListeners(listener);
      network.fit(Nets.iterator(batches));
    }

    Recorded train = Recorded.in(logs.resolve("run/train"));
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      for (String tag : List.of("gradient_norm/hidden/weight", "gradient_mean_magnitude/output/bias",
          "update_norm/output/weight", "update_mean_magnitude/hidden/bias", "parameter_norm/hidden/weight",
          "parameter_mean_magnitude/hidden/weight", "update_ratio_log10/hidden/weight", "output_mean/hidden",
          "output_stdev/hidden", "relu_dead/hidden")) {
        assertThat(server.awaitScalars("run/train", tag, 5)).as(tag).extracting(ScalarPoint::value)
            .containsExactlyElementsOf(train.scalar(tag).values().stream().toList());
      }
      for (String tag : List.of("gradient/hidden/weight", "update/output/bias", "layer_hidden/activation")) {
        assertThat(server.awaitHistograms("run/train", tag, 5)).as(tag).extracting(HistogramPoint::step)
            .containsExactly(1L, 2L, 3L, 4L, 5L);
      }
      List<TextPoint> texts = server.await(
          "the text of the divergence", client -> client.texts("run/train", "divergence"), points -> !points.isEmpty());
      assertThat(texts).singleElement().satisfies(text -> {
        assertThat(text.step()).isEqualTo(4);
        assertThat(text.html()).contains("<strong>NaN in the batch's input").contains("<td>hidden/weight</td>");
      });
      assertThat(server.problems()).isEmpty();
    }
  }
}
