package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.tensorboard4j.SessionStatus;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.testkit.GraphNode;
import io.github.tensorboard4j.testkit.HParamsSession;
import io.github.tensorboard4j.testkit.HistogramPoint;
import io.github.tensorboard4j.testkit.ScalarPoint;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import io.github.tensorboard4j.testkit.TextPoint;
import io.github.tensorboard4j.training.Frequency;
import io.github.tensorboard4j.training.ValidationReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

/** What TensorBoard itself, with each of its two loaders, reads of the training of a SameDiff model. */
class SameDiffIT {

  @TempDir
  private Path logs;

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldReadAllThatIsRecorded(Loader loader) {
    Frequency always = Frequency.iterations(1);
    List<DataSet> bad = Nets.batches(1);
    bad.get(3).getFeatures().putScalar(0, 0, Double.NaN);
    SameDiff broken = SameDiffNets.classifier(new Sgd(0.05));
    try (SameDiffTensorBoardListener listener = new SameDiffTensorBoardListener(logs.resolve("broken"))) {
      broken.setListeners(listener);
      broken.fit(Nets.iterator(bad), 1);
    }
    SameDiff model = SameDiffNets.untrained();
    model.setTrainingConfig(SameDiffNets.config(new Sgd(0.05)).trainEvaluation("softmax", 0, new Evaluation())
        .validationEvaluation("softmax", 0, new Evaluation()).build());
    try (SameDiffTensorBoardListener listener = SameDiffTensorBoardListener.builder(logs.resolve("run"))
        .validationReport(ValidationReport.standard()).gradientFrequency(always).updateFrequency(always)
        .activationFrequency(always).statisticsFrequency(always)
        .build()) {
      model.setListeners(listener);
      model.fit(Nets.iterator(Nets.batches(1)), 1, Nets.iterator(Nets.batches(2)), 1);
      listener.end(SessionStatus.SUCCESS);
    }

    Recorded train = Recorded.in(logs.resolve("run/train"));
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      for (String tag : List.of("batch_loss", "batch_accuracy", "gradient_norm/hidden/w", "update_norm/output/w",
          "parameter_norm/hidden/w", "update_ratio_log10/hidden/w", "output_mean/hidden/out", "relu_dead/hidden/out")) {
        assertThat(server.awaitScalars("run/train", tag, 5)).as(tag).extracting(ScalarPoint::value)
            .containsExactlyElementsOf(train.scalar(tag).values().stream().toList());
      }
      assertThat(server.awaitScalars("run/validation", "epoch_accuracy", 1)).hasSize(1);
      server.await("the curves", client -> client.tags("pr_curves").getOrDefault("run/validation", Set.of()),
          tags -> tags.equals(Set.of("pr_curve/0", "pr_curve/1", "pr_curve/2")));
      server.await("the confusion matrix", client -> client.images("run/validation", "confusion_matrix", 0),
          images -> images.size() == 1);
      for (String tag : List.of("gradient/hidden/w", "update/output/b", "layer_hidden/out/activation")) {
        assertThat(server.awaitHistograms("run/train", tag, 5)).as(tag).extracting(HistogramPoint::step)
            .containsExactly(1L, 2L, 3L, 4L, 5L);
      }
      List<TextPoint> texts = server.await(
          "the text of the divergence", client -> client.texts("broken/train", "divergence"), points -> !points.isEmpty());
      assertThat(texts).singleElement()
          .satisfies(text -> assertThat(text.html()).contains("<strong>NaN in the batch's input in"));
      HParamsSession session =
          server.await("the sessions", client -> client.hparams(), sessions -> sessions.size() == 2).stream()
              .filter(candidate -> candidate.run().equals("run")).findFirst().orElseThrow();
      assertThat(session.status()).isEqualTo("STATUS_SUCCESS");
      assertThat(session.hparams()).containsEntry("optimizer", "Sgd").containsEntry("learning_rate", 0.05)
          .containsEntry("loss", "SoftmaxCrossEntropyLoss").containsEntry("batch_size", 16.0);
      assertThat(session.metrics()).extracting(HParamsSession.Metric::group, HParamsSession.Metric::tag)
          .contains(tuple("validation", "epoch_accuracy"), tuple("train", "epoch_loss"));
      assertThat(server.client().graph("run/train")).extracting(GraphNode::name)
          .contains("hidden/w", "output/logits", "loss", "gradients/in-grad.hidden/w-grad", "SGD/Apply");
      assertThat(server.problems()).isEmpty();
    }
  }
}
