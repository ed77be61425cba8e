package io.github.tensorboard4j.cookbook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.tensorboard4j.examples.mnist.MnistData;
import io.github.tensorboard4j.testkit.ImagePoint;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PrecisionAndConfusionIT {

  private static final String RUN = PrecisionAndConfusionIT.class.getSimpleName() + "/validation";
  private static final MnistData DIGITS = Boards.digits(640, 300);

  @BeforeAll
  static void train() {
    PrecisionAndConfusion.train(Boards.logs(PrecisionAndConfusionIT.class), DIGITS, 2);
  }

  @ParameterizedTest
  @EnumSource
  void shouldShowACurveOfEachDigitAndEpoch(Loader loader) {
    TensorBoardServer server = Boards.with(loader);
    for (int digit = 0; digit < 10; digit++) {
      String tag = "digit/" + digit;
      JsonNode curves = server.await(tag,
          client -> client.get("data/plugin/pr_curves/pr_curves", "run", RUN, "tag", tag).path(RUN),
          all -> all.size() == 2);

      assertThat(curves.get(1).path("step").asInt()).isEqualTo(2);
      // at the lowest threshold all examples count as this digit
      assertThat(curves.get(1).path("true_positives").get(0).asLong()).isEqualTo(count(digit));
      assertThat(curves.get(1).path("false_positives").get(0).asLong()).isEqualTo(300 - count(digit));
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldShowAConfusionMatrixOfEachEpoch(Loader loader) {
    List<ImagePoint> matrices =
        Boards.with(loader).await("matrices", client -> client.images(RUN, "digits", 0), all -> all.size() == 2);

    assertThat(matrices).extracting(ImagePoint::step).containsExactly(1L, 2L);
  }

  private static long count(int digit) {
    long count = 0;
    for (byte label : DIGITS.test().labels()) {
      count += label == digit ? 1 : 0;
    }
    return count;
  }
}
