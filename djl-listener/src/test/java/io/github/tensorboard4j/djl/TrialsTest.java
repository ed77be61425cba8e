package io.github.tensorboard4j.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.TrainingConfig;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.hyperparameter.EasyHpo;
import ai.djl.training.hyperparameter.param.HpFloat;
import ai.djl.training.hyperparameter.param.HpSet;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.TranslateException;
import io.github.tensorboard4j.SessionStatus;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.ExistingRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings one after the other in one program, as in a search for hyper-parameters. */
class TrialsTest {

  private static final int TRIALS = 3;

  @TempDir
  private Path logs;

  /** A search for a learning rate. */
  private abstract static class Search extends EasyHpo {

    private final NDManager manager;
    private int trials;

    Search(NDManager manager) {
      this.manager = manager;
    }

    abstract void record(TrainingConfig config, int trial, float rate);

    @Override
    protected TrainingConfig setupTrainingConfig(HpSet hyperParameters) {
      float rate = (Float) hyperParameters.getHParam("rate").random();
      DefaultTrainingConfig config = Trainings.config(TrainingListener.Defaults.basic())
          .optDevices(new Device[] {Device.cpu()})
          .optOptimizer(Optimizer.sgd().setLearningRateTracker(Tracker.fixed(rate)).build());
      record(config, ++trials, rate);
      return config;
    }

    @Override
    protected HpSet setupHyperParams() {
      return new HpSet("hyper-parameters", List.of(new HpFloat("rate", 0.01f, 0.2f, true)));
    }

    @Override
    protected RandomAccessDataset getDataset(Dataset.Usage usage) {
      return Trainings.data(manager, usage == Dataset.Usage.TRAIN ? 1 : 2);
    }

    @Override
    protected Model buildModel(HpSet hyperParameters) {
      Model model = Model.newInstance("model", Device.cpu(), "PyTorch");
      model.setBlock(Trainings.classifier());
      return model;
    }

    @Override
    protected Shape inputShape(HpSet hyperParameters) {
      return new Shape(1, 6);
    }

    @Override
    protected int numEpochs(HpSet hyperParameters) {
      return 2;
    }

    @Override
    protected int numHyperParameterTests() {
      return TRIALS;
    }
  }

  private interface Recording {
    void record(TrainingConfig config, int trial, float rate);
  }

  private static String search(Recording recording) {
    return Logged.during(() -> {
      try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager(Device.cpu())) {
        new Search(manager) {
          @Override
          void record(TrainingConfig config, int trial, float rate) {
            recording.record(config, trial, rate);
          }
        }.fit().getKey().close();
      } catch (IOException | TranslateException e) {
        throw new AssertionError(e);
      }
    });
  }

  @Test
  void shouldRecordEveryTrialInADirectoryOfItsOwn() {
    AtomicReference<TensorBoardListener> last = new AtomicReference<>();
    String logged = search((config, trial, rate) -> {
      TensorBoardListener listener = TensorBoardListener.builder(logs.resolve("search/trial-" + trial))
          .hyperParameter("trial", trial).addTo(config);
      TensorBoardListener before = last.getAndSet(listener);
      if (before != null) {
        before.end(SessionStatus.SUCCESS);
      }
    });
    last.get().end(SessionStatus.SUCCESS);

    assertThat(logged).isEmpty();
    for (int trial = 1; trial <= TRIALS + 1; trial++) {
      Path run = logs.resolve("search/trial-" + trial);
      assertThat(Recorded.in(run.resolve("train")).scalar("epoch_loss")).hasSize(2);
      assertThat(Recorded.in(run.resolve("validation")).scalar("epoch_loss")).hasSize(2);
      assertThat(RecordedSession.hyperParameters(run)).containsKeys("learning_rate", "optimizer")
          .containsEntry("trial", (double) trial);
    }
  }

  @Test
  void shouldKeepQuietWhereATrialReplacesTheOneBefore() {
    List<TensorBoardListener> listeners = new ArrayList<>();
    String logged = search((config, trial, rate) -> listeners.add(
        TensorBoardListener.builder(logs.resolve("run")).existingRun(ExistingRun.REPLACE).addTo(config)));
    listeners.get(TRIALS).close();

    assertThat(logged).isEmpty();
    assertThat(Recorded.in(logs.resolve("run/train")).scalar("epoch_loss")).hasSize(2);
    assertThat(Recorded.files(logs.resolve("run/train"))).hasSize(1);
  }

  @Test
  void shouldWarnOnceWhereTrialsGoOnInTheDirectoryOfTheOneBefore() {
    List<TensorBoardListener> listeners = new ArrayList<>();
    String logged = search(
        (config, trial, rate) -> listeners.add(TensorBoardListener.addTo(config, logs.resolve("run"))));
    listeners.forEach(TensorBoardListener::close);

    assertThat(logged.lines()).singleElement().asString().contains("WARN", "directory of its own");
  }
}
