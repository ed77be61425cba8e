package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tensorboard4j.SessionStatus;
import io.github.tensorboard4j.events.Event;
import io.github.tensorboard4j.testing.Recorded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingResult.TerminationReason;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.earlystopping.termination.IterationTerminationCondition;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingTrainer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.shade.protobuf.ByteString;
import org.nd4j.shade.protobuf.UnknownFieldSet;

/** How a training ended, as TensorBoard's HParams page reads it from the run. */
class SessionStatusTest {

  /** The numbers of the fields in TensorBoard's {@code hparams/plugin_data.proto} and of {@code Status} in its api.proto. */
  private static final int SESSION_END_INFO = 4;
  private static final int STATUS = 1;
  private static final long SUCCESS = 1;
  private static final long FAILURE = 2;

  @TempDir
  private Path logs;

  /** Data that can't be read to its end. */
  private static final class Broken extends ExistingDataSetIterator {
    private static final long serialVersionUID = 1;
    private int read;

    Broken(List<DataSet> batches) {
      super(batches);
    }

    @Override
    public DataSet next() {
      if (++read == 8) {
        throw new UncheckedIOException(new IOException("the disk with the data is gone"));
      }
      return super.next();
    }

    @Override
    public boolean asyncSupported() {
      return false;
    }
  }

  @Test
  void shouldBeAFailureWhereFitThrowsWithinAnEpoch() {
    assertThatThrownBy(() -> train(Nets.classifier(), new Broken(Nets.batches(1)), null))
        .hasStackTraceContaining("the disk with the data is gone");

    assertThat(Recorded.in(logs.resolve("run/train")).scalar("epoch_loss")).hasSize(1);
    assertThat(statuses()).containsExactly(FAILURE);
  }

  @Test
  void shouldBeAFailureWhereTheLossIsNoNumber() {
    DataSet poisoned = Nets.batches(1).get(0);
    poisoned.getFeatures().putScalar(0, 0, Float.NaN);
    MultiLayerNetwork network = Nets.init(new NeuralNetConfiguration.Builder().seed(1).updater(new Sgd(0.1)).list()
        .layer(Nets.hidden()).layer(Nets.output()).build());
    train(network, new ExistingDataSetIterator(List.of(poisoned)), null);

    assertThat(Recorded.in(logs.resolve("run/train")).scalar("epoch_loss").get(2L)).isNaN();
    assertThat(statuses()).containsExactly(FAILURE);
  }

  @Test
  void shouldBeWhatTheListenerIsTold() {
    train(Nets.classifier(), new ExistingDataSetIterator(Nets.batches(1)), SessionStatus.SUCCESS);

    assertThat(statuses()).containsExactly(SUCCESS);
  }

  @Test
  void shouldBeUnknownWhereTheListenerIsClosedAfterCompleteEpochs() {
    train(Nets.classifier(), new ExistingDataSetIterator(Nets.batches(1)), null);

    assertThat(Recorded.in(logs.resolve("run")).tensorSteps()).containsOnlyKeys("_hparams_/experiment",
        "_hparams_/session_start_info");
    assertThat(statuses()).isEmpty();
  }

  @Test
  void shouldBeUnknownWhereEarlyStoppingEndsWithinAnEpochAsPlanned() {
    assertThat(stopEarly(new ExistingDataSetIterator(Nets.batches(1)), new AfterIterations(8)))
        .isEqualTo(TerminationReason.IterationTerminationCondition);
    assertThat(statuses()).isEmpty();
  }

  @Test
  void shouldBeAFailureWhereEarlyStoppingMeetsAnError() {
    assertThat(stopEarly(new Broken(Nets.batches(1)), new AfterIterations(1000)))
        .isEqualTo(TerminationReason.Error);
    assertThat(statuses()).containsExactly(FAILURE);
  }

  /** Ends a training as one by time does, but where a test wants it. */
  private static final class AfterIterations implements IterationTerminationCondition {
    private static final long serialVersionUID = 1;
    private int left;

    AfterIterations(int iterations) {
      left = iterations;
    }

    @Override
    public void initialize() {}

    @Override
    public boolean terminate(double lastScore) {
      return --left == 0;
    }
  }

  private TerminationReason stopEarly(DataSetIterator data, IterationTerminationCondition condition) {
    MultiLayerNetwork network = Nets.classifier();
    EarlyStoppingConfiguration<MultiLayerNetwork> configuration =
        new EarlyStoppingConfiguration.Builder<MultiLayerNetwork>()
            .epochTerminationConditions(new MaxEpochsTerminationCondition(4))
            .iterationTerminationConditions(condition)
            .scoreCalculator(new DataSetLossCalculator(new ExistingDataSetIterator(Nets.batches(2)), true))
            .build();
    try (TensorBoardListener listener = new TensorBoardListener(logs.resolve("run"))) {
      network.setListeners(listener);
      return new EarlyStoppingTrainer(configuration, network, data, listener.earlyStopping()).fit()
          .getTerminationReason();
    }
  }

  private void train(MultiLayerNetwork network, DataSetIterator data, SessionStatus status) {
    try (TensorBoardListener listener = new TensorBoardListener(logs.resolve("run"))) {
      network.setListeners(listener);
      network.fit(data, 2);
      if (status != null) {
        listener.end(status);
      }
    }
  }

  private List<Long> statuses() {
    return Recorded.in(logs.resolve("run")).events().stream()
        .flatMap(event -> event.values().stream())
        .filter(value -> value.tag().equals("_hparams_/session_end_info"))
        .map(SessionStatusTest::status)
        .toList();
  }

  private static long status(Event.Value value) {
    try {
      UnknownFieldSet content = UnknownFieldSet.parseFrom(ByteString.copyFrom(value.pluginContent()));
      ByteString end = content.getField(SESSION_END_INFO).getLengthDelimitedList().get(0);
      return UnknownFieldSet.parseFrom(end).getField(STATUS).getVarintList().get(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
