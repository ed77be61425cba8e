package io.github.tensorboard4j.training;

import io.github.tensorboard4j.HparamsColumns;
import io.github.tensorboard4j.ScalarLayout;
import io.github.tensorboard4j.SessionStatus;
import io.github.tensorboard4j.SummaryWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The writers of a run and its sub-runs, each opened when there is something to write. Not thread-safe. */
final class RunWriters {

  static final String TRAIN = "train";
  static final String VALIDATION = "validation";

  private final SummaryWriter.Builder trainBuilder;
  private final SummaryWriter.Builder validationBuilder;
  private final SummaryWriter.Builder sessionBuilder;
  private @Nullable SummaryWriter train;
  private @Nullable SummaryWriter validation;
  private @Nullable SummaryWriter session;
  private boolean resumed;

  RunWriters(Path run, Duration flushInterval) {
    this.trainBuilder = SummaryWriter.builder(train(run)).flushInterval(flushInterval);
    this.validationBuilder = SummaryWriter.builder(validation(run)).flushInterval(flushInterval);
    this.sessionBuilder =
        SummaryWriter.builder(run).flushInterval(flushInterval).filenameSuffix(RunFiles.SESSION_SUFFIX);
  }

  static Path train(Path run) {
    return run.resolve(TRAIN);
  }

  static Path validation(Path run) {
    return run.resolve(VALIDATION);
  }

  /** Lets what is written from now on supersede what the run has from that step on. */
  void resume(long firstStep) {
    resumed = true;
    trainBuilder.firstStep(firstStep);
    validationBuilder.firstStep(firstStep);
  }

  /** Lets what a resumed training writes of its validation, which counts epochs alone, supersede the epochs from there on. */
  void expectEpoch(long epoch) {
    if (resumed && validation == null) {
      validationBuilder.firstStep(epoch);
    }
  }

  SummaryWriter train() {
    if (train == null) {
      train = trainBuilder.build();
    }
    return train;
  }

  SummaryWriter validation() {
    if (validation == null) {
      validation = validationBuilder.build();
    }
    return validation;
  }

  void startSession(Map<String, ?> hyperParameters, HparamsColumns columns) {
    session = sessionBuilder.build();
    session.addHparams(hyperParameters, columns);
  }

  /** Lays out charts in the run's own directory, where no layout of the user's own is: that of its sub-runs is shown too. */
  void layOut(ScalarLayout charts) {
    if (session != null) {
      session.addCustomScalars(charts);
    }
  }

  /** Ends the session, if there is one. */
  void endSession(SessionStatus status) {
    if (session != null) {
      session.endSession(status);
    }
  }

  /** Returns the writers that are open. */
  List<SummaryWriter> open() {
    return Stream.of(train, validation, session).filter(Objects::nonNull).toList();
  }
}
