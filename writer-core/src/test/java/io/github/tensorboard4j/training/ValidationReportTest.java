package io.github.tensorboard4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.tensorboard4j.events.Event;
import io.github.tensorboard4j.testing.Recorded;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is counted of the validation data, against counts of all examples at once. */
class ValidationReportTest {

  private static final int CLASSES = 4;

  @TempDir
  private Path run;

  private final int[] labels = new int[3_000];
  private final float[] scores = new float[labels.length * CLASSES];

  /** Makes probabilities that are sure for the most part, and often right. */
  private void guess() {
    Random random = new Random(7);
    for (int i = 0; i < labels.length; i++) {
      labels[i] = random.nextInt(CLASSES);
      double sum = 0;
      for (int c = 0; c < CLASSES; c++) {
        double score = Math.exp(4 * random.nextGaussian() + (labels[i] == c ? 4 : 0));
        scores[i * CLASSES + c] = (float) score;
        sum += score;
      }
      for (int c = 0; c < CLASSES; c++) {
        scores[i * CLASSES + c] /= (float) sum;
      }
    }
  }

  @Test
  void shouldRecordNothingUnlessAsked() {
    try (TrainingRecorder recorder = TrainingRecorder.builder(run).build()) {
      assertThat(recorder.validationReportAtEpoch(1)).isNull();
      assertThat(recorder.validationReportAtIteration(1)).isNull();
    }
  }

  @Test
  void shouldRecordWhereItIsDue() {
    ValidationReport report = ValidationReport.builder().frequency(Frequency.epochs(3)).build();
    try (TrainingRecorder recorder = TrainingRecorder.builder(run).validationReport(report).build()) {
      assertThat(IntStream.rangeClosed(1, 6).filter(epoch -> recorder.validationReportAtEpoch(epoch) != null))
          .containsExactly(3, 6);
      assertThat(recorder.validationReportAtIteration(3)).isNull();
    }
  }

  @Test
  void shouldCountBatchByBatchWhatARecountOfAllCounts() {
    guess();
    record(ValidationReport.builder().topAccuracy(2).build(), recording -> addInBatches(recording, 128));

    Recorded recorded = validation();
    int[] predictions = IntStream.range(0, labels.length).map(this::prediction).toArray();
    double precision = 0;
    double recall = 0;
    double f1 = 0;
    for (int c = 0; c < CLASSES; c++) {
      int own = c;
      double right = count(i -> labels[i] == own && predictions[i] == own);
      double p = right / count(i -> predictions[i] == own);
      double r = right / count(i -> labels[i] == own);
      precision += p / CLASSES;
      recall += r / CLASSES;
      f1 += 2 * p * r / (p + r) / CLASSES;
    }
    assertThat(recorded.scalar("epoch_precision")).containsExactly(Map.entry(2L, (float) precision));
    assertThat(recorded.scalar("epoch_recall").get(2L)).isEqualTo((float) recall);
    assertThat(recorded.scalar("epoch_f1").get(2L)).isEqualTo((float) f1);
    assertThat(recorded.scalar("epoch_top_2_accuracy").get(2L)).isEqualTo((float) (count(
        i -> IntStream.range(0, CLASSES).filter(c -> score(i, c) > score(i, labels[i])).count() < 2) / labels.length));
    double area = IntStream.range(0, CLASSES).mapToDouble(this::area).average().orElseThrow();
    assertThat(area).isBetween(0.6, 0.99);
    assertThat((double) recorded.scalar("epoch_auc").get(2L)).isCloseTo(area, within(2e-4));
  }

