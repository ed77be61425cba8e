package io.github.tensorboard4j.training;

/**
 * How and where a training ceased to be a sound one. A {@link Guard} reports the first.
 *
 * @param kind what is wrong with the values
 * @param place where that begins, as far as it can be told
 * @param layer the layer's name there; of an input or of labels, the name of the model's input or output; empty if it is not
 *     known, as that of a {@link Place#LOSS}
 * @param parameter the parameter's name within the layer, empty unless the place is a parameter or a gradient
 * @param iteration the iteration, from 1
 * @param loss the mean loss of the iteration's batch; NaN too if it is not known
 * @param lossKnown whether the loss is known: a batch may have been evaluated by nobody
 * @param model what is trained, as it was met, before the iteration's update: Deeplearning4j's {@code Model}, DJL's
 *     {@code Trainer}, or whatever another framework has
 */
public record Divergence(
    Kind kind, Place place, String layer, String parameter, long iteration, double loss, boolean lossKnown,
    Object model) {

  /** What is wrong with values. */
  public enum Kind {

    /** There is a NaN among them. */
    NAN("NaN"),

    /** There is an infinite one among them, and no NaN. */
    INFINITE("An infinite value"),

    /** They are finite, but have become more than a million times as large as they were at first. */
    EXPLODING("An exploding value");

    private final String noun;

    Kind(String noun) {
      this.noun = noun;
    }
  }

  /** Where values are. */
  public enum Place {

    /** In the batch's examples. */
    INPUT("in the batch's input"),

    /** In the batch's labels. */
    LABELS("in the batch's labels for the output"),

    /** In a parameter: it was so before the training, or the last update has made it so. */
    PARAMETER("in the parameter"),

    /** In what a layer puts out. */
    ACTIVATION("in the activation of the layer"),

    /** In a parameter's gradient. */
    GRADIENT("in the gradient of"),

    /** In the loss alone, as far as it can be told. */
    LOSS("in the loss");

    private final String phrase;

    Place(String phrase) {
      this.phrase = phrase;
    }
  }

  /**
   * Creates a divergence whose loss is known.
   *
   * @param kind what is wrong with the values
   * @param place where that begins
   * @param layer the layer's name there
   * @param parameter the parameter's name within the layer, empty unless the place is a parameter or a gradient
   * @param iteration the iteration, from 1
   * @param loss the mean loss of the iteration's batch
   * @param model what is trained
   */
  public Divergence(Kind kind, Place place, String layer, String parameter, long iteration, double loss, Object model) {
    this(kind, place, layer, parameter, iteration, loss, true, model);
  }

  /**
   * Returns the divergence as a sentence.
   *
   * @return what, where and when, such as {@code NaN in the parameter hidden/weight at iteration 12, whose loss is NaN}
   */
  @Override
  public String toString() {
    String name = parameter.isEmpty() ? layer : layer + '/' + parameter;
    return kind.noun + ' ' + place.phrase + (name.isEmpty() ? "" : ' ' + name) + " at iteration " + iteration
        + ", whose loss is " + (lossKnown ? loss : "not known");
  }
}
