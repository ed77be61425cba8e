package io.github.tensorboard4j.training;

import io.github.tensorboard4j.Picture;
import io.github.tensorboard4j.TensorStatistics;
import io.github.tensorboard4j.TensorValues;
import io.github.tensorboard4j.ZeroUnits;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.LongStream;

/**
 * Records what goes on within a model during one iteration, as far as it is due: histograms and statistics of activations,
 * gradients and updates, pictures of activations. {@link TrainingRecorder#diagnosis} returns one; a listener asks what is due,
 * so that it computes nothing in vain, and passes every layer and parameter on. Not thread-safe.
 *
 * <p>The statistics are scalars: {@code gradient_norm}, {@code gradient_mean_magnitude} and the same of {@code update} and
 * {@code parameter}, {@code update_ratio_log10}, each followed by {@code /<layer>/<parameter>}; {@code output_mean},
 * {@code output_stdev} and {@code relu_dead}, followed by {@code /<layer>}. An element that isn't finite makes them so.
 */
public final class Diagnosis {

  private final TrainingRecorder recorder;
  private final PicturedLayers pictured;
  private final TensorStatistics statistics = new TensorStatistics();

  // the steps at which each is recorded, 0 for what is not due
  private final long activationStep;
  private final long activationImageStep;
  private final long gradientStep;
  private final long updateStep;
  private final long statisticsStep;

  Diagnosis(TrainingRecorder recorder, PicturedLayers pictured, long activationStep, long activationImageStep,
      long gradientStep, long updateStep, long statisticsStep) {
    this.recorder = recorder;
    this.pictured = pictured;
    this.activationStep = activationStep;
    this.activationImageStep = activationImageStep;
    this.gradientStep = gradientStep;
    this.updateStep = updateStep;
    this.statisticsStep = statisticsStep;
  }

  /**
   * Returns whether activations are to be passed on.
   *
   * @return whether a histogram or statistics of them are due
   */
  public boolean wantsActivations() {
    return activationStep + statisticsStep > 0;
  }

  /**
   * Returns whether activations of some layers are to be passed on for their pictures.
   *
   * @return whether pictures of them are due
   */
  public boolean wantsActivationImages() {
    return activationImageStep > 0;
  }

  /**
   * Returns whether what a layer puts out is to be passed on for its picture: where the user has named layers, whether it is one
   * of them; else whether it is a convolution.
   *
   * @param layer the layer's name, as its activations are recorded
   * @param isConvolution whether it is a two-dimensional convolution
   * @return whether its picture is due
   * @throws NullPointerException if the name is null
   */
  public boolean wantsActivationImage(String layer, boolean isConvolution) {
    Objects.requireNonNull(layer, "layer");
    return activationImageStep > 0 && pictured.have(layer, isConvolution);
  }

  /**
   * Returns whether gradients are to be passed on.
   *
   * @return whether a histogram or statistics of them are due
   */
  public boolean wantsGradients() {
    return gradientStep + statisticsStep > 0;
  }

  /**
   * Returns whether updates are to be passed on.
   *
   * @return whether a histogram or statistics of them are due
   */
  public boolean wantsUpdates() {
    return updateStep + statisticsStep > 0;
  }

  /**
   * Returns whether the dead units of ReLU layers are to be counted.
   *
   * @return whether statistics are due
   */
  public boolean wantsDeadUnits() {
    return statisticsStep > 0;
  }

  /**
   * Records what a layer has put out for the batch: {@code layer_<layer>/activation}, {@code output_mean/<layer>},
   * {@code output_stdev/<layer>}.
   *
   * @param layer the layer's name; {@code /} parts the names of nested layers
   * @param values the outputs for all examples, behind the activation function, read in place during the call
   * @throws IllegalArgumentException if the name is blank
   * @throws NullPointerException if an argument is null
   */
  public void activation(String layer, TensorValues values) {
    Objects.requireNonNull(values, "values");
    if (activationStep > 0) {
      recorder.addHistogram(Tags.activation(layer), values, activationStep);
    }
    if (statisticsStep > 0) {
      statistics.count(values);
      record(Tags.ofLayer("output_mean", layer), statistics.mean());
      record(Tags.ofLayer("output_stdev", layer), statistics.standardDeviation());
    }
  }

