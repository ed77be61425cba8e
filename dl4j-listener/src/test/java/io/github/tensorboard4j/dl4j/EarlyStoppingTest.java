package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;

/** Which epoch of an early stopping training is the best so far. */
class EarlyStoppingTest {

  @Test
  void shouldTakeNoScoreThatIsNoNumberForBetter() {
    MultiLayerNetwork network = Nets.classifier();
    EarlyStoppingConfiguration<MultiLayerNetwork> configuration =
        new EarlyStoppingConfiguration.Builder<MultiLayerNetwork>()
            .scoreCalculator(new DataSetLossCalculator(Nets.iterator(Nets.batches(1)), true))
            .build();
    Progress progress = new Progress(0);
    List<Long> best = new ArrayList<>();
    EarlyStopping<MultiLayerNetwork> listener =
        new EarlyStopping<>(progress, (score, epoch, bestEpoch) -> best.add(bestEpoch), (text, end) -> {}, () -> {});

    int epoch = 0;
    for (double score : new double[] {Double.NaN, Double.NaN, 3, Double.NaN, 2, 4}) {
      progress.startEpoch(epoch);
      progress.endEpoch(epoch);
      listener.onEpoch(epoch, score, configuration, network);
      epoch++;
    }

    assertThat(best).containsExactly(1L, 1L, 3L, 3L, 5L, 5L);
  }
}