  @Test
  void shouldCountPrCurvesAsIfAllScoresWereThere() {
    guess();
    record(ValidationReport.builder().classes("cat", "dog", "bird", "fish").build(),
        recording -> addInBatches(recording, 77));

    float[] rows = floats(value("pr_curve/bird").tensorContent());
    for (int threshold = 0; threshold < 127; threshold++) {
      int from = threshold;
      double found = count(i -> labels[i] == 2 && (int) (score(i, 2) * 126) >= from);
      double wrong = count(i -> labels[i] != 2 && (int) (score(i, 2) * 126) >= from);
      assertThat(rows[threshold]).isEqualTo((float) found);
      assertThat(rows[127 + threshold]).isEqualTo((float) wrong);
      assertThat(rows[4 * 127 + threshold]).isEqualTo((float) (found / Math.max(1e-7, found + wrong)));
    }
    assertThat(validation().tensorSteps()).containsOnlyKeys(
        "pr_curve/cat", "pr_curve/dog", "pr_curve/bird", "pr_curve/fish", "confusion_matrix");
  }

  @Test
  void shouldTakeLogitsForWhatASoftmaxMakesOfThem() {
    guess();
    float[] logits = new float[scores.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) Math.log(scores[i]) + 3;
    }
    record(ValidationReport.standard(), recording -> addInBatches(recording, 500));
    float[] expected = floats(value("pr_curve/1").tensorContent());
    run = run.resolve("logits");
    record(ValidationReport.standard(), recording -> recording.add(ValidationExamples.of(labels, logits)));

