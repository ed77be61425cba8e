package io.github.tensorboard4j.dl4j;

import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * What one forward pass over a batch that isn't trained with has led to: what all outputs have put out, and, by the very inputs that
 * they had for it, their losses.
 */
final class ValidationPass {

  private final MultiDataSet batch;
  private final Layer[] outputLayers;
  private final double[] losses;
  private final double regularization;
  private INDArray[] outputs = {};
  private @Nullable INDArray watched;

  /**
   * Starts a pass.
   *
   * @param outputLayers the layers that have a loss
   * @param regularization the L1 and L2 terms, which are a part of the first output's loss
   */
  ValidationPass(MultiDataSet batch, Layer[] outputLayers, double regularization) {
    this.batch = batch;
    this.outputLayers = outputLayers;
    this.losses = new double[outputLayers.length];
    this.regularization = regularization;
  }

  /** Computes the loss of an output layer that has just put out something. */
  void score(int output, LayerWorkspaceMgr workspaces) {
    IOutputLayer layer = (IOutputLayer) outputLayers[output];
    layer.setLabels(batch.getLabels(output));
    losses[output] = layer.computeScore(output == 0 ? regularization : 0, false, workspaces);
  }

  /** Keeps what the layer that is watched has put out. */
  void watch(INDArray output) {
    // a layer behind may work in place
    watched = output.isAttached() ? output.detach() : output.dup();
  }

  void end(INDArray... made) {
    outputs = made;
  }

  /** Returns the mean loss, as the framework adds it up. */
  double loss() {
    double sum = 0;
    for (double loss : losses) {
      sum += loss;
    }
    return sum;
  }

  MultiDataSet batch() {
    return batch;
  }

  INDArray output(int index) {
    return outputs[index];
  }

  /** Returns the mask of an output's labels, null if it has none. */
  @Nullable
  INDArray mask(int output) {
    return batch.getLabelsMaskArrays() == null ? null : batch.getLabelsMaskArray(output);
  }

  /** Returns what the layer that is watched has put out. */
  INDArray watched() {
    return Objects.requireNonNull(watched, "watched");
  }

  boolean hasWatched() {
    return watched != null;
  }
}
