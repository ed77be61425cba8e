package io.github.tensorboard4j.cookbook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.tensorboard4j.testkit.ScalarPoint;
import io.github.tensorboard4j.testkit.TensorBoardServer;
import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LearningAChordIT {

  private static final String RUN = LearningAChordIT.class.getSimpleName() + "/train";
  private static final int EPOCHS = 9;
  private static final int WAV_HEADER = 44;

  @BeforeAll
  static void train() {
    LearningAChord.train(Boards.logs(LearningAChordIT.class), EPOCHS);
  }

  @ParameterizedTest
  @EnumSource
  void shouldSoundMoreAndMoreLikeTheChord(Loader loader) {
    TensorBoardServer server = Boards.with(loader);
    JsonNode learnt = sounds(server, "chord/learnt", EPOCHS + 1);
    double[] wanted = samples(server, sounds(server, "chord/wanted", 1).get(0));

    assertThat(correlation(wanted, samples(server, learnt.get(0)))).isLessThan(0.7);
    assertThat(correlation(wanted, samples(server, learnt.get(EPOCHS)))).isGreaterThan(0.99);
  }

  @ParameterizedTest
  @EnumSource
  void shouldBeHeardAfterEachEpoch(Loader loader) {
    List<ScalarPoint> epochs = Boards.with(loader).awaitScalars(RUN, "epoch_loss", EPOCHS);

    assertThat(epochs).extracting(ScalarPoint::step).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
  }

  private static JsonNode sounds(TensorBoardServer server, String tag, int count) {
    return server.await(tag,
        client -> client.get("data/plugin/audio/audio", "run", RUN, "tag", tag, "sample", "0"),
        all -> all.size() == count);
  }

  /** The samples of a WAV file of 16 bits. */
  private static double[] samples(TensorBoardServer server, JsonNode sound) {
    byte[] wav = server.client().bytes("data/plugin/audio/individualAudio?" + sound.path("query").asText());
    ByteBuffer data = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN).position(WAV_HEADER);
    double[] samples = new double[data.remaining() / 2];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = data.getShort();
    }
    assertThat(samples).hasSize(8000);
    return samples;
  }

  private static double correlation(double[] a, double[] b) {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += a[i] * b[i];
      aa += a[i] * a[i];
      bb += b[i] * b[i];
    }
    return ab / Math.sqrt(aa * bb);
  }
}
