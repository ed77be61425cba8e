package io.github.tensorboard4j.dl4j;

import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a user is told of a training that isn't recorded as he may expect, each once a listener. Thread-safe. */
final class Notices {

  private static final Logger LOGGER = LoggerFactory.getLogger(TensorBoardListener.class);

  private enum Notice {
    MISSING_EPOCHS, JOINED_EPOCH, OTHER_NETWORK, ENDED, COPIED
  }

  private final Set<Notice> given = EnumSet.noneOf(Notice.class);

  /** Says what is recorded where nobody tells of epochs. */
  void missingEpochs(String histograms, String validation) {
    if (isFirst(Notice.MISSING_EPOCHS)) {
      LOGGER
          .info("This training tells its listeners of no epochs (fit(DataSet) and ParallelWrapper don't): recorded are the "
              + "batch curves, histograms {} and validation {}. To have epoch curves too, say what an epoch is: "
              + "TensorBoardListener.builder(run).epochEvery(iterations), or listener.epoch(network, () -> ...) around the code "
              + "that trains one.", histograms, validation);
    }
  }

  /** Says that the first epoch's figures are not those of all of it. */
  void joinedEpoch() {
    if (isFirst(Notice.JOINED_EPOCH)) {
      LOGGER.warn("This listener was added within an epoch: that epoch's figures are those of its iterations from now on.");
    }
  }

  /** Says that the curves are those of several networks. */
  void otherNetwork() {
    if (isFirst(Notice.OTHER_NETWORK)) {
      LOGGER.warn(
          "This listener hears of a second network, and records both as if they were one: give each network a listener "
              + "with a run of its own.");
    }
  }

  /** Says that a training goes on which isn't recorded any more. */
  void ended() {
    if (isFirst(Notice.ENDED)) {
      LOGGER.warn(
          "A network trains with a listener that was ended or closed, perhaps by another that replaced its run: nothing of it "
              + "is recorded. Build another listener to record it, or take this one off the network.");
    }
  }

  /** Says that what is trained with a copy isn't recorded. */
  void copied() {
    if (isFirst(Notice.COPIED)) {
      LOGGER.warn(
          "This listener is copied by Java's serialization, as Spark does: its copies record nothing of what they hear.");
    }
  }

  private boolean isFirst(Notice notice) {
    synchronized (given) {
      return given.add(notice);
    }
  }
}