    float[] rows = floats(value("pr_curve/1").tensorContent());
    for (int i = 0; i < rows.length; i++) {
      // a score may be rounded to the other side of a threshold
      assertThat(rows[i]).isCloseTo(expected[i], within(2f));
    }
  }

  @Test
  void shouldTakeALogitOfMinusInfinityForAClassThatIsRuledOut() {
    int[] classes = {0, 1, 0, 1};
    float[] finite = {5, 3, -200, 1, 2, -200, 2, 1, -200, 3, 5, -200};
    float[] ruledOut = finite.clone();
    for (int i = 2; i < ruledOut.length; i += 3) {
      ruledOut[i] = Float.NEGATIVE_INFINITY;
    }
    record(ValidationReport.standard(), recording -> recording.add(ValidationExamples.of(classes, finite)));
    float[] expected = floats(value("pr_curve/1").tensorContent());
    run = run.resolve("ruled-out");
    record(ValidationReport.standard(), recording -> recording.add(ValidationExamples.of(classes, ruledOut)));

    assertThat(floats(value("pr_curve/1").tensorContent())).isEqualTo(expected);
  }

  @Test
  void shouldTakeTheSecondOfTwoClassesForThePositiveOne() {
    float[] positive = {0.9f, 0.8f, 0.4f, 0.2f, 0.7f};
    record(ValidationReport.standard(),
        recording -> recording.add(ValidationExamples.of(new int[] {1, 1, 1, 0, 0}, positive)));

    assertThat(validation().scalar("epoch_precision").get(2L)).isEqualTo(2 / 3f);
    assertThat(validation().scalar("epoch_recall").get(2L)).isEqualTo(2 / 3f);
    assertThat(validation().scalar("epoch_auc").get(2L)).isEqualTo((float) (5 / 6.0));
    assertThat(validation().tensorSteps()).containsKeys("pr_curve/0", "pr_curve/1");
  }

  @Test
  void shouldCountScoresThatAreNotNumbersAsWrongAsCanBe() {
    float nan = Float.NaN;
    record(ValidationReport.standard(), recording -> recording.add(ValidationExamples.of(new int[] {0, 1, 2, -1},
        new float[] {nan, nan, nan, 0.1f, 0.2f, nan, 0.1f, 0.1f, 0.8f, nan, nan, nan})));

    assertThat(validation().scalar("epoch_recall").get(2L)).isEqualTo((float) (1 / 3.0));
    float[] rows = floats(value("pr_curve/2").tensorContent());
    assertThat(rows[0]).as("true positives from 0 up").isEqualTo(1);
    assertThat(rows[127 + 126]).as("false positives at 1").isEqualTo(2);
  }

  @Test
  void shouldCountEachClassForItselfWhereAnExampleHasSeveral() {
    float nan = Float.NaN;
    record(ValidationReport.standard(), recording -> recording.add(ValidationExamples.ofSeveralClasses(2,
        new float[] {1, 1, 0, 1, 1, nan, 0, 0}, new float[] {0.9f, 0.2f, 0.6f, 0.7f, 0.8f, 0.9f, nan, 0.1f})));

    // the first class: two right, two wrong, of two; the second: one right of two
    assertThat(validation().scalar("epoch_precision").get(2L)).isEqualTo((float) ((2 / 4.0 + 1) / 2));
    assertThat(validation().scalar("epoch_recall").get(2L)).isEqualTo((1 + 0.5f) / 2);
    assertThat(validation().scalar("epoch_auc").get(2L)).isEqualTo((float) ((0.5 + 1) / 2));
    assertThat(validation().tensorSteps()).containsOnlyKeys("pr_curve/0", "pr_curve/1");
  }

  @Test
  void shouldNameClassesByNumberWhereTheFrameworkHasNoNamesForEach() {
    record(ValidationReport.standard(), recording -> {
      recording.nameClasses(List.of("same", "same", "other"));
      recording.add(ValidationExamples.of(new int[] {0}, new float[] {1, 0, 0}));
    });
    assertThat(validation().tensorSteps()).containsKeys("pr_curve/0", "pr_curve/1", "pr_curve/2");
    run = run.resolve("less");
    record(ValidationReport.standard(), recording -> {
      recording.nameClasses(List.of("cat", "dog"));
      recording.add(ValidationExamples.of(new int[] {0}, new float[] {1, 0, 0}));
    });
    assertThat(validation().tensorSteps()).containsKeys("pr_curve/cat", "pr_curve/dog", "pr_curve/2");
  }

  @Test
  void shouldKeepFiguresButNothingByClassOfManyThousandClasses() {
    int classes = 5_000;
    float[] many = new float[3 * classes];
    many[7] = 1;
    many[classes + 8] = 1;
    many[2 * classes + 9] = 1;
    record(ValidationReport.standard(),
        recording -> recording.add(ValidationExamples.of(new int[] {7, 8, 4_999}, many)));

    assertThat(validation().scalars())
        .containsOnlyKeys("epoch_precision", "epoch_recall", "epoch_f1", "epoch_top_5_accuracy");
    assertThat(validation().tensorSteps()).isEmpty();
  }

  @Test
  void shouldShowTheMisclassifiedExamplesOfWhichTheModelWasSurest() throws IOException {
    int examples = 50;
    int[] classes = new int[examples];
    float[] sure = new float[2 * examples];
    float[] inputs = new float[examples * 8 * 8];
    for (int i = 0; i < examples; i++) {
      // all are wrong, and later ones surer; the last one alone is white
      sure[2 * i + 1] = 0.5f + i / 128f;
      sure[2 * i] = 1 - sure[2 * i + 1];
      Arrays.fill(inputs, i * 64, (i + 1) * 64, i == examples - 1 ? 1 : i / 1000f);
    }
    record(ValidationReport.standard(), recording -> {
      assertThat(recording.wantsInputs(examples, 1, 8, 8)).isTrue();
      recording.add(ValidationExamples.of(classes, sure).inputs(inputs, examples, 1, 8, 8));
    });

    BufferedImage grid = picture("misclassified");
    // six by six of 56 pixels and a line of text each
    assertThat(grid.getWidth()).isEqualTo(6 * 60 + 4);
    assertThat(grid.getHeight()).isEqualTo(6 * (56 + 4 + 14) + 4);
    assertThat(grid.getRGB(30, 30)).as("the surest first").isEqualTo(0xffffffff);
    int gray = grid.getRGB(90, 30) & 0xff;
    assertThat(gray).as("the next").isEqualTo(Math.round(255 * 0.048f));
  }

  @Test
  void shouldMakeLargePicturesSmallerByTheMeansOfTheirPixels() throws IOException {
    float[] inputs = new float[300 * 200];
    for (int i = 0; i < inputs.length; i++) {
      // columns that are black, black and white
      inputs[i] = i % 3 == 2 ? 1 : 0;
    }
    record(ValidationReport.builder().classes("something", "anything").build(), recording -> recording
        .add(ValidationExamples.of(new int[] {0}, new float[] {0.2f, 0.8f}).inputs(inputs, 1, 1, 200, 300)));

    BufferedImage grid = picture("misclassified");
    assertThat(grid.getWidth()).isEqualTo(100 + 8);
    assertThat(grid.getHeight()).isEqualTo(67 + 14 + 8);
    assertThat(grid.getRGB(54, 30)).isEqualTo(0xff555555);
    assertThat(grid.getRGB(103, 70)).as("the edge").isEqualTo(0xff555555);
  }

  @Test
  void shouldFindPicturesInEveryShapeThatHasThem() {
    ValidationReport flat = ValidationReport.builder().pictures(6, 5).build();
    record(ValidationReport.standard(), recording -> {
      assertThat(recording.wantsInputs(2, 3, 5, 6)).isTrue();
      assertThat(recording.wantsInputs(2, 5, 6, 4)).isTrue();
      assertThat(recording.wantsInputs(2, 5, 6, 8)).isFalse();
      assertThat(recording.wantsInputs(2, 30)).isFalse();
      assertThat(recording.wantsInputs(2, 5, 6)).isFalse();
      assertThat(recording.wantsInputs(2, 1, 1, 16_384)).isTrue();
      assertThat(recording.wantsInputs(2, 1, 16_384, 1)).isTrue();
      assertThat(recording.wantsInputs(2, 1, 1, 16_385)).isFalse();
      assertThat(recording.wantsInputs(2, 1, 16_385, 1)).isFalse();
    });
    record(flat, recording -> {
      assertThat(recording.wantsInputs(2, 30)).isTrue();
      assertThat(recording.wantsInputs(2, 90)).isTrue();
      assertThat(recording.wantsInputs(2, 60)).isFalse();
      assertThat(recording.wantsInputs(2, 5, 6)).isTrue();
      assertThat(recording.wantsInputs(2, 6, 5)).isFalse();
    });
  }

  @Test
  void shouldShowTheSamePictureWhereverItsChannelsAre() throws IOException {
    float[] planar = {-1, -1, -1, -1, 1, 1, 1, 1, 0, 0, 0, 0};
    float[] interleaved = {-1, 1, 0, -1, 1, 0, -1, 1, 0, -1, 1, 0};
    float[] wrong = {0.2f, 0.8f};
    record(ValidationReport.standard(), recording -> recording
        .add(ValidationExamples.of(new int[] {0}, wrong).inputs(planar, 1, 3, 2, 2)));
    assertThat(picture("misclassified").getRGB(20, 20)).isEqualTo(0xff00ff80);
    run = run.resolve("flat");
    record(ValidationReport.builder().pictures(2, 2).build(), recording -> recording
        .add(ValidationExamples.of(new int[] {0}, wrong).inputs(planar, 1, 12)));
    assertThat(picture("misclassified").getRGB(20, 20)).isEqualTo(0xff00ff80);
    run = run.resolve("last");
    record(ValidationReport.builder().pictureRange(-1, 1).build(), recording -> recording
        .add(ValidationExamples.of(new int[] {0}, wrong).inputs(interleaved, 1, 2, 2, 3)));
    assertThat(picture("misclassified").getRGB(20, 20)).isEqualTo(0xff00ff80);
  }

  @Test
  void shouldEmbedTheFirstExamplesAndNoMore() throws IOException {
    ValidationReport report = ValidationReport.builder().classes("no", "yes").embedding("encoder/dense").build();
    record(report, recording -> {
      assertThat(recording.embeddedLayer()).contains("encoder/dense");
      for (int batch = 0; batch < 3; batch++) {
        assertThat(recording.wantsEmbedding(3)).isTrue();
        int[] classes = new int[400];
        float[] positive = new float[400];
        float[] vectors = new float[1_200];
        for (int i = 0; i < vectors.length; i++) {
          vectors[i] = batch * 1_200 + i;
        }
        recording.add(ValidationExamples.of(classes, positive).embedding(vectors));
      }
      assertThat(recording.wantsEmbedding(3)).isFalse();
    });

    Path files = run.resolve("validation/embeddings/encoder_dense");
    List<String> metadata;
    List<String> vectors;
    try (var all = Files.walk(files)) {
      List<Path> written = all.filter(Files::isRegularFile).toList();
      metadata = lines(written, "metadata");
      vectors = lines(written, "tensors");
    }
    assertThat(vectors).hasSize(1_000).first().asString().startsWith("0").contains("\t");
    assertThat(Arrays.stream(vectors.get(999).split("\t")).map(Float::parseFloat)).containsExactly(2997f, 2998f, 2999f);
    assertThat(metadata).hasSize(1_001).startsWith("example\tlabel\tprediction\tright", "no\tno\tno\tyes");
  }

  @Test
  void shouldRecordByIterationWhereThereAreNoEpochs() {
    try (TrainingRecorder recorder = TrainingRecorder.builder(run).validationReport(ValidationReport.standard()).build()) {
      ValidationRecording recording = Objects.requireNonNull(recorder.validationReportAtIteration(700));
      recording.add(ValidationExamples.of(new int[] {0, 1}, new float[] {0.1f, 0.9f}));
      recording.record();
    }

    assertThat(validation().scalar("batch_precision")).containsExactly(Map.entry(700L, 1f));
    assertThat(validation().scalars()).doesNotContainKey("epoch_precision");
    assertThat(validation().tensorSteps()).containsEntry("pr_curve/1", List.of(700L))
        .containsEntry("confusion_matrix", List.of(700L));
  }

  @Test
  void shouldTakeTheRangeOfPixelsFromTheFirstBatch() throws IOException {
    float[] bytes = {0, 255, 100, 200};
    float[] dark = {1, 1, 1, 1};
    record(ValidationReport.standard(), recording -> {
      // of which no picture is shown, for it is classified right
      recording.add(ValidationExamples.of(new int[] {0}, new float[] {0.8f, 0.2f}).inputs(bytes, 1, 1, 2, 2));
      recording.add(ValidationExamples.of(new int[] {0}, new float[] {0.2f, 0.8f}).inputs(dark, 1, 1, 2, 2));
    });

    assertThat(picture("misclassified").getRGB(20, 20)).as("1 of 255").isEqualTo(0xff010101);
  }

  @Test
  void shouldFindTheRangeOfPixelsOfAnyKind() throws IOException {
    assertThat(grays(0, 0.5f, 1, 0)).containsExactly(0, 128, 255, 0);
    assertThat(grays(0, 51, 255, 102)).containsExactly(0, 51, 255, 102);
    assertThat(grays(-1, 0, 1, -1)).containsExactly(0, 128, 255, 0);
    assertThat(grays(-0.5f, 0, 0.5f, 0)).containsExactly(64, 128, 191, 128);
    assertThat(grays(-2, 0, 2, Float.NaN)).startsWith(0, 128, 255);
    assertThat(grays(-1, 3, 1, -1)).containsExactly(0, 255, 128, 0);
    assertThat(grays(0, 510, 255, 0)).containsExactly(0, 255, 128, 0);
    assertThat(grays(0.5f, 0.5f, 0.5f, 0.5f)).containsExactly(128, 128, 128, 128);
    assertThat(grays(300, 300, 300, 300)).containsExactly(255, 255, 255, 255);
  }

  /** Returns the grays that the pixels of a picture of two rows are shown in. */
  private int[] grays(float... pixels) throws IOException {
    run = run.resolve("next");
    record(ValidationReport.standard(), recording -> recording
        .add(ValidationExamples.of(new int[] {0}, new float[] {0.2f, 0.8f}).inputs(pixels, 1, 1, 2, 2)));
    BufferedImage grid = picture("misclassified");
    return new int[] {grid.getRGB(8, 8) & 0xff, grid.getRGB(50, 8) & 0xff, grid.getRGB(8, 50) & 0xff,
        grid.getRGB(50, 50) & 0xff};
  }

  @Test
  void shouldShowTheFirstOfExamplesThatTheModelIsAsSureOf() throws IOException {
    int examples = 40;
    float[] scores = new float[2 * examples];
    float[] inputs = new float[examples * 8 * 8];
    for (int i = 0; i < examples; i++) {
      scores[2 * i] = 0.25f;
      scores[2 * i + 1] = 0.75f;
      Arrays.fill(inputs, i * 64, (i + 1) * 64, i == 0 ? 1 : i == 35 ? 0.6f : 0.2f);
    }
    record(ValidationReport.standard(), recording -> recording
        .add(ValidationExamples.of(new int[examples], scores).inputs(inputs, examples, 1, 8, 8)));

    BufferedImage grid = picture("misclassified");
    assertThat(grid.getWidth()).isEqualTo(6 * 60 + 4);
    assertThat(grid.getRGB(30, 30) & 0xff).as("the first").isEqualTo(255);
    assertThat(grid.getRGB(5 * 60 + 30, 5 * 74 + 30) & 0xff).as("the 36th").isEqualTo(153);
  }

  @Test
  void shouldGiveAClassThatIsAlwaysTakenForAnotherAnF1OfZero() {
    record(ValidationReport.standard(), recording -> recording.add(ValidationExamples.of(new int[] {0, 1, 2},
        new float[] {0.8f, 0.1f, 0.1f, 0.1f, 0.1f, 0.8f, 0.1f, 0.8f, 0.1f})));

    assertThat(validation().scalar("epoch_precision").get(2L)).isEqualTo(1 / 3f);
    assertThat(validation().scalar("epoch_f1").get(2L)).isEqualTo(1 / 3f);
  }

  @Test
  void shouldShowPicturesOfEmbeddedExamplesIfAllAreOfOneSize() throws IOException {
    ValidationReport report = ValidationReport.builder().classes("no", "yes").embedding("dense").build();
    record(report, recording -> {
      embed(recording, 8);
      embed(recording, 8);
    });
    List<Path> same = embedded();
    assertThat(same).anyMatch(file -> file.endsWith("sprite.png"));
    assertThat(lines(same, "metadata")).containsExactly("example\tlabel\tprediction\tright",
        "no\tno\tno\tyes", "yes \u2192 no\tyes\tno\tno", "no\tno\tno\tyes", "yes \u2192 no\tyes\tno\tno");

    run = run.resolve("sizes");
    record(report, recording -> {
      embed(recording, 8);
      embed(recording, 4);
    });
    assertThat(embedded()).noneMatch(file -> file.endsWith("sprite.png"));
    assertThat(lines(embedded(), "tensors")).hasSize(4);
  }

  /** Adds an example that is right and one that is not, with pictures of a size. */
  private static void embed(ValidationRecording recording, int side) {
    recording.add(ValidationExamples.of(new int[] {0, 1}, new float[] {0.9f, 0.1f, 0.9f, 0.1f})
        .embedding(new float[] {1, 2, 3, 4}).inputs(new float[2 * side * side], 2, 1, side, side));
  }

  private List<Path> embedded() throws IOException {
    try (var all = Files.walk(run.resolve("validation/embeddings/dense"))) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void shouldEmbedNoMoreNumbersThanThePageCanTake() {
    record(ValidationReport.builder().embedding("dense").build(), recording -> {
      assertThat(recording.wantsEmbedding(4_000_000)).isTrue();
      assertThat(recording.wantsEmbedding(4_000_001)).isFalse();
    });
    record(ValidationReport.standard(), recording -> assertThat(recording.wantsEmbedding(2)).isFalse());
  }

  @Test
  void shouldRefuseOtherClassesThanItNames() {
    ValidationReport report = ValidationReport.builder().classes("cat", "dog", "bird").build();
    record(report, recording -> assertThatIllegalArgumentException()
        .isThrownBy(() -> recording.add(ValidationExamples.of(new int[] {0}, new float[] {0.5f, 0.5f})))
        .withMessageContaining("3").withMessageContaining("2"));
  }

  @Test
  void shouldRefuseWhatIsNoReport() {
    ValidationReport.Builder builder = ValidationReport.builder();
    assertThatIllegalArgumentException().isThrownBy(() -> builder.classes("one"));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.classes("a", "a"));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.classes("a", " "));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.pictures(0, 3)).withMessageContaining("0 x 3");
    assertThatIllegalArgumentException().isThrownBy(() -> builder.pictures(3, 16_385)).withMessageContaining("3 x 16385");
    assertThatIllegalArgumentException().isThrownBy(() -> builder.pictures(16_385, 3)).withMessageContaining("16385 x 3");
    assertThat(builder.pictures(1, 16_384).pictures(16_384, 1).build().width()).isEqualTo(16_384);
    assertThatIllegalArgumentException().isThrownBy(() -> builder.pictureRange(1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.embedding(" "));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.topAccuracy(1));
    assertThatIllegalArgumentException().isThrownBy(() -> ValidationExamples.of(new int[2], new float[3]));
    assertThatIllegalArgumentException().isThrownBy(() -> ValidationExamples.of(new int[] {2}, new float[2]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ValidationExamples.of(new int[2], new float[4]).inputs(new float[5], 2, 3));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ValidationExamples.of(new int[2], new float[4]).embedding(new float[5]));
  }

  private interface Use {
    void of(ValidationRecording recording);
  }

  private void record(ValidationReport report, Use use) {
    try (TrainingRecorder recorder = TrainingRecorder.builder(run).validationReport(report).build()) {
      ValidationRecording recording = Objects.requireNonNull(recorder.validationReportAtEpoch(2));
      use.of(recording);
      recording.record();
    }
  }

  private void addInBatches(ValidationRecording recording, int size) {
    for (int from = 0; from < labels.length; from += size) {
      int to = Math.min(labels.length, from + size);
      recording.add(ValidationExamples.of(Arrays.copyOfRange(labels, from, to),
          Arrays.copyOfRange(scores, from * CLASSES, to * CLASSES)));
    }
  }

  private float score(int example, int ofClass) {
    return scores[example * CLASSES + ofClass];
  }

  private int prediction(int example) {
    return IntStream.range(0, CLASSES).reduce(0, (a, b) -> score(example, b) > score(example, a) ? b : a);
  }

  private double count(java.util.function.IntPredicate condition) {
    return IntStream.range(0, labels.length).filter(condition).count();
  }

  /** Compares each example of a class with each other, as the area under the curve does by definition. */
  private double area(int ofClass) {
    double wins = 0;
    double pairs = 0;
    for (int own = 0; own < labels.length; own++) {
      for (int other = 0; labels[own] == ofClass && other < labels.length; other++) {
        if (labels[other] != ofClass) {
          wins += (1 + Math.signum(score(own, ofClass) - score(other, ofClass))) / 2;
          pairs++;
        }
      }
    }
    return wins / pairs;
  }

  private Recorded validation() {
    return Recorded.in(run.resolve("validation"));
  }

  private Event.Value value(String tag) {
    return validation().events().stream().flatMap(event -> event.values().stream())
        .filter(value -> value.tag().equals(tag)).reduce((first, second) -> second).orElseThrow();
  }

  private BufferedImage picture(String tag) throws IOException {
    ByteBuffer bytes = value(tag).stringBytes().get(2);
    byte[] png = new byte[bytes.remaining()];
    bytes.get(png);
    return ImageIO.read(new ByteArrayInputStream(png));
  }

  private static float[] floats(ByteBuffer content) {
    float[] floats = new float[content.remaining() / Float.BYTES];
    content.asFloatBuffer().get(floats);
    return floats;
  }

  private static List<String> lines(List<Path> files, String name) {
    try {
      return Files.readAllLines(files.stream().filter(file -> file.getFileName().toString().contains(name)).findFirst()
          .orElseThrow(() -> new AssertionError(name + " is not among " + files)), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
