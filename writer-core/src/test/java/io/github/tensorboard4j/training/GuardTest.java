package io.github.tensorboard4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tensorboard4j.TensorStatistics;
import io.github.tensorboard4j.TensorValues;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Divergence.Kind;
import io.github.tensorboard4j.training.Divergence.Place;
import java.nio.DoubleBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardTest {

  private static final Object MODEL = "the model";
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;

  @TempDir
  private Path directory;

  private final List<Divergence> reported = new ArrayList<>();

  @Test
  void shouldSuspectALossThatIsNotFiniteOrExplodes() {
    try (TrainingRecorder recorder = recorder(Guard.report())) {
      DivergenceWatch watch = recorder.divergenceWatch();
      assertThat(watch.suspects(20)).isFalse();
      assertThat(watch.suspects(-20e6)).isFalse();
      assertThat(watch.suspects(20.1e6)).isTrue();
      assertThat(watch.suspects(-20.1e6)).isTrue();
      assertThat(watch.suspects(NAN)).isTrue();
      assertThat(watch.suspects(-INF)).isTrue();
      assertThat(watch.suspects(0)).isFalse();
    }
  }

  @Test
  void shouldTakeASmallFirstLossForOne() {
    try (TrainingRecorder recorder = recorder(Guard.report())) {
      assertThat(recorder.divergenceWatch().suspects(1e-9)).isFalse();
      assertThat(recorder.divergenceWatch().suspects(1e6)).isFalse();
      assertThat(recorder.divergenceWatch().suspects(1.1e6)).isTrue();
    }
  }

  @Test
  void shouldSuspectAFirstLossThatIsNotFinite() {
    try (TrainingRecorder recorder = recorder(Guard.report())) {
      assertThat(recorder.divergenceWatch().suspects(NAN)).isTrue();
    }
  }

  @Test
  void shouldSuspectNothingWhenOff() {
    try (TrainingRecorder recorder = recorder(Guard.off())) {
      assertThat(recorder.divergenceWatch().suspects(NAN)).isFalse();
      assertThat(recorder.divergenceWatch().watchesTensors()).isFalse();
    }
    assertThatIllegalStateException().isThrownBy(() -> Guard.off().watchingTensors()).withMessageContaining("Guard.stop()");
  }

  @Test
  void shouldWatchTensorsOnRequest() {
    try (TrainingRecorder recorder = recorder(Guard.report().watchingTensors())) {
      DivergenceWatch watch = recorder.divergenceWatch();
      assertThat(watch.watchesTensors()).isTrue();
      assertThat(watch.suspectsGradients(3)).isFalse();
      assertThat(watch.suspectsGradients(2.9e6)).isFalse();
      assertThat(watch.suspectsGradients(3.1e6)).isTrue();
      assertThat(watch.suspectsGradients(NAN)).isTrue();
      assertThat(watch.suspectsParameters(statistics(1, 2))).isFalse();
      assertThat(watch.suspectsParameters(statistics(1, INF))).isTrue();
    }
    try (TrainingRecorder recorder = recorder(Guard.report())) {
      assertThat(recorder.divergenceWatch().watchesTensors()).isFalse();
      assertThat(recorder.divergenceWatch().suspectsGradients(NAN)).isFalse();
      assertThat(recorder.divergenceWatch().suspectsParameters(statistics(NAN))).isFalse();
    }
  }

  @Test
  void shouldNameTheInputBeforeAllThatComesOfIt() {
    assertThat(origin(NAN, search -> {
      search.input("in", values(1, NAN));
      search.parameter("first", "weight", values(1));
      search.activation("first", values(NAN));
      search.gradient("first", "weight", values(NAN));
    })).isEqualTo(new Divergence(Kind.NAN, Place.INPUT, "in", "", 7, NAN, MODEL));
  }

  @Test
  void shouldNameTheLabels() {
    assertThat(origin(INF, search -> {
      search.input("in", values(1, 2));
      search.labels("out", values(INF));
      search.gradient("first", "weight", values(NAN));
    })).isEqualTo(new Divergence(Kind.INFINITE, Place.LABELS, "out", "", 7, INF, MODEL));
  }

  @Test
  void shouldNameTheLastLayerOfSeveralWithBadParameters() {
    assertThat(origin(NAN, search -> {
      search.parameter("first", "weight", values(NAN));
      search.parameter("second", "weight", values(1));
      search.parameter("second", "bias", values(NAN));
      search.parameter("second", "gamma", values(INF));
      search.parameter("third", "weight", values(2));
      search.activation("first", values(NAN));
    })).isEqualTo(new Divergence(Kind.NAN, Place.PARAMETER, "second", "bias", 7, NAN, MODEL));
  }

  @Test
  void shouldNameTheFirstBadActivation() {
    assertThat(origin(NAN, search -> {
      search.parameter("first", "weight", values(1e30));
      search.activation("first", values(1));
      search.activation("second", values(INF));
      search.activation("third", values(NAN));
      search.gradient("third", "weight", values(NAN));
    })).isEqualTo(new Divergence(Kind.INFINITE, Place.ACTIVATION, "second", "", 7, NAN, MODEL));
  }

  @Test
  void shouldNameTheLossWhereAllBeforeItIsFinite() {
    assertThat(origin(INF, search -> {
      search.activation("first", values(1));
      search.gradient("first", "weight", values(NAN));
    })).isEqualTo(new Divergence(Kind.INFINITE, Place.LOSS, "", "", 7, INF, MODEL));
  }

  @Test
  void shouldNameTheLastLayerWithBadGradientsWhereTheLossIsFinite() {
    assertThat(origin(0.5, search -> {
      search.gradient("first", "weight", values(NAN));
      search.gradient("second", "weight", values(NAN));
      search.gradient("third", "weight", values(1));
    })).isEqualTo(new Divergence(Kind.NAN, Place.GRADIENT, "second", "weight", 7, 0.5, MODEL));
  }

  @Test
  void shouldNameTheLargestGradientOfAnExplosion() {
    assertThat(origin(1e9, search -> {
      search.gradient("first", "weight", values(1));
      search.gradient("second", "weight", values(1e8, -1e8));
      search.gradient("third", "weight", values(1e8));
    })).isEqualTo(new Divergence(Kind.EXPLODING, Place.GRADIENT, "second", "weight", 7, 1e9, MODEL));
    assertThat(origin(1e9, search -> {}).place()).isEqualTo(Place.LOSS);
  }

  @Test
  void shouldNameNoLossThatIsNotKnown() {
    try (TrainingRecorder recorder = recorder(Guard.call(reported::add).watchingTensors())) {
      DivergenceSearch search = recorder.divergenceWatch().search(7, MODEL);
      search.activation("first", values(1));
      search.gradient("first", "weight", values(2, INF));
      search.end();
    }

    assertThat(reported)
        .containsExactly(new Divergence(Kind.INFINITE, Place.GRADIENT, "first", "weight", 7, NAN, false, MODEL));
    assertThat(reported.get(0))
        .hasToString("An infinite value in the gradient of first/weight at iteration 7, whose loss is not known");
  }

  @Test
  void shouldReportTheFirstAloneAsAText() {
    try (TrainingRecorder recorder = recorder(Guard.call(reported::add))) {
      DivergenceWatch watch = recorder.divergenceWatch();
      for (int iteration = 7; iteration <= 8; iteration++) {
        DivergenceSearch search = watch.search(iteration, NAN, MODEL);
        search.parameter("hidden", "weight", values(3, NAN, 4));
        search.end();
      }
      assertThat(watch.suspects(NAN)).isFalse();
    }

    assertThat(reported).hasSize(1);
    Recorded train = Recorded.in(directory.resolve("run/train"));
    assertThat(train.tensorSteps()).isEqualTo(Map.of("divergence", List.of(7L)));
    assertThat(train.texts()).singleElement().asString()
        .contains("**NaN in the parameter hidden/weight at iteration 7, whose loss is NaN**")
        .contains("| parameter | hidden/weight | 3 | 1 | 0 |");
  }

  @Test
  void shouldThrowWhatTheUserWants() {
    assertThatThrownBy(() -> origin(Guard.stop(), NAN, search -> search.activation("dense", values(INF))))
        .isInstanceOfSatisfying(TrainingDivergedException.class, e -> {
          assertThat(e).hasMessageContaining("An infinite value in the activation of the layer dense at iteration 7");
          assertThat(e.divergence().model()).isSameAs(MODEL);
        });
    IllegalStateException own = new IllegalStateException("enough");
    assertThatThrownBy(() -> origin(Guard.call(divergence -> {
      throw own;
    }), NAN, search -> {})).isSameAs(own);
    assertThatNullPointerException().isThrownBy(() -> Guard.call(null));
  }

  @Test
  void shouldSayThatATrainingThatItStopsHasFailed() {
    try (TrainingRecorder recorder = recorder(Guard.stop())) {
      recorder.begin(1, () -> HyperParameters.builder().learningRate(0.1).build());
      DivergenceSearch search = recorder.divergenceWatch().search(7, 1e9, MODEL);
      search.activation("dense", values(INF));
      assertThatThrownBy(search::end).isInstanceOf(TrainingDivergedException.class);
    }
    assertThat(Recorded.in(directory.resolve("run")).tensorSteps()).containsKey("_hparams_/session_end_info");
  }

  private interface Findings {
    void pass(DivergenceSearch search);
  }

  /** Returns what is named as the origin at iteration 7. */
  private Divergence origin(double loss, Findings findings) {
    reported.clear();
    origin(Guard.call(reported::add), loss, findings);
    return reported.get(0);
  }

  private void origin(Guard guard, double loss, Findings findings) {
    try (TrainingRecorder recorder = recorder(guard)) {
      DivergenceSearch search = recorder.divergenceWatch().search(7, loss, MODEL);
      findings.pass(search);
      search.end();
    }
  }

  private TrainingRecorder recorder(Guard guard) {
    return TrainingRecorder.builder(directory.resolve("run")).guard(guard).build();
  }

  private static TensorValues values(double... elements) {
    return TensorValues.of(DoubleBuffer.wrap(elements));
  }

  private static TensorStatistics statistics(double... elements) {
    return new TensorStatistics().count(values(elements));
  }
}
