package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.dl4j.internal.LossFunctions;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.layers.OutputLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.BooleanIndexing;
import org.nd4j.linalg.indexing.conditions.Conditions;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/**
 * Counts how many predictions of an output layer are right, from the input that the layer was trained with.
 *
 * <p>A prediction is a row of the output: its largest element against the label's (categorical accuracy), or each element
 * against a half where the classes are independent of each other (binary accuracy). A layer with another loss is no
 * classifier and has no predictions.
 */
final class CorrectPredictions {

  /** Up to so many multiplications a product is made here, in less time than it takes to ask for it, and without an object. */
  private static final long MAX_OWN_PRODUCT = 4096;

  /*
   * The framework keeps neither the output of the training pass nor what the activation function was applied to. Asking the
   * layer for it again costs several operations; but the softmax keeps the order, so one product with the weights is
   * enough, and the bias, the comparison and the labels are read in place. That takes a small fraction of a percent of
   * an iteration, where the layer's own activate() takes some percent. Not so on a GPU, where what is in host memory may be
   * out of date, and bringing the bias up to date means to copy all parameters. What takes longer is for some iterations only.
   */
  private @Nullable INDArray logits;
  private float[] scores = {};
  private float[] truths = {};
  private long correct;
  private long count;

  long correct() {
    return correct;
  }

  long count() {
    return count;
  }

  void reset() {
    correct = 0;
    count = 0;
  }

  /** Returns whether the predictions of layers cost next to nothing, so that they can be counted at every iteration. */
  static boolean areCheap(Layer[] layers) {
    for (Layer layer : layers) {
      INDArray labels = ((IOutputLayer) layer).getLabels();
      if (labels != null && layer.input() != null && isClassifier(layer) && !isPlain(layer, labels)) {
        return false;
      }
    }
    return true;
  }

  /** Adds the predictions of a layer whose input and labels are those of the current iteration. */
  void add(Layer layer) {
    INDArray labels = ((IOutputLayer) layer).getLabels();
    if (labels == null || layer.input() == null || !isClassifier(layer)) {
      return;
    }
    if (isPlain(layer, labels)) {
      addPlain(layer, labels);
    } else {
      add(layer, labels, layer.activate(false, LayerWorkspaceMgr.noWorkspaces()), layer.getMaskArray());
    }
  }

  /** Adds the predictions of an output array, whatever its rank; masked ones are left out. */
  void add(Layer layer, INDArray labels, INDArray output, @Nullable INDArray mask) {
    ILossFunction loss = LossFunctions.of(layer.conf().getLayer());
    OutputLayout layout = OutputLayout.of(layer);
    INDArray truth = loss instanceof LossSparseMCXENT ? layout.oneHot(labels, output) : labels;
    INDArray rows = layout.rows(truth);
    INDArray predicted = layout.rows(withoutNaN(output, truth));
    INDArray rowMask = layout.maskOfRows(mask, output);
    if (loss instanceof LossBinaryXENT) {
      add(isPositive(predicted).eq(isPositive(rows)), rowMask);
    } else if (predicted.columns() > 1
        && rows.equalShapes(predicted)
        && (rowMask == null || rowMask.length() == rows.rows())) {
      add(predicted.argMax(1).eq(rows.argMax(1)), rowMask);
    } else {
      // one output for two classes, or what can't be compared
      Evaluation evaluation = new Evaluation();
      evaluation.eval(rows, predicted, rowMask);
      for (int right : evaluation.truePositives().values()) {
        correct += right;
      }
      count += evaluation.getNumRowCounter();
    }
  }

  private static INDArray isPositive(INDArray values) {
    return values.gt(0.5).castTo(DataType.INT32);
  }

  /** Counts predictions where they are: what comes from a GPU's memory is one number, or two with a mask of them or of their rows. */
  private void add(INDArray right, @Nullable INDArray mask) {
    INDArray hits = right.castTo(DataType.INT64);
    if (mask == null) {
      count += hits.length();
    } else {
      INDArray counted = mask.neq(0).castTo(DataType.INT64);
      counted = counted.length() == hits.length()
          ? counted.reshape(hits.shape())
          : counted.reshape(counted.length(), 1).broadcast(hits.shape());
      hits = hits.mul(counted);
      count += counted.sumNumber().longValue();
    }
    correct += hits.sumNumber().longValue();
  }

