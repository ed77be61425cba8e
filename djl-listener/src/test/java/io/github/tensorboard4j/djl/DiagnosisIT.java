package io.github.tensorboard4j.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.index.NDIndex;
import ai.djl.training.EasyTrain;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.testkit.HistogramPoint;
import io.github.tensorboard4j.testkit.ScalarPoint;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import io.github.tensorboard4j.testkit.TextPoint;
import io.github.tensorboard4j.training.Frequency;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What TensorBoard itself, with each of its two loaders, reads of what is within a training. */
class DiagnosisIT {

  private static final int BAD_BATCH = 4;

  @TempDir
  private Path logs;

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldReadGradientsUpdatesActivationsAndStatistics(Loader loader) {
    Frequency always = Frequency.iterations(1);
    AtomicInteger iteration = new AtomicInteger();
    try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run")).gradientFrequency(always)
        .updateFrequency(always).activationFrequency(always).statisticsFrequency(always).build()) {
      Trainings.onPyTorch(Trainings.config(listener), trainer -> Trainings.eachBatch(trainer, batch -> {
        if (iteration.incrementAndGet() == BAD_BATCH) {
          batch.getData().get(0).set(new NDIndex("0, 0"), Float.NaN);
        }
        EasyTrain.trainBatch(trainer, batch);
        trainer.step();
      }));
    }

    Recorded train = Recorded.in(logs.resolve("run/train"));
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      for (String tag : List.of("gradient_norm/02_linear/weight", "gradient_mean_magnitude/04_linear/bias",
          "update_norm/04_linear/weight", "update_mean_magnitude/02_linear/bias", "parameter_norm/02_linear/weight",
          "parameter_mean_magnitude/02_linear/weight", "update_ratio_log10/02_linear/weight", "output_mean/02_linear",
          "output_stdev/03_relu", "relu_dead/03_relu")) {
        assertThat(server.awaitScalars("run/train", tag, 5)).as(tag).extracting(ScalarPoint::value)
            .containsExactlyElementsOf(train.scalar(tag).values().stream().toList());
      }
      for (String tag : List.of("gradient/02_linear/weight", "update/04_linear/bias", "layer_03_relu/activation")) {
        assertThat(server.awaitHistograms("run/train", tag, 5)).as(tag).extracting(HistogramPoint::step)
            .containsExactly(1L, 2L, 3L, 4L, 5L);
      }
      List<TextPoint> texts = server.await(
          "the text of the divergence", client -> client.texts("run/train", "divergence"), points -> !points.isEmpty());
      assertThat(texts).singleElement().satisfies(text -> {
        assertThat(text.step()).isEqualTo(BAD_BATCH);
        assertThat(text.html()).contains("<strong>NaN in the batch's input").contains("<td>02_linear/weight</td>");
      });
      assertThat(server.problems()).isEmpty();
    }
  }
}
