package io.github.tensorboard4j.dl4j;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a user is told of a training that isn't recorded as he may expect, each once a listener. Thread-safe. */
final class Notices {

  private enum Notice {
    MISSING_EPOCHS, JOINED_EPOCH, OTHER_MODEL, ENDED, COPIED, UNKNOWN_VARIABLES, MISSING_REPORT, MISSING_EMBEDDING
  }

  private final Logger logger;
  private final String listener;
  private final String model;
  private final String withoutEpochs;
  private final Set<Notice> given = EnumSet.noneOf(Notice.class);

  /**
   * Creates the notices of a listener.
   *
   * @param listener its class
   * @param model what it calls what is trained
   * @param withoutEpochs who tells its listeners of no epochs
   */
  Notices(Class<?> listener, String model, String withoutEpochs) {
    this.logger = LoggerFactory.getLogger(listener);
    this.listener = listener.getSimpleName();
    this.model = model;
    this.withoutEpochs = withoutEpochs;
  }

  /** Says what is recorded where nobody tells of epochs. */
  void missingEpochs(String histograms, String validation) {
    if (isFirst(Notice.MISSING_EPOCHS)) {
      logger.info("This training tells its listeners of no epochs ({}): recorded are the "
          + "batch curves, histograms {} and validation {}. To have epoch curves too, say what an epoch is: "
          + "{}.builder(run).epochEvery(iterations), or listener.epoch({}, () -> ...) around the code "
          + "that trains one.", withoutEpochs, histograms, validation, listener, model);
    }
  }

  /** Says that the first epoch's figures are not those of all of it. */
  void joinedEpoch() {
    if (isFirst(Notice.JOINED_EPOCH)) {
      logger.warn("This listener was added within an epoch: that epoch's figures are those of its iterations from now on.");
    }
  }

  /** Says that the curves are those of several models. */
  void otherModel() {
    if (isFirst(Notice.OTHER_MODEL)) {
      logger.warn("This listener hears of a second {}, and records both as if they were one: give each {} a listener "
          + "with a run of its own.", model, model);
    }
  }

  /** Says that a training goes on which isn't recorded any more. */
  void ended() {
    if (isFirst(Notice.ENDED)) {
      logger.warn(
          "A {} trains with a listener that was ended or closed, perhaps by another that replaced its run: nothing of it "
              + "is recorded. Build another listener to record it, or take this one off the {}.",
          model, model);
    }
  }

  /** Says that what is trained with a copy isn't recorded. */
  void copied() {
    if (isFirst(Notice.COPIED)) {
      logger.warn(
          "This listener is copied by Java's serialization, as Spark does: its copies record nothing of what they hear.");
    }
  }

  /** Says that variables that the user has named are not recorded. */
  void unknownVariables(List<String> names) {
    if (isFirst(Notice.UNKNOWN_VARIABLES)) {
      logger.warn("The {} computes no variables {}, which activationsOf(...) names: they are not recorded.", model, names);
    }
  }

  /** Says why there is no validation report, though one is asked for. */
  void missingReport(String reason) {
    if (isFirst(Notice.MISSING_REPORT)) {
      logger.warn("There is no report on the validation of this {}. {}", model, reason);
    }
  }

  /** Says that a validation report has no embedding, though one is asked for. */
  void missingEmbedding(String variable) {
    if (isFirst(Notice.MISSING_EMBEDDING)) {
      logger.warn("The {} computes no variable {}, or has loops or conditions, within which it may be: it is not embedded.",
          model, variable);
    }
  }

  private boolean isFirst(Notice notice) {
    synchronized (given) {
      return given.add(notice);
    }
  }
}
