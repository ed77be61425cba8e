package io.github.tensorboard4j.dl4j;

import java.util.Arrays;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.util.ArrayUtil;
import org.nd4j.evaluation.IEvaluation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.shape.OneHot;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The layout of the arrays of an output layer.
 *
 * @param classAxis the dimension along which the classes lie
 */
record OutputLayout(int classAxis) {

  private static final OutputLayout CHANNELS_FIRST = new OutputLayout(1);

  /** Returns the layout of a layer's output and labels. */
  static OutputLayout of(Layer layer) {
    org.deeplearning4j.nn.conf.layers.Layer conf = layer.conf().getLayer();
    if (conf instanceof RnnOutputLayer output) {
      return of(output.getRnnDataFormat());
    }
    if (conf instanceof RnnLossLayer output) {
      return of(output.getRnnDataFormat());
    }
    if (conf instanceof CnnLossLayer output && output.getFormat() == CNN2DFormat.NHWC) {
      return new OutputLayout(3);
    }
    return conf instanceof Cnn3DLossLayer output && output.getDataFormat() == Convolution3D.DataFormat.NDHWC
        ? new OutputLayout(4)
        : CHANNELS_FIRST;
  }

  private static OutputLayout of(RNNFormat format) {
    return format == RNNFormat.NWC ? new OutputLayout(2) : CHANNELS_FIRST;
  }

  /** Makes class indices what dense labels are; an index that is no class, as padding may have, becomes no label. */
  INDArray oneHot(INDArray indices, INDArray output) {
    INDArray labels = Nd4j.createUninitialized(output.dataType(), output.shape());
    INDArray classes = indices.reshape(ArrayUtil.removeIndex(output.shape(), classAxis));
    Nd4j.exec(new OneHot(classes, labels, (int) output.size(classAxis), classAxis, 1, 0));
    return labels;
  }

  /** Returns an array with one row of classes for each position of a larger one, such as a voxel. */
  INDArray rows(INDArray array) {
    if (array.rank() == 2) {
      return array;
    }
    int[] classesLast = new int[array.rank()];
    for (int from = 0, to = 0; from < array.rank(); from++) {
      classesLast[from == classAxis ? array.rank() - 1 : to++] = from;
    }
    long classes = array.size(classAxis);
    return array.permute(classesLast).dup('c').reshape('c', array.length() / classes, classes);
  }

  /** Evaluates an output array of whatever rank; what is masked is left out. */
  void evaluate(IEvaluation<?> evaluation, INDArray labels, INDArray output, @Nullable INDArray mask) {
    // masks of larger arrays are evaluated for some layouts only, and of time steps wrongly for others
    evaluation.eval(rows(labels), rows(output), maskOfRows(mask, output));
  }

  /**
   * Returns the mask of these rows or of their elements; it may mask whole examples or be spread along some dimensions. That of
   * time steps has no dimension of classes.
   */
  @Nullable
  INDArray maskOfRows(@Nullable INDArray mask, INDArray output) {
    if (mask == null || output.rank() == 2) {
      return mask;
    }
    if (output.rank() == 3 && mask.rank() == 2 && mask.size(0) != output.size(0)) {
      // in training, a layer has it with one row for each time step already, but the steps of an example apart
      long values = mask.size(1);
      return mask.reshape('f', output.size(0), output.size(3 - classAxis), values).dup('c')
          .reshape('c', mask.size(0), values);
    }
    long[] own = new long[output.rank()];
    Arrays.fill(own, 1);
    if (output.rank() == 3 && mask.rank() == 2) {
      own[0] = mask.size(0);
      own[3 - classAxis] = mask.size(1);
    } else {
      System.arraycopy(mask.shape(), 0, own, 0, mask.rank());
    }
    long[] spread = output.shape().clone();
    spread[classAxis] = own[classAxis];
    return rows(mask.reshape(own).broadcast(spread));
  }
}
