package io.github.tensorboard4j.cookbook;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import io.github.tensorboard4j.testkit.TextPoint;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WritingTextIT {

  private static final String RUN = WritingTextIT.class.getSimpleName() + "/train";
  private static final Set<String> WORDS =
      Set.of("the", "a", "one", "old", "red", "little", "quiet", "cat", "captain", "boat",
          "moon", "sees", "follows", "finds");
  private static final int EPOCHS = 6;

  @BeforeAll
  static void train() {
    WritingText.train(Boards.logs(WritingTextIT.class), EPOCHS, 12);
  }

  @ParameterizedTest
  @EnumSource
  void shouldShowASampleOfEachEpochWithMoreAndMoreWords(Loader loader) {
    List<TextPoint> samples =
        Boards.with(loader).await("samples", client -> client.texts(RUN, "sample"), all -> all.size() == EPOCHS);

    assertThat(samples).extracting(TextPoint::step).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(knownWords(samples.get(EPOCHS - 1))).isGreaterThan(knownWords(samples.get(0)) + 3);
  }

  private static long knownWords(TextPoint sample) {
    return Arrays.stream(sample.html().replaceAll("<[^>]*>", "").split("[ .\\n]+")).filter(WORDS::contains)
        .filter(word -> word.length() > 1).count();
  }
}