  /**
   * Returns an output in which each element that is no number is as wrong as can be: the framework evaluates none of them.
   * Whether there are any isn't asked, for the answer would have to come from the device.
   */
  private static INDArray withoutNaN(INDArray output, INDArray labels) {
    INDArray numbers = output.dup();
    BooleanIndexing.replaceWhere(numbers, labels.castTo(output.dataType()).rsub(1), Conditions.isNan());
    return numbers;
  }

  /** Returns whether an output layer classifies. */
  static boolean isClassifier(Layer layer) {
    ILossFunction loss = LossFunctions.of(layer.conf().getLayer());
    return loss instanceof LossMCXENT
        || loss instanceof LossBinaryXENT
        || loss != null
            && layer.conf().getLayer() instanceof BaseLayer conf
            && conf.getActivationFn() instanceof ActivationSoftmax;
  }

  private static boolean isPlain(Layer layer, INDArray labels) {
    return Nd4j.getEnvironment().isCPU()
        && layer.getClass() == OutputLayer.class
        && layer.getMaskArray() == null
        && isFloatMatrix(labels)
        && labels.size(1) > 1
        && isFloatMatrix(layer.input())
        && layer.getParam(DefaultParamInitializer.WEIGHT_KEY).dataType() == DataType.FLOAT
        && !(LossFunctions.of(layer.conf().getLayer()) instanceof LossSparseMCXENT)
        && ((BaseOutputLayer) layer.conf().getLayer()).getActivationFn() instanceof ActivationSoftmax;
  }

  private static boolean isFloatMatrix(INDArray array) {
    return array.rank() == 2 && array.dataType() == DataType.FLOAT;
  }

  private INDArray logits(int rows, int classes) {
    INDArray made = logits;
    if (made == null || made.size(0) != rows || made.size(1) != classes) {
      // in the order that the product is made in; another would be copied to
      made = Nd4j.createUninitializedDetached(DataType.FLOAT, 'f', rows, classes);
      logits = made;
    }
    return made;
  }

  private void addPlain(Layer layer, INDArray labels) {
    INDArray input = layer.input();
    INDArray weights = layer.getParam(DefaultParamInitializer.WEIGHT_KEY);
    INDArray bias = layer.getParam(DefaultParamInitializer.BIAS_KEY);
    int rows = (int) labels.size(0);
    int classes = (int) labels.size(1);
    if (scores.length != classes) {
      scores = new float[classes];
      truths = new float[classes];
    }
    INDArray products = null;
    if (input.length() * classes > MAX_OWN_PRODUCT) {
      products = logits(rows, classes);
      input.mmuli(weights, products);
    }
    for (int row = 0; row < rows; row++) {
      if (products == null) {
        multiply(input, row, weights, scores);
      } else {
        copy(products, row, scores);
      }
      if (bias != null) {
        add(bias, scores);
      }
      copy(labels, row, truths);
      int predicted = highest(scores);
      // a row of NaN has no highest element and predicts nothing
      if (predicted >= 0 && predicted == highest(truths)) {
        correct++;
      }
    }
    count += rows;
  }

  private static void multiply(INDArray input, int row, INDArray weights, float[] product) {
    FloatIndexer left = elements(input);
    FloatIndexer right = elements(weights);
    long first = (long) row * input.stride(0);
    long across = input.stride(1);
    long down = weights.stride(0);
    long toColumn = weights.stride(1);
    long length = input.size(1);
    for (int column = 0; column < product.length; column++) {
      float sum = 0;
      for (long i = 0, from = first, to = column * toColumn; i < length; i++, from += across, to += down) {
        sum += left.get(from) * right.get(to);
      }
      product[column] = sum;
    }
  }

  private static void copy(INDArray matrix, int row, float[] to) {
    FloatIndexer from = elements(matrix);
    long index = (long) row * matrix.stride(0);
    long across = matrix.stride(1);
    for (int column = 0; column < to.length; column++, index += across) {
      to[column] = from.get(index);
    }
  }

  private static void add(INDArray vector, float[] to) {
    FloatIndexer from = elements(vector);
    long across = vector.stride(vector.rank() - 1);
    for (int column = 0; column < to.length; column++) {
      to[column] += from.get(column * across);
    }
  }

  /** Returns the index of the first highest element, -1 if there is none. */
  private static int highest(float[] values) {
    int index = -1;
    float highest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < values.length; i++) {
      if (values[i] > highest) {
        highest = values[i];
        index = i;
      }
    }
    return index;
  }

  /** Returns the elements of an array, the first of which has index 0 whatever the array is a view of. */
  private static FloatIndexer elements(INDArray array) {
    return (FloatIndexer) array.data().indexer();
  }
}
