package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.testkit.HParamsSession;
import io.github.tensorboard4j.testkit.HistogramPoint;
import io.github.tensorboard4j.testkit.ScalarPoint;
import io.github.tensorboard4j.testkit.TensorBoardClient;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import io.github.tensorboard4j.testkit.TextPoint;
import io.github.tensorboard4j.training.EpochSummary;
import io.github.tensorboard4j.training.ExistingRun;
import io.github.tensorboard4j.training.Frequency;
import io.github.tensorboard4j.training.HyperParameters;
import io.github.tensorboard4j.training.IterationFigures;
import io.github.tensorboard4j.training.TrainingDescription;
import io.github.tensorboard4j.training.TrainingRecorder;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What TensorBoard itself, with each of its two loaders, reads of what a writer wrote. */
class TensorBoardIT {

  @TempDir
  private Path logs;

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldReadScalarsOfEveryKind(Loader loader) {
    float[] values = {0.5f, -1e-30f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 3e38f};
    try (SummaryWriter writer = SummaryWriter.open(logs.resolve("run"))) {
      for (int i = 0; i < values.length; i++) {
        writer.addScalar("group/verlust λ\uD800", values[i], i * 100L, Instant.ofEpochSecond(1_500_000_000 + i));
      }
    }
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      List<ScalarPoint> points = server.awaitScalars("run", "group/verlust λ?", values.length);

      for (int i = 0; i < values.length; i++) {
        assertThat(points.get(i)).isEqualTo(new ScalarPoint(i * 100L, values[i], 1.5e9 + i));
      }
      assertThat(server.problems()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldReadHistogramsOfAnyTensor(Loader loader) {
    try (SummaryWriter writer = SummaryWriter.builder(logs.resolve("run")).histogramBuckets(2).build()) {
      writer.addHistogram("W", FloatBuffer.wrap(new float[] {0, 1, 3, 4}), 1);
      writer.addHistogram("W", FloatBuffer.wrap(new float[] {2, 2, 2}), 2);
      writer.addHistogram("W", FloatBuffer.wrap(new float[] {0, Float.NaN, 4}), 3);
      writer.addHistogram("W", FloatBuffer.wrap(new float[0]), 4);
      writer.addHistogram("W", FloatBuffer.wrap(new float[] {5, 6, 7, 7}), 5);
    }
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      List<HistogramPoint> points = server.awaitHistograms("run", "W", 5);

      assertThat(points.get(0).buckets())
          .containsExactly(new HistogramPoint.Bucket(0, 2, 2), new HistogramPoint.Bucket(2, 4, 2));
      assertThat(points.get(1).buckets()).containsExactly(new HistogramPoint.Bucket(2, 2, 3));
      assertThat(points.get(2).buckets())
          .containsExactly(new HistogramPoint.Bucket(0, 2, 1), new HistogramPoint.Bucket(2, 4, 1));
      assertThat(points.get(3).buckets()).isEmpty();
      assertThat(points.get(4).step()).isEqualTo(5);
      assertThat(server.awaitScalars("run", "non_finite/W", 3)).extracting(ScalarPoint::value)
          .containsExactly(1f, 0f, 0f);
      assertThat(server.problems()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldReadTextAndHyperParameters(Loader loader) {
    try (TrainingRecorder recorder = TrainingRecorder.builder(logs.resolve("sgd")).build()) {
      recorder.begin(1, new Description(HyperParameters.builder()
          .learningRate(0.1f).optimizer("Sgd").put("nesterov", true).build(), "# Title λ"));
      recorder.startEpoch();
      recorder.recordIteration(new IterationFigures().start(1, 8).loss(0.5).predictions(4, 8).learningRate(0.1));
      recorder.recordEpoch(recorder.endEpoch(1).validationLoss(0.75).validationAccuracy(0.25).build());
      recorder.end(SessionStatus.SUCCESS);
    }
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      server.awaitRuns("sgd/train", "sgd/validation");
      TensorBoardClient client = server.client();

      assertThat(client.texts("sgd/train", "configuration")).singleElement()
          .satisfies(text -> assertThat(text.html()).contains("<h1>Title λ</h1>"));
      HParamsSession session = server.await("the session", TensorBoardClient::hparams, all -> !all.isEmpty()).get(0);
      assertThat(session.status()).isEqualTo("STATUS_SUCCESS");
      assertThat(session.hparams()).containsEntry("learning_rate", 0.1).containsEntry("optimizer", "Sgd")
          .containsEntry("nesterov", true);
      assertThat(session.metrics()).anySatisfy(metric -> {
        assertThat(metric.tag()).isEqualTo("epoch_loss");
        assertThat(metric.group()).endsWith("validation");
        assertThat(metric.value()).isEqualTo(0.75);
      });
      assertThat(server.problems()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldReadTheLastTrainingAloneWhereItReplacesAnother(Loader loader) {
    recordTwice(ExistingRun.REPLACE);
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      server.awaitRuns("sgd/train");
      HParamsSession session = server.await("the session", TensorBoardClient::hparams, all -> !all.isEmpty()).get(0);

      assertThat(session.hparams()).containsEntry("learning_rate", 0.01);
      assertThat(server.awaitScalars("sgd/train", "epoch_loss", 1)).extracting(ScalarPoint::value).containsExactly(0.01f);
    }
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldReadTheLastTrainingsCurvesAndTheFirstOnesHyperParametersWhereItContinuesAnother(Loader loader) {
    recordTwice(ExistingRun.CONTINUE);
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      server.awaitRuns("sgd/train");
      HParamsSession session = server.await("the session", TensorBoardClient::hparams, all -> !all.isEmpty()).get(0);

      assertThat(session.hparams()).containsEntry("learning_rate", 0.1);
      assertThat(server.awaitScalars("sgd/train", "epoch_loss", 1)).extracting(ScalarPoint::value).containsExactly(0.01f);
    }
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldOpenTheHParamsPageWithTheEpochsFiguresAndHideNothing(Loader loader) {
    for (Optional<String> optimizer : List.of(Optional.of("Adam"), Optional.<String>empty())) {
      Path run = logs.resolve(optimizer.orElse("unknown"));
      try (TrainingRecorder recorder =
          TrainingRecorder.builder(run).batchFrequency(Frequency.iterations(1)).hyperParameter("dropout", 0.5).build()) {
        HyperParameters.Builder found = HyperParameters.builder().loss("mse");
        optimizer.ifPresent(name -> found.optimizer(name).learningRate(0.1));
        recorder.begin(1, found::build);
        recorder.startEpoch();
        recorder.recordIteration(new IterationFigures().start(1, 8).loss(0.5).accuracy(0.25).learningRate(0.1));
        recorder.recordEpoch(recorder.endEpoch(1).validationLoss(0.75).validationAccuracy(0.5).build());
      }
    }
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      List<HParamsSession> sessions = server.await("the sessions", TensorBoardClient::hparams, all -> all.size() == 2);

      assertThat(server.client().hparamMetrics()).startsWith(
          "validation/epoch_accuracy", "validation/epoch_loss", "train/epoch_accuracy", "train/epoch_loss");
      assertThat(server.client().hparamTypes())
          .containsEntry("optimizer", "DATA_TYPE_STRING").containsEntry("learning_rate", "DATA_TYPE_FLOAT64")
          .containsEntry("loss", "DATA_TYPE_STRING").containsEntry("dropout", "DATA_TYPE_FLOAT64");
      assertThat(sessions).extracting(session -> session.hparams().get("optimizer")).containsExactlyInAnyOrder("Adam", null);
      assertThat(sessions).allSatisfy(session -> assertThat(session.metrics())
          .filteredOn(metric -> metric.group().endsWith("validation") && metric.tag().equals("epoch_accuracy"))
          .extracting(HParamsSession.Metric::value).containsExactly(0.5));
      assertThat(server.problems()).isEmpty();
    }
  }

  private void recordTwice(ExistingRun choice) {
    for (double rate : new double[] {0.1, 0.01}) {
      try (TrainingRecorder recorder = TrainingRecorder.builder(logs.resolve("sgd")).existingRun(choice).build()) {
        recorder.begin(1, () -> HyperParameters.builder().learningRate(rate).build());
        recorder.startEpoch();
        recorder.recordIteration(new IterationFigures().start(1, 8).loss(rate));
        recorder.recordEpoch(recorder.endEpoch(1).build());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldShowAResumedRunAsOneCurve(Loader loader) {
    Path run = logs.resolve("run");
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      for (int step = 1; step <= 8; step++) {
        writer.addScalar("loss", step, step);
      }
    }
    try (SummaryWriter writer = SummaryWriter.builder(run).firstStep(6).build()) {
      for (int step = 6; step <= 10; step++) {
        writer.addScalar("loss", 10 * step, step);
      }
    }
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      assertThat(server.awaitScalars("run", "loss", 10)).extracting(ScalarPoint::value)
          .containsExactly(1f, 2f, 3f, 4f, 5f, 60f, 70f, 80f, 90f, 100f);
    }
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldShowAResumedRunWhoseEarlierClockWasAhead(Loader loader) throws IOException {
    Path run = logs.resolve("run");
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      for (int step = 1; step <= 8; step++) {
        writer.addScalar("loss", step, step);
      }
    }
    Files.move(Recorded.files(run).get(0), run.resolve("events.out.tfevents.4102444800.other.1.0000"));
    try (SummaryWriter writer = SummaryWriter.builder(run).firstStep(6).build()) {
      for (int step = 6; step <= 10; step++) {
        writer.addScalar("loss", 10 * step, step);
      }
    }
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      assertThat(server.awaitScalars("run", "loss", 10)).extracting(ScalarPoint::value)
          .containsExactly(1f, 2f, 3f, 4f, 5f, 60f, 70f, 80f, 90f, 100f);
    }
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldShowTheCurvesOfATrainingThatGoesOnWhereACheckpointWas(Loader loader) {
    for (int start : new int[] {1, 4}) {
      try (TrainingRecorder recorder =
          TrainingRecorder.builder(logs.resolve("run")).batchFrequency(Frequency.iterations(10)).build()) {
        recorder.begin(10 * (start - 1) + 1, () -> HyperParameters.builder().learningRate(0.1).build());
        for (int epoch = start; epoch <= 6; epoch++) {
          recorder.recordIteration(new IterationFigures().start(10L * epoch, 8).loss(10 * start + epoch));
          recorder.recordEpoch(EpochSummary.builder(epoch).loss(10 * start + epoch).validationLoss(start).build());
        }
      }
    }
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      assertThat(server.awaitScalars("run/train", "batch_loss", 6)).extracting(ScalarPoint::value)
          .containsExactly(11f, 12f, 13f, 44f, 45f, 46f);
      assertThat(server.awaitScalars("run/validation", "epoch_loss", 6)).extracting(ScalarPoint::value)
          .containsExactly(1f, 1f, 1f, 4f, 4f, 4f);
      assertThat(server.awaitScalars("run/train", "epoch_loss", 6)).extracting(ScalarPoint::value)
          .containsExactly(11f, 12f, 13f, 44f, 45f, 46f);
    }
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldShowEachSeriesOfAResumedRunFromItsOwnFirstStepOn(Loader loader) {
    Path run = logs.resolve("run");
    recordIterationsAndEpochs(SummaryWriter.builder(run), 1, 5);
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      server.awaitScalars("run", "epoch/first", 5);
      recordIterationsAndEpochs(SummaryWriter.builder(run).firstStep(31), 4, 6);

      List<ScalarPoint> iterations = server.await("the last iteration", client -> client.scalars("run", "iteration"),
          points -> points.get(points.size() - 1).step() == 60);
      assertThat(iterations).extracting(ScalarPoint::value)
          .containsExactlyElementsOf(IntStream.rangeClosed(1, 60).mapToObj(i -> i > 30 ? 4f : 1f).toList());
      for (String tag : List.of("epoch/described", "epoch/first", "epoch/second")) {
        List<ScalarPoint> epochs = server.await("the last epoch", client -> client.scalars("run", tag),
            points -> points.get(points.size() - 1).step() == 6);
        assertThat(epochs).as(tag).extracting(ScalarPoint::value).containsExactly(1f, 1f, 1f, 4f, 4f, 4f);
      }
      for (String tag : List.of("weights/first", "weights/second")) {
        List<HistogramPoint> histograms = server.await("the last histogram", client -> client.histograms("run", tag),
            points -> points.get(points.size() - 1).step() == 6);
        assertThat(histograms).as(tag).extracting(HistogramPoint::step).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
      }
      List<TextPoint> texts = server.await("the last text", client -> client.texts("run", "notes"),
          points -> points.get(points.size() - 1).step() == 6);
      assertThat(texts).hasSize(6);
    }
  }

  /** Records epochs of ten iterations each: two units of steps in one directory. */
  private static void recordIterationsAndEpochs(SummaryWriter.Builder builder, int first, int last) {
    try (SummaryWriter writer = builder.build()) {
      writer.describe("epoch/described", "what it is");
      for (int epoch = first; epoch <= last; epoch++) {
        for (int iteration = 10 * epoch - 9; iteration <= 10 * epoch; iteration++) {
          writer.addScalar("iteration", first, iteration);
        }
        writer.addHistogram("weights/first", FloatBuffer.wrap(new float[] {1, 2}), epoch);
        writer.addScalar("epoch/described", first, epoch);
        writer.addScalar("epoch/first", first, epoch);
        writer.addScalar("epoch/second", first, epoch);
        writer.addText("notes", "epoch " + epoch, epoch);
        writer.addHistogram("weights/second", FloatBuffer.wrap(new float[] {1, 2}), epoch);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldShowWhatOthersAddToTheDirectoriesOfATraining(Loader loader) {
    Path run = logs.resolve("run");
    try (SummaryWriter before = SummaryWriter.open(run);
        SummaryWriter train = SummaryWriter.open(run.resolve("train"));
        TrainingRecorder recorder = TrainingRecorder.builder(run).build()) {
      before.addScalar("before", 1, 1);
      train.addScalar("own", 1, 1);
      before.flush();
      train.flush();
      recorder.begin(1, () -> HyperParameters.builder().learningRate(0.1).build());
      recorder.recordEpoch(EpochSummary.builder(1).loss(0.5).build());
      recorder.flush();
      try (SummaryWriter after = SummaryWriter.open(run.resolve("train"))) {
        after.addScalar("after", 1, 1);
      }
    }
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      assertThat(server.awaitScalars("run", "before", 1)).hasSize(1);
      for (String tag : List.of("own", "epoch_loss", "after")) {
        assertThat(server.awaitScalars("run/train", tag, 1)).as(tag).hasSize(1);
      }
      assertThat(server.problems()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Loader.class)
  void shouldReadAllWholeRecordsThatACrashLeaves(Loader loader) throws IOException {
    Map<String, List<Long>> kept = new TreeMap<>();
    for (int seed = 0; kept.size() < 20; seed++) {
      CrashRun crash = CrashRun.play(seed, seed % 2 == 0 ? CrashRun.End.KILL : CrashRun.End.POWER_CUT);
      if (!crash.scalarsKept().isEmpty()) {
        Path run = Files.createDirectories(logs.resolve("run" + seed));
        for (Path file : Recorded.files(crash.files())) {
          Files.copy(file, run.resolve(file.getFileName().toString()));
        }
        kept.put("run" + seed, crash.scalarsKept());
      }
    }
    try (TensorBoardServer server = TensorBoardServer.start(logs, loader)) {
      kept.forEach((run, steps) -> assertThat(server.awaitScalars(run, "scalar", steps.size())).as(run)
          .extracting(ScalarPoint::step).isEqualTo(steps));
    }
  }

  /** What a test records of a training as a whole. */
  private record Description(HyperParameters hyperParameters, String text) implements TrainingDescription {
    @Override
    public Optional<String> configuration() {
      return Optional.of(text);
    }
  }
}
