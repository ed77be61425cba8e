package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.tensorboard4j.testkit.ImagePoint;
import io.github.tensorboard4j.testkit.ScalarPoint;
import io.github.tensorboard4j.testkit.TensorBoardClient;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import io.github.tensorboard4j.training.ValidationReport;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.dataset.DataSet;

/** What TensorBoard itself, with each of its two loaders, reads of the report on a validation. */
class ValidationReportIT {

  private static final String RUN = "run/validation";

  @TempDir
  private Path logs;

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldReadFiguresCurvesPicturesAndEmbedding(Loader loader) throws IOException {
    MultiLayerNetwork network = Nets.classifier();
    List<DataSet> unseen = Nets.batches(2);
    ValidationReport report =
        ValidationReport.builder().classes("cat", "dog", "bird").pictures(3, 2).embedding("hidden").build();
    try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run"))
        .validationData(Nets.iterator(unseen)).validationReport(report).build()) {
      network.setListeners(listener);
      network.fit(Nets.iterator(Nets.batches(1)), 2);
    }

    Evaluation evaluation = network.evaluate(Nets.iterator(unseen));
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      assertThat(server.awaitScalars(RUN, "epoch_f1", 2)).last().extracting(ScalarPoint::value)
          .isEqualTo((float) evaluation.f1());
      server.await("the curves", client -> client.tags("pr_curves").getOrDefault(RUN, Set.of()),
          tags -> tags.equals(Set.of("pr_curve/bird", "pr_curve/cat", "pr_curve/dog")));
      JsonNode curve = server.client().get("data/plugin/pr_curves/pr_curves", "tag", "pr_curve/dog", "run", RUN)
          .path(RUN).path(1);
      assertThat(curve.path("true_positives").path(0).asInt()).isEqualTo(evaluation.classCount(1));
      assertThat(curve.path("false_positives").path(0).asInt()).isEqualTo(69 - evaluation.classCount(1));
      assertThat(picture(server, "confusion_matrix").getHeight()).isGreaterThan(300);
      assertThat(picture(server, "misclassified").getWidth()).isGreaterThan(100);
      server.await("the embedding", client -> client.get("data/plugin/projector/runs").toString(),
          runs -> runs.contains("validation"));
      JsonNode embeddings = server.client().get("data/plugin/projector/info", "run", RUN).path("embeddings");
      assertThat(embeddings.path(1).path("tensorName").asText()).isEqualTo("hidden:00002");
      assertThat(embeddings.path(1).path("tensorShape").toString()).isEqualTo("[69,8]");
      assertThat(embeddings.path(1).path("sprite").path("singleImageDim").toString()).isEqualTo("[3,2]");
      byte[] metadata =
          server.client().bytes("data/plugin/projector/metadata", "run", RUN, "name", "hidden:00002");
      assertThat(new String(metadata, StandardCharsets.UTF_8)).startsWith("example\tlabel\tprediction\tright\n")
          .contains("dog");
      assertThat(server.problems()).isEmpty();
    }
  }

  private static BufferedImage picture(TensorBoardServer server, String tag) throws IOException {
    List<ImagePoint> points =
        server.await(tag, (TensorBoardClient client) -> client.images(RUN, tag, 0), images -> images.size() == 2);
    return ImageIO.read(new ByteArrayInputStream(points.get(1).file()));
  }
}
