package io.github.tensorboard4j.examples.mnist;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.initializer.XavierInitializer.FactorType;
import ai.djl.training.initializer.XavierInitializer.RandomType;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Trains with DJL; losses and accuracies are of each batch's own outputs, not of DJL's evaluators. */
final class DjlReference implements Reference {
  private static final String ENGINE = "PyTorch";
  private static final int VALIDATION_BATCH_SIZE = 1000;

  private final Loss loss = Loss.softmaxCrossEntropyLoss();

  @Override
  public Figures train(MnistData data, Optimizer optimizer) {
    Engine.getEngine(ENGINE).setRandomSeed((int) Recording.SEED);
    List<Double> batchLosses = new ArrayList<>();
    List<Epoch> epochs = new ArrayList<>();
    try (Model model = Model.newInstance("reference", ENGINE)) {
      model.setBlock(DjlTraining.network());
      DefaultTrainingConfig config = new DefaultTrainingConfig(loss)
          .optOptimizer(optimizer(optimizer))
          .optInitializer(
              new XavierInitializer(RandomType.UNIFORM, FactorType.AVG, 3), Parameter.Type.WEIGHT)
          .addTrainingListeners(new TrainingListenerAdapter() {
            @Override
            public void onTrainingBatch(Trainer trainer, BatchData batch) {
              batch.getLabels()
                  .forEach((device, labels) -> batchLosses.add((double) lossOf(labels, batch.getPredictions().get(device))));
            }
          });
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(new Shape(Recording.BATCH_SIZE, LabelledImages.SIDE, LabelledImages.SIDE));
        DigitDataset train = DigitDataset.shuffled(data.train(), Recording.BATCH_SIZE, Recording.SEED);
        for (int epoch = 0; epoch < Recording.EPOCHS; epoch++) {
          int before = batchLosses.size();
          for (Batch batch : train.getData(trainer.getManager())) {
            EasyTrain.trainBatch(trainer, batch);
            trainer.step();
            batch.close();
          }
          double mean = batchLosses.subList(before, batchLosses.size()).stream()
              .mapToDouble(Double::doubleValue).average().orElseThrow();
          epochs.add(validated(mean, trainer, data.test()));
        }
        return new Figures(batchLosses, epochs, List.of(
            ENGINE + " " + Engine.getEngine(ENGINE).getVersion(), loss.getClass().getSimpleName(),
            model.getBlock().toString()));
      }
    }
  }

  private Epoch validated(double trainLoss, Trainer trainer, LabelledImages images) {
    double losses = 0;
    long correct = 0;
    int batches = 0;
    for (Batch batch : DigitDataset.inOrder(images, VALIDATION_BATCH_SIZE).getData(trainer.getManager())) {
      NDList outputs = trainer.evaluate(batch.getData());
      losses += lossOf(batch.getLabels(), outputs);
      batches++;
      try (NDArray hits = outputs.singletonOrThrow().argMax(1).eq(batch.getLabels().singletonOrThrow())) {
        correct += hits.countNonzero().getLong();
      }
      batch.close();
    }
    return new Epoch(
        trainLoss, losses / batches, (double) correct / images.size(), parameters(trainer.getModel().getBlock()));
  }

  private float lossOf(NDList labels, NDList outputs) {
    try (NDArray value = loss.evaluate(labels, outputs)) {
      return value.getFloat();
    }
  }

  /** A child's name is its number in two digits, followed by the name that it was given. */
  private static Map<String, float[]> parameters(Block network) {
    Map<String, float[]> parameters = new LinkedHashMap<>();
    network.getChildren()
        .forEach(child -> child.getValue().getDirectParameters()
            .forEach(parameter -> parameters.put("layer_" + child.getKey().substring(2) + "/" + parameter.getKey(),
                parameter.getValue().getArray().toFloatArray())));
    return parameters;
  }

  private static ai.djl.training.optimizer.Optimizer optimizer(Optimizer optimizer) {
    return optimizer == Optimizer.SGD
        ? ai.djl.training.optimizer.Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.01f)).build()
        : ai.djl.training.optimizer.Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.001f)).build();
  }
}