  /**
   * Records what a layer has put out for the batch's first example as a picture, {@code activation/<layer>}: its channels in gray,
   * eight in a row. The lowest value of all that are shown is black, the highest white; a layer that puts out the same everywhere is
   * black. What is small is enlarged, up to eight times. Of more than 64 channels the first 64 are shown, and fewer of channels that
   * have more than four million pixels together. There is no picture of channels with a side of more than 1024.
   *
   * @param layer the layer's name; {@code /} parts the names of nested layers
   * @param values the outputs for all examples, or for the first alone, read in place during the call
   * @param sizes the numbers of examples, channels, rows and columns
   * @param strides how far apart in memory two neighbours in each of these dimensions are, in elements
   * @throws IllegalArgumentException if the name is blank, there are not four sizes and four strides, or one of either is negative
   * @throws NullPointerException if an argument is null
   */
  public void activationImage(String layer, TensorValues values, long[] sizes, long[] strides) {
    Objects.requireNonNull(values, "values");
    if (sizes.length != 4 || strides.length != 4 || LongStream.concat(Arrays.stream(sizes), Arrays.stream(strides))
        .anyMatch(number -> number < 0)) {
      throw new IllegalArgumentException("A picture is made of examples, channels, rows and columns, unlike "
          + Arrays.toString(sizes) + " with the strides " + Arrays.toString(strides));
    }
    String tag = Tags.activationImage(layer);
    if (activationImageStep == 0) {
      return;
    }
    pictured.shown(layer);
    Picture picture = ActivationPicture.of(values, sizes, strides);
    if (picture != null) {
      recorder.addImage(tag, picture, activationImageStep);
    }
  }

  /**
   * Records which share of a ReLU layer's units put out zero for every example, and at every place of each, such as a pixel or
   * a time step: {@code relu_dead/<layer>}, from 0 to 1.
   *
   * @param layer the layer's name; {@code /} parts the names of nested layers
   * @param values the outputs for all examples, read in place during the call
   * @param units the number of units
   * @param stride how far apart in memory the same place of two neighbouring units is, as in {@link ZeroUnits#count}
   * @throws IllegalArgumentException if the name is blank, or a number is not positive
   * @throws NullPointerException if the name or the outputs are null
   */
  public void deadUnits(String layer, TensorValues values, int units, long stride) {
    Objects.requireNonNull(values, "values");
    if (statisticsStep > 0) {
      record(Tags.ofLayer("relu_dead", layer), (double) ZeroUnits.count(values, units, stride) / units);
    }
  }

  /**
   * Records a parameter's gradient: {@code gradient/<layer>/<parameter>}, {@code gradient_norm/...} and
   * {@code gradient_mean_magnitude/...}. It is that of the mean loss of the batch's examples, before clipping and
   * regularization: where a framework has the gradient of their sum, pass it {@linkplain TensorValues#dividedBy divided} by
   * the number of examples.
   *
   * @param layer the layer's name; {@code /} parts the names of nested layers
   * @param parameter the parameter's name in it, one of {@link ParameterNames} where it fits
   * @param values the gradient's elements, read in place during the call
   * @throws IllegalArgumentException if a name is blank
   * @throws NullPointerException if an argument is null
   */
  public void gradient(String layer, String parameter, TensorValues values) {
    Objects.requireNonNull(values, "values");
    if (gradientStep > 0) {
      recorder.addHistogram(Tags.gradient(layer, parameter), values, gradientStep);
    }
    if (statisticsStep > 0) {
      record("gradient", layer, parameter, values);
      recorder.chartGradients();
    }
  }

  /**
   * Records what a parameter was changed by: {@code update/<layer>/<parameter>}, {@code update_norm/...} and
   * {@code update_mean_magnitude/...}; the norm and the mean magnitude of the parameter itself; and
   * {@code update_ratio_log10/...}, the decimal logarithm of the update's mean magnitude over the parameter's. The ratio of a
   * parameter or an update that is zero throughout is left out.
   *
   * @param layer the layer's name; {@code /} parts the names of nested layers
   * @param parameter the parameter's name in it, one of {@link ParameterNames} where it fits
   * @param update what was subtracted from each of the parameter's elements, read in place during the call
   * @param updated the parameter's elements after that, read in place during the call
   * @throws IllegalArgumentException if a name is blank
   * @throws NullPointerException if an argument is null
   */
  public void update(String layer, String parameter, TensorValues update, TensorValues updated) {
    Objects.requireNonNull(update, "update");
    Objects.requireNonNull(updated, "updated");
    if (updateStep > 0) {
      recorder.addHistogram(Tags.update(layer, parameter), update, updateStep);
    }
    if (statisticsStep > 0) {
      double change = record("update", layer, parameter, update);
      double magnitude = record("parameter", layer, parameter, updated);
      if (change != 0 && magnitude != 0) {
        record(Tags.ofParameter(Tags.UPDATE_RATIO, layer, parameter), Math.log10(change / magnitude));
      }
      recorder.chartRatio(parameter);
    }
  }

  /** Records norm and mean magnitude, and returns the latter. */
  private double record(String kind, String layer, String parameter, TensorValues values) {
    statistics.count(values);
    record(Tags.ofParameter(kind + "_norm", layer, parameter), statistics.norm());
    double magnitude = statistics.meanMagnitude();
    record(Tags.ofParameter(kind + "_mean_magnitude", layer, parameter), magnitude);
    return magnitude;
  }

  private void record(String tag, double figure) {
    recorder.addScalar(tag, figure, statisticsStep);
  }
}
