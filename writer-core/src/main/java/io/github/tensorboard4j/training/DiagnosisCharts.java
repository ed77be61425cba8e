package io.github.tensorboard4j.training;

import io.github.tensorboard4j.ScalarLayout;

/**
 * The charts that TensorBoard's Custom Scalars page has of a training whose statistics are recorded: the ratios of all updates in
 * one (and those of biases, which start at zero and so have other ratios, in one of their own), the norms of all gradients in
 * another, and loss and accuracy beside them. Not thread-safe.
 *
 * <p>They name no parameter: TensorBoard puts the layouts of all runs together and shows equal charts once, so those of models
 * with different layers are the same charts. What it drops of a layout is only what other layouts have too.
 */
final class DiagnosisCharts {

  private static final String CATEGORY = "diagnosis";
  private static final String BIAS = ParameterNames.BIAS;

  private boolean ratios;
  private boolean biasRatios;
  private boolean gradients;
  private boolean epochs;
  private boolean loss;
  private boolean accuracy;
  private boolean laidOut;

  /**
   * Takes note that a parameter is updated, whose ratio may be none at first, where a rate or a unit starts at zero: of an iteration's
   * statistics, it comes last.
   *
   * @param parameter its name, in which {@code /} follows a part of its layer
   */
  void noteRatio(String parameter) {
    if (parameter.substring(parameter.lastIndexOf('/') + 1).equals(BIAS)) {
      biasRatios = true;
    } else {
      ratios = true;
    }
  }

  /** Takes note that a gradient's norm is recorded. */
  void noteGradient() {
    gradients = true;
  }

  /** Takes note that an epoch has started, so that there are curves by epoch. */
  void noteEpoch() {
    epochs = true;
  }

  /** Takes note of what is known of an iteration. */
  void note(IterationFigures figures) {
    loss |= figures.hasLoss();
    accuracy |= figures.hasAccuracy();
  }

  /** Returns whether an iteration's statistics are recorded, but no charts are laid out yet. */
  boolean areComplete() {
    return (ratios || biasRatios) && !laidOut;
  }

  /** Returns whether any statistics are recorded, but no charts are laid out yet. */
  boolean areKnown() {
    return (ratios || biasRatios || gradients) && !laidOut;
  }

  /** Returns the charts, once. */
  ScalarLayout layOut() {
    laidOut = true;
    ScalarLayout.Builder layout = ScalarLayout.builder().category(CATEGORY);
    if (ratios) {
      layout.multilineMatching(Tags.UPDATE_RATIO, '^' + Tags.UPDATE_RATIO + "/(?!.*/" + BIAS + "$)");
    }
    if (biasRatios) {
      layout.multilineMatching(Tags.UPDATE_RATIO + " of biases", '^' + Tags.UPDATE_RATIO + "/.*/" + BIAS + '$');
    }
    if (gradients) {
      layout.multilineMatching(Tags.GRADIENT_NORM, '^' + Tags.GRADIENT_NORM + '/');
    }
    if (loss) {
      chart(layout, epochs ? Tags.EPOCH_LOSS : Tags.BATCH_LOSS);
    }
    if (accuracy) {
      chart(layout, epochs ? Tags.EPOCH_ACCURACY : Tags.BATCH_ACCURACY);
    }
    return layout.build();
  }

  private static void chart(ScalarLayout.Builder layout, String tag) {
    layout.multiline(tag, tag);
  }
}
