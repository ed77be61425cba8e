package io.github.tensorboard4j.djl;

import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says, once each, what of a loop can't be recorded, and how to have it recorded. Not thread-safe. */
final class LoopAdvice {

  private static final Logger LOGGER = LoggerFactory.getLogger(LoopAdvice.class);

  private static final String WHAT_TO_DO = "Call batch(trainer, loss, size) of the listener after each trainer.step(), and "
      + "epoch(trainer) after each epoch; or tell all listeners, as EasyTrain does, through trainer.notifyListeners(...).";

  private final Path run;
  private boolean nothingLogged;
  private boolean batchesLogged;
  private boolean predictionsLogged;
  private boolean turnsLogged;

  LoopAdvice(Path run) {
    this.run = run;
  }

  /** Says that a training has ended of which nothing was told. */
  void nothingTold() {
    if (!nothingLogged) {
      nothingLogged = true;
      LOGGER.warn("Nothing is recorded in {}: the loop that trained told its listeners of no batch and no epoch. {}",
          run, WHAT_TO_DO);
    }
  }

  /** Says that a training has diverged in its first batch, of which nothing was told. */
  void divergenceNotTold() {
    if (!nothingLogged) {
      nothingLogged = true;
      LOGGER.warn(
          "Nothing is recorded in {}: the loss of the first batch is not a number, and a listener in front of this one "
              + "has ended the training. TensorBoardListener.addTo(config, run) puts it first.",
          run);
    }
  }

  /** Says that several trainers train by turns. */
  void trainersTakeTurns() {
    if (!turnsLogged) {
      turnsLogged = true;
      LOGGER.warn("Two trainers that train by turns have the same listener: from now on only the one that came first is "
          + "recorded in {}. Give each trainer a listener of its own, with a directory of its own.", run);
    }
  }

  /** Says that an epoch has ended of whose batches nothing was told. */
  void batchesNotTold() {
    if (!batchesLogged) {
      batchesLogged = true;
      LOGGER.warn("No loss is recorded in {}: the loop tells its listeners of epochs, but of no batch. {}", run, WHAT_TO_DO);
    }
  }

  /** Says that batches are told without what they are evaluated by. */
  void predictionsNotTold() {
    if (!predictionsLogged) {
      predictionsLogged = true;
      LOGGER.warn("No loss of some batches is recorded in {}: the loop tells its listeners of them without labels and "
          + "predictions of each device. {}", run, WHAT_TO_DO);
    }
  }
}
