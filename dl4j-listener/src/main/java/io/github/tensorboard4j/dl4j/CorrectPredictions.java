package io.github.tensorboard4j.dl4j;

import io.github.tensorboard4j.dl4j.internal.LossFunctions;
import java.nio.FloatBuffer;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.layers.OutputLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.evaluation.classification.EvaluationBinary;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
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

  /** The highest rank of the arrays that the framework evaluates. */
  private static final int MAX_EVALUATED_RANK = 4;

  /*
   * The framework keeps neither the output of the training pass nor what the activation function was applied to. Asking the
   * layer for it again costs several operations; but the softmax keeps the order, so one product with the weights is
   * enough, and the bias, the comparison and the labels are read in place. That takes a small fraction of a percent of
   * an iteration, where the layer's own activate() takes some percent. Not so on a GPU, where what is in host memory may be
   * out of date, and bringing the bias up to date means to copy all parameters.
   */
  private @Nullable INDArray logits;
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
    if (output.rank() > MAX_EVALUATED_RANK) {
      evaluate(loss, 1, layout.rows(truth), layout.rows(output), layout.maskOfRows(mask, output));
    } else {
      evaluate(loss, layout.classAxis(), truth, output, mask);
    }
  }

  private void evaluate(@Nullable ILossFunction loss, int classAxis, INDArray labels, INDArray output,
      @Nullable INDArray mask) {
    if (loss instanceof LossBinaryXENT) {
      EvaluationBinary evaluation = new EvaluationBinary();
      evaluation.setAxis(classAxis);
      evaluation.eval(labels, output, mask);
      for (int i = 0; i < evaluation.numLabels(); i++) {
        correct += (long) evaluation.truePositives(i) + (long) evaluation.trueNegatives(i);
        count += (long) evaluation.totalCount(i);
      }
      return;
    }
    Evaluation evaluation = new Evaluation();
    evaluation.setAxis(classAxis);
    evaluation.eval(labels, output, mask);
    for (int right : evaluation.truePositives().values()) {
      correct += right;
    }
    count += evaluation.getNumRowCounter();
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
    INDArray bias = layer.getParam(DefaultParamInitializer.BIAS_KEY);
    int rows = (int) labels.size(0);
    int classes = (int) labels.size(1);
    INDArray products = logits(rows, classes);
    input.mmuli(layer.getParam(DefaultParamInitializer.WEIGHT_KEY), products);
    FloatBuffer outputs = ParameterViews.span(products);
    FloatBuffer truths = ParameterViews.span(labels);
    FloatBuffer offsets = bias == null ? null : ParameterViews.span(bias);
    int outputRow = products.stride(0);
    int outputColumn = products.stride(1);
    int truthRow = labels.stride(0);
    int truthColumn = labels.stride(1);
    for (int row = 0; row < rows; row++) {
      int predicted = 0;
      int truth = 0;
      float highest = Float.NEGATIVE_INFINITY;
      float truest = Float.NEGATIVE_INFINITY;
      for (int column = 0; column < classes; column++) {
        float output = outputs.get(row * outputRow + column * outputColumn);
        float value = offsets == null ? output : output + offsets.get(column);
        if (value > highest) {
          highest = value;
          predicted = column;
        }
        float label = truths.get(row * truthRow + column * truthColumn);
        if (label > truest) {
          truest = label;
          truth = column;
        }
      }
      // a row of NaN has no highest element and predicts nothing
      if (predicted == truth && highest > Float.NEGATIVE_INFINITY) {
        correct++;
      }
    }
    count += rows;
  }
}
