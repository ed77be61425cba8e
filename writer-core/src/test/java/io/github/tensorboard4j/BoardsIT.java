package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.tensorboard4j.testkit.HParamsSession;
import io.github.tensorboard4j.testkit.ProfiledNode;
import io.github.tensorboard4j.testkit.ScalarPoint;
import io.github.tensorboard4j.testkit.TensorBoardClient;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What TensorBoard itself, with each of its two loaders, serves to its pages of what a writer wrote. */
class BoardsIT {

  private static final Instant TIME = Instant.ofEpochSecond(1_500_000_000);

  @TempDir
  private Path logs;

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldReadSeveralScalarsAsOneTagOfSeveralRuns(Loader loader) {
    try (SummaryWriter writer = SummaryWriter.open(logs.resolve("run"))) {
      for (int step = 1; step <= 3; step++) {
        writer.addScalars("loss", Map.of("train", 1.0 / step, "validation", 2.0 / step), step, TIME);
        writer.addScalars("accuracy", Map.of("train", 0.5), step, TIME);
      }
    }
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      assertThat(server.awaitScalars("run/train", "loss", 3)).extracting(ScalarPoint::value).containsExactly(1f, 0.5f,
          1 / 3f);
      assertThat(server.awaitScalars("run/validation", "loss", 3)).extracting(ScalarPoint::value).containsExactly(2f, 1f,
          2 / 3f);
      assertThat(server.awaitScalars("run/train", "accuracy", 3)).extracting(ScalarPoint::wallTime).containsOnly(1.5e9);
      assertThat(server.problems()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldServeWhatOperationsHaveTaken(Loader loader) {
    try (SummaryWriter writer = SummaryWriter.open(logs.resolve("run"))) {
      writer.addRunMetadata("step 7", RunMetadata.builder()
          .operation("hidden/MatMul", Duration.ZERO, Duration.ofNanos(1_500_400), 12_800)
          .operation("hidden/Relu", Duration.ofNanos(1_500_400), Duration.ofNanos(3), 0)
          .operation("output/MatMul", "/device:GPU:1", Duration.ofMillis(2), Duration.ofMillis(4), 1L << 33)
          .build(), 7, TIME);
    }
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      server.await("metadata", client -> client.graphs().get("run"),
          info -> info != null && info.tags().containsKey("step 7") && info.tags().get("step 7").profile());

      assertThat(server.client().profile("run", "step 7")).containsExactly(
          new ProfiledNode("hidden/MatMul", "/device:CPU:0", 0, 1_500, 12_800),
          new ProfiledNode("hidden/Relu", "/device:CPU:0", 1_500, 1, 0),
          new ProfiledNode("output/MatMul", "/device:GPU:1", 2_000, 4_000, 1L << 33));
      assertThat(server.problems()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldPlaySounds(Loader loader) {
    List<Audio> sounds = List.of(Audio.of(new float[] {0, 1, -1}, 8_000), Audio.of(new short[] {1, 2, 3, 4}, 44_100, 2));
    try (SummaryWriter writer = SummaryWriter.open(logs.resolve("run"))) {
      writer.addAudio("tone/a", sounds.get(0), 1, TIME);
      writer.addAudio("tone/a", sounds.get(1), 2, TIME);
    }
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      JsonNode served = server.await("two sounds",
          client -> client.get("data/plugin/audio/audio", "run", "run", "tag", "tone/a", "sample", "0"),
          all -> all.size() == 2);

      for (int i = 0; i < 2; i++) {
        assertThat(served.get(i).path("contentType").asText()).isEqualTo("audio/wav");
        assertThat(served.get(i).path("step").asInt()).isEqualTo(i + 1);
        assertThat(server.client().bytes("data/plugin/audio/individualAudio?" + served.get(i).path("query").asText()))
            .isEqualTo(sounds.get(i).wav());
      }
      assertThat(server.client().get("data/plugin/audio/tags").path("run").path("tone/a").path("samples").asInt())
          .isEqualTo(1);
      assertThat(server.problems()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldDrawPrecisionAndRecall(Loader loader) {
    try (SummaryWriter writer = SummaryWriter.open(logs.resolve("run"))) {
      writer.addPrCurve("seven",
          PrCurve.builder(new int[] {0, 1, 1, 0}, new float[] {0.1f, 0.4f, 0.9f, 0.6f}).thresholds(5).build(), 3, TIME);
      writer.addPrCurve("counted", PrCurve.ofCounts(new double[] {75, 64, 21, 5, 0}, new double[] {150, 105, 18, 0, 0},
          new double[] {0, 45, 132, 150, 150}, new double[] {0, 11, 54, 70, 75}, new double[] {0.33, 0.38, 0.54, 1, 0},
          new double[] {1, 0.85, 0.28, 0.07, 0}), 3, TIME);
      writer.addPrCurves("classes",
          PrCurve.ofClasses(new int[] {0, 1}, new float[][] {{0.9f, 0.1f}, {0.2f, 0.8f}}, List.of("cat", "dog")), 3, TIME);
    }
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      server.await("four curves", client -> client.tags("pr_curves").getOrDefault("run", new TreeSet<>()),
          tags -> tags.equals(new TreeSet<>(List.of("classes/cat", "classes/dog", "counted", "seven"))));

      JsonNode seven = curve(server, "seven");
      assertThat(numbers(seven.path("thresholds"))).containsExactly(0.0, 0.25, 0.5, 0.75);
      assertThat(numbers(seven.path("true_positives"))).containsExactly(2.0, 2.0, 1.0, 1.0);
      assertThat(numbers(seven.path("false_positives"))).containsExactly(2.0, 1.0, 1.0, 0.0);
      assertThat(numbers(seven.path("true_negatives"))).containsExactly(0.0, 1.0, 1.0, 2.0);
      assertThat(numbers(seven.path("false_negatives"))).containsExactly(0.0, 0.0, 1.0, 1.0);
      assertThat(numbers(seven.path("recall"))).containsExactly(1.0, 1.0, 0.5, 0.5);
      assertThat(seven.path("precision").get(1).asDouble()).isCloseTo(2 / 3.0, within(1e-6));
      assertThat(numbers(curve(server, "counted").path("true_positives"))).containsExactly(75.0, 64.0, 21.0, 5.0);
      assertThat(numbers(curve(server, "counted").path("recall"))).first().isEqualTo(1.0);
      assertThat(numbers(curve(server, "classes/dog").path("true_positives"))).hasSize(101).last().isEqualTo(1.0);
      assertThat(server.problems()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldLayOutCustomScalars(Loader loader) {
    try (SummaryWriter writer = SummaryWriter.open(logs.resolve("run"))) {
      writer.addCustomScalars(ScalarLayout.builder()
          .category("training")
          .multiline("both", "loss (mean)", "a.b/c [1]")
          .closedCategory("seeds")
          .multilineMatching("all", "seed_.*")
          .margin("margin", new ScalarLayout.Band("mean", "low", "high"), new ScalarLayout.Band("m2", "l2", "h2"))
          .build());
      for (String tag : List.of("loss (mean)", "loss (mean) 2", "a.b/c [1]", "axb/c [1]", "mean", "low", "high", "seed_1")) {
        writer.addScalar(tag, 1, 1);
      }
    }
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      JsonNode categories = server.await("the layout", client -> client.get("data/plugin/custom_scalars/layout"),
          layout -> layout.path("category").size() == 2).path("category");
      server.awaitScalars("run", "seed_1", 1);

      assertThat(categories.get(0).path("title").asText()).isEqualTo("training");
      assertThat(categories.get(0).path("closed").asBoolean()).isFalse();
      assertThat(categories.get(1).path("closed").asBoolean()).isTrue();
      JsonNode both = categories.get(0).path("chart").get(0);
      assertThat(both.path("title").asText()).isEqualTo("both");
      assertThat(matches(server, both.path("multiline").path("tag").get(0).asText())).containsExactly("loss (mean)");
      assertThat(matches(server, both.path("multiline").path("tag").get(1).asText())).containsExactly("a.b/c [1]");
      assertThat(matches(server, "seed_.*")).containsExactly("seed_1");
      JsonNode margin = categories.get(1).path("chart").get(1).path("margin").path("series");
      assertThat(margin.size()).isEqualTo(2);
      assertThat(margin.get(0).path("value").asText()).isEqualTo("mean");
      assertThat(margin.get(0).path("lower").asText()).isEqualTo("low");
      assertThat(margin.get(0).path("upper").asText()).isEqualTo("high");
      assertThat(server.problems()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldShowMeshesAndClouds(Loader loader) {
    float[] batch = {0, 0, 0, 1, 0, 0, 0, 1, 0, 5, 5, 5, 6, 5, 5, 5, 6, 5};
    byte[] colors = new byte[18];
    new Random(3).nextBytes(colors);
    try (SummaryWriter writer = SummaryWriter.open(logs.resolve("run"))) {
      writer.addMesh("group/cloud λ", Mesh.builder(new float[][] {{1, 2, 3}, {4, 5, 6}}).build(), 1, TIME);
      for (int step = 1; step <= 2; step++) {
        writer.addMesh("faces", Mesh.builder(FloatBuffer.wrap(batch), 2).faces(IntBuffer.wrap(new int[] {0, 1, 2, 2, 1, 0}))
            .colors(ByteBuffer.wrap(colors))
            .config(Map.of("camera", Map.of("cls", "PerspectiveCamera", "fov", 50), "x", List.of("\"\n", true)))
            .build(), step, TIME);
      }
    }
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      JsonNode parts = server.await("three parts of two steps",
          client -> client.get("data/plugin/mesh/meshes", "run", "run", "tag", "faces"), all -> all.size() == 6);

      assertThat(parts.get(0).path("components").asInt()).isEqualTo(0b1110);
      assertThat(parts.get(0).path("config").asText()).contains("\"camera\":{").contains("\"fov\":50")
          .contains("\"x\":[\"\\\"\\u000a\",true]");
      JsonNode tags = server.client().get("data/plugin/mesh/tags").path("run");
      assertThat(tags.path("faces").path("samples").asInt()).isEqualTo(2);
      assertThat(tags.path("group/cloud λ").path("samples").asInt()).isEqualTo(1);
      ByteBuffer vertices = mesh(server, "faces", "VERTEX", 1);
      for (int i = 0; i < 9; i++) {
        assertThat(vertices.getFloat()).isEqualTo(batch[9 + i]);
      }
      assertThat(mesh(server, "faces", "FACE", 1).asIntBuffer()).isEqualTo(IntBuffer.wrap(new int[] {2, 1, 0}));
      assertThat(mesh(server, "faces", "COLOR", 1)).isEqualTo(ByteBuffer.wrap(colors, 9, 9));
      JsonNode cloud = server.client().get("data/plugin/mesh/meshes", "run", "run", "tag", "group/cloud λ");
      assertThat(cloud.size()).isEqualTo(1);
      assertThat(cloud.get(0).path("components").asInt()).isEqualTo(0b10);
      assertThat(cloud.get(0).path("config").asText())
          .isEqualTo("{\"material\":{\"cls\":\"PointsMaterial\",\"size\":0.05}}");
      assertThat(server.problems()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldOfferTheEmbeddingsOfAllRuns(Loader loader) throws IOException {
    List<Picture> pictures = Collections.nCopies(3, Picture.of(new BufferedImage(4, 2, BufferedImage.TYPE_INT_RGB)));
    float[][] vectors = {{1, 2, 3}, {4, 5.5f, -6e-7f}, {7, 8, 9e20f}};
    for (String run : List.of("one", "two")) {
      try (SummaryWriter writer = SummaryWriter.open(logs.resolve(run))) {
        writer.addEmbedding("größe (1)", Embedding.builder(vectors).column("word", List.of("a\tb", "", "λ"))
            .column("length", List.of(1, 2, 3)).sprites(pictures).build(), 1);
        writer.addEmbedding("größe (1)", Embedding.builder(vectors).labels(List.of("x", " ", "z")).build(), 2);
      }
    }
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      server.awaitRuns("one", "two");
      server.await("the runs", client -> client.get("data/plugin/projector/runs"), runs -> runs.size() == 2);
      server.await("the page", TensorBoardClient::activeDashboards, active -> active.contains("projector"));

      JsonNode embeddings = server.client().get("data/plugin/projector/info", "run", "two").path("embeddings");
      assertThat(embeddings.size()).isEqualTo(2);
      assertThat(embeddings.get(0).path("tensorName").asText()).isEqualTo("größe (1):00001");
      assertThat(numbers(embeddings.get(0).path("tensorShape"))).containsExactly(3.0, 3.0);
      assertThat(numbers(embeddings.get(0).path("sprite").path("singleImageDim"))).containsExactly(4.0, 2.0);
      for (String name : List.of("größe (1):00001", "größe (1):00002")) {
        ByteBuffer tensor = littleEndian(projector(server, "tensor", name));
        for (float[] vector : vectors) {
          for (float value : vector) {
            assertThat(tensor.getFloat()).isEqualTo(value);
          }
        }
        assertThat(tensor.hasRemaining()).isFalse();
      }
      assertThat(new String(projector(server, "metadata", "größe (1):00001"), StandardCharsets.UTF_8))
          .isEqualTo("word\tlength\na\\tb\t1\n\"\"\t2\nλ\t3\n");
      assertThat(new String(projector(server, "metadata", "größe (1):00002"), StandardCharsets.UTF_8))
          .isEqualTo("x\n\" \"\nz\n");
      assertThat(ImageIO.read(new ByteArrayInputStream(projector(server, "sprite_image", "größe (1):00001"))).getWidth())
          .isEqualTo(8);
      assertThat(server.problems()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldShowTheSessionsOfASearchWithTheirMetricsAndEnds(Loader loader) {
    for (int trial = 0; trial < 3; trial++) {
      try (SummaryWriter writer = SummaryWriter.open(logs.resolve("trial" + trial))) {
        Map<String, Double> metrics = new java.util.LinkedHashMap<>();
        metrics.put("test/loss", 0.5 * trial);
        metrics.put("accuracy", 0.25 * trial);
        writer.addHparams(Map.of("rate", 0.1 * trial, "optimizer", "Adam"), metrics,
            trial == 2 ? SessionStatus.FAILURE : SessionStatus.SUCCESS, TIME);
      }
    }
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      List<HParamsSession> sessions = server.await("the sessions", TensorBoardClient::hparams,
          all -> all.size() == 3 && all.stream().allMatch(session -> session.metrics().size() == 2));

      assertThat(server.client().hparamMetrics()).containsExactly("/test/loss", "/accuracy");
      assertThat(server.client().hparamTypes()).containsOnlyKeys("rate", "optimizer");
      assertThat(sessions).extracting(HParamsSession::status)
          .containsExactlyInAnyOrder("STATUS_SUCCESS", "STATUS_SUCCESS", "STATUS_FAILURE");
      assertThat(sessions).filteredOn(session -> session.run().equals("trial1")).singleElement()
          .satisfies(session -> assertThat(session.metrics())
              .containsExactlyInAnyOrder(new HParamsSession.Metric("", "test/loss", 0, 0.5),
                  new HParamsSession.Metric("", "accuracy", 0, 0.25)));
      assertThat(server.client().runs()).containsExactlyInAnyOrder("trial0", "trial1", "trial2");
      assertThat(server.problems()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldShowHyperParametersThatAreNotFinite(Loader loader) {
    try (SummaryWriter writer = SummaryWriter.open(logs.resolve("trial"))) {
      writer.addHparams(
          Map.of("rate", Double.NaN, "clip", Float.POSITIVE_INFINITY, "floor", Double.NEGATIVE_INFINITY, "units", 8),
          Map.of("loss", 0.5), SessionStatus.SUCCESS, TIME);
    }
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      assertThat(server.await("the session", TensorBoardClient::hparams, all -> all.size() == 1)).singleElement()
          .satisfies(session -> assertThat(session.hparams()).containsOnly(Map.entry("rate", "NaN"),
              Map.entry("clip", "Infinity"), Map.entry("floor", "-Infinity"), Map.entry("units", 8.0)));
    }
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldOfferTheValuesThatASearchTries(Loader loader) {
    HparamsColumns columns =
        HparamsColumns.builder().values("optimizer", List.of("SGD", "Adam")).values("units", List.of(8, 16))
            .values("bias", List.of(true, false)).range("rate", 0.001, 0.5).metric("", "loss").build();
    for (String optimizer : List.of("SGD", "Adam")) {
      try (SummaryWriter writer = SummaryWriter.open(logs.resolve(optimizer))) {
        writer.addHparams(Map.of("optimizer", optimizer, "units", 8, "bias", true, "rate", 0.1), columns, TIME);
        writer.addScalar("loss", 0.5, 1, TIME);
      }
    }
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      Map<String, JsonNode> domains = server.await("the columns", TensorBoardClient::hparamDomains, all -> all.size() == 4);

      assertThat(domains.get("optimizer")).extracting(JsonNode::asText).containsExactly("SGD", "Adam");
      assertThat(domains.get("units")).extracting(JsonNode::asDouble).containsExactly(8.0, 16.0);
      assertThat(domains.get("bias")).extracting(JsonNode::asBoolean).containsExactly(true, false);
      assertThat(domains.get("rate").path("minValue").asDouble()).isEqualTo(0.001);
      assertThat(domains.get("rate").path("maxValue").asDouble()).isEqualTo(0.5);
      assertThat(server.problems()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldShowWhatAScalarIs(Loader loader) {
    try (SummaryWriter writer = SummaryWriter.open(logs.resolve("run"))) {
      writer.describe("delay", "**Seconds** until the first batch");
      writer.addScalar("delay", 0.5, 1, TIME);
      writer.addScalar("delay", 0.25, 300, TIME);
      writer.addScalar("plain", 1, 1, TIME);
    }
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      JsonNode run = server.await("the tags", client -> client.get("data/plugin/scalars/tags").path("run"),
          tags -> tags.has("delay") && tags.has("plain"));

      assertThat(run.path("delay").path("description").asText()).contains("<strong>Seconds</strong> until the first batch");
      assertThat(run.path("plain").path("description").asText()).isEmpty();
      assertThat(server.client().scalars("run", "delay")).extracting(ScalarPoint::step, ScalarPoint::value)
          .containsExactly(tuple(1L, 0.5f), tuple(300L, 0.25f));
      assertThat(server.problems()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldReadHistogramsThatWereCountedElsewhere(Loader loader) {
    try (SummaryWriter writer = SummaryWriter.open(logs.resolve("run"))) {
      writer.addHistogram("delays", BucketCounts.of(new double[] {-1, 0.5, 0.5, 4}, new double[] {3, 0, 2.5}), 7, TIME);
      writer.addHistogram("delays", BucketCounts.of(new double[] {0}, new double[0]), 8, TIME);
    }
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      JsonNode histograms = server.await("the histograms",
          client -> client.get("data/plugin/histograms/histograms", "run", "run", "tag", "delays"), all -> all.size() == 2);

      assertThat(histograms.get(0).get(1).asLong()).isEqualTo(7);
      assertThat(histograms.get(0).get(2).toString()).isEqualTo("[[-1.0,0.5,3.0],[0.5,0.5,0.0],[0.5,4.0,2.5]]");
      assertThat(histograms.get(1).get(2)).isEmpty();
      assertThat(server.problems()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldKeepTensorsForOtherPluginsAndTheirDescriptions(Loader loader) {
    try (SummaryWriter writer = SummaryWriter.open(logs.resolve("run"))) {
      // the page for texts stands for a plugin that this library knows nothing of
      writer.addTensor("greeting", PluginTensor.ofStrings("Hello").plugin("text"), 1, TIME);
      writer.addTensor("curve", PluginTensor.of(new float[] {2, 0, 0, 0, 0, 2, 0, 0, 1, 0, 1, 0}, 6, 2)
          .plugin("pr_curves", new byte[] {0x10, 2}).description("**What** it is"), 1, TIME);
    }
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      server.await("the text", client -> client.texts("run", "greeting"), texts -> texts.size() == 1);
      JsonNode tags =
          server.await("the curve", client -> client.get("data/plugin/pr_curves/tags"), all -> all.path("run").has("curve"));

      assertThat(server.client().texts("run", "greeting").get(0).html()).contains("Hello");
      assertThat(tags.path("run").path("curve").path("description").asText()).contains("<strong>What</strong>");
      assertThat(numbers(curve(server, "curve").path("true_positives"))).containsExactly(2.0);
      assertThat(server.problems()).isEmpty();
    }
  }

  private static JsonNode curve(TensorBoardServer server, String tag) {
    JsonNode curve = server.client().get("data/plugin/pr_curves/pr_curves", "run", "run", "tag", tag).path("run").get(0);
    assertThat(curve.path("wall_time").asDouble()).isEqualTo(1.5e9);
    return curve;
  }

  private static List<String> matches(TensorBoardServer server, String expression) {
    JsonNode answer = server.client().get("data/plugin/custom_scalars/scalars", "run", "run", "tag", expression);
    assertThat(answer.path("regex_valid").asBoolean()).isTrue();
    List<String> tags = new ArrayList<>();
    answer.path("tag_to_events").fieldNames().forEachRemaining(tags::add);
    return tags;
  }

  private static ByteBuffer mesh(TensorBoardServer server, String tag, String part, int sample) {
    return littleEndian(server.client().bytes("data/plugin/mesh/data", "run", "run", "tag", tag, "content_type", part,
        "step", "2", "sample", String.valueOf(sample)));
  }

  private static byte[] projector(TensorBoardServer server, String route, String name) {
    return server.client().bytes("data/plugin/projector/" + route, "run", "two", "name", name);
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static List<Double> numbers(JsonNode array) {
    List<Double> numbers = new ArrayList<>();
    array.forEach(number -> numbers.add(number.asDouble()));
    return numbers;
  }
}
