package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tensorboard4j.events.Event;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.Frequency;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

/** A training whose batches a {@code ParallelWrapper} gives to several devices. ND4J has one CPU only, whose threads stand for them. */
@Timeout(120)
class SeveralDevicesTest {

  private static final int BATCHES = 24;

  @TempDir
  private Path logs;

  /** Notes the losses of all workers' iterations. */
  private static final class Losses extends BaseTrainingListener {

    private final List<Float> losses = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
      losses.add((float) model.score());
    }
  }

  @ParameterizedTest
  @EnumSource(value = ParallelWrapper.TrainingMode.class, names = "CUSTOM", mode = EnumSource.Mode.EXCLUDE)
  void shouldRecordEachValueOnce(ParallelWrapper.TrainingMode mode) throws Exception {
    Losses own = new Losses();
    MultiLayerNetwork network = Nets.init(new NeuralNetConfiguration.Builder().seed(5).updater(new Sgd(0.1)).list()
        .layer(Nets.hidden()).layer(Nets.output()).build());
    try (TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("run"))
        .batchFrequency(Frequency.iterations(1)).histogramFrequency(Frequency.iterations(1))
        .gradientFrequency(Frequency.iterations(1)).build()) {
      ParallelWrapper wrapper = new ParallelWrapper.Builder<>(network).workers(2).averagingFrequency(3)
          .trainingMode(mode).build();
      wrapper.setListeners(listener, own);
      listener.epoch(network, () -> wrapper.fit(new ListDataSetIterator<>(rows(), 4)));
      wrapper.close();
    }

    Recorded train = Recorded.in(logs.resolve("run/train"));
    List<Long> steps = LongStream.rangeClosed(1, BATCHES).boxed().toList();
    assertThat(scalarSteps(train, "batch_loss")).containsExactlyInAnyOrderElementsOf(steps);
    assertThat(scalarSteps(train, "batch_accuracy")).containsExactlyInAnyOrderElementsOf(steps);
    assertThat(own.losses).hasSize(BATCHES);
    assertThat(train.scalar("batch_loss").values()).containsExactlyInAnyOrderElementsOf(own.losses);
    assertThat(scalarSteps(train, "epoch_loss")).containsExactly(1L);
    assertThat((double) train.scalar("epoch_loss").get(1L))
        .isCloseTo(own.losses.stream().mapToDouble(loss -> loss).average().getAsDouble(), within(1e-6));
    assertThat(train.tensorSteps().get("layer_hidden/weight")).containsExactlyInAnyOrderElementsOf(steps);
    // where one worker looks into its iteration, those that another begins meanwhile are not due
    assertThat(train.tensorSteps().get("gradient/hidden/weight")).isNotEmpty().doesNotHaveDuplicates().isSubsetOf(steps);
    for (String tag : List.of("layer_hidden/weight", "gradient/hidden/weight")) {
      assertThat(train.histograms().get(tag).values())
          .allSatisfy(rows -> assertThat(rows.count()).isEqualTo(Nets.FEATURES * 8));
    }
    assertThat(train.graphs()).isEqualTo(1);
    assertThat(train.texts()).filteredOn(text -> text.startsWith("ND4J computes on CPU.\n")).hasSize(1);
  }

  private static List<DataSet> rows() {
    List<DataSet> rows = new ArrayList<>();
    for (int seed = 1; rows.size() < BATCHES * 4; seed++) {
      Nets.batches(seed).forEach(batch -> rows.addAll(batch.asList()));
    }
    return rows.subList(0, BATCHES * 4);
  }

  private static List<Long> scalarSteps(Recorded recorded, String tag) {
    return recorded.events().stream()
        .filter(event -> event.values().stream().anyMatch(value -> value.hasScalar() && value.tag().equals(tag)))
        .map(Event::step).toList();
  }
}
