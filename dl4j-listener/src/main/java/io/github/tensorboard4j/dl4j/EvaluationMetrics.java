package io.github.tensorboard4j.dl4j;

import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.evaluation.IEvaluation;
import org.nd4j.evaluation.IMetric;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.evaluation.classification.EvaluationBinary;
import org.nd4j.evaluation.classification.ROC;
import org.nd4j.evaluation.classification.ROCBinary;
import org.nd4j.evaluation.classification.ROCMultiClass;
import org.nd4j.evaluation.regression.RegressionEvaluation;

/** What the framework's evaluations have found out, by the names that TensorBoard shows. */
final class EvaluationMetrics {

  static final String ACCURACY = "accuracy";

  private static final Map<IMetric, String> NAMES = new LinkedHashMap<>();

  static {
    NAMES.put(Evaluation.Metric.ACCURACY, ACCURACY);
    NAMES.put(Evaluation.Metric.PRECISION, "precision");
    NAMES.put(Evaluation.Metric.RECALL, "recall");
    NAMES.put(Evaluation.Metric.F1, "f1");
    NAMES.put(Evaluation.Metric.MCC, "mcc");
    NAMES.put(EvaluationBinary.Metric.ACCURACY, ACCURACY);
    NAMES.put(EvaluationBinary.Metric.PRECISION, "precision");
    NAMES.put(EvaluationBinary.Metric.RECALL, "recall");
    NAMES.put(EvaluationBinary.Metric.F1, "f1");
    NAMES.put(EvaluationBinary.Metric.MCC, "mcc");
    NAMES.put(ROC.Metric.AUROC, "auc");
    NAMES.put(ROC.Metric.AUPRC, "auprc");
    NAMES.put(ROCBinary.Metric.AUROC, "auc");
    NAMES.put(ROCBinary.Metric.AUPRC, "auprc");
    NAMES.put(ROCMultiClass.Metric.AUROC, "auc");
    NAMES.put(ROCMultiClass.Metric.AUPRC, "auprc");
    NAMES.put(RegressionEvaluation.Metric.MSE, "mse");
    NAMES.put(RegressionEvaluation.Metric.MAE, "mae");
    NAMES.put(RegressionEvaluation.Metric.RMSE, "rmse");
    NAMES.put(RegressionEvaluation.Metric.R2, "r2");
  }

  private EvaluationMetrics() {}

  /** Returns an evaluation's figures by name, without those that are undefined; none for an evaluation of another kind. */
  static Map<String, Double> of(IEvaluation<?> evaluation) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    if (evaluation instanceof EvaluationBinary binary && binary.numLabels() < 1) {
      // it has seen nothing, and would say 0
      return metrics;
    }
    NAMES.forEach((metric, name) -> {
      if (metric.getEvaluationClass().isInstance(evaluation)) {
        double value = value(evaluation, metric);
        if (!Double.isNaN(value)) {
          metrics.put(name, value);
        }
      }
    });
    return metrics;
  }

  private static double value(IEvaluation<?> evaluation, IMetric metric) {
    try {
      return evaluation.getValue(metric);
    } catch (RuntimeException e) {
      // the framework has no other answer where nothing was evaluated
      return Double.NaN;
    }
  }
}
