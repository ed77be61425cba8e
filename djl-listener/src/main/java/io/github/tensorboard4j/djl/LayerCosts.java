package io.github.tensorboard4j.djl;

import ai.djl.Device;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import io.github.tensorboard4j.djl.internal.TimedPass;
import io.github.tensorboard4j.graph.DeviceNames;
import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.training.StepProfile;
import io.github.tensorboard4j.training.TrainingRecorder;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures what the layers of one trainer's model take, in forward passes of their own. */
final class LayerCosts {

  private static final Logger LOGGER = LoggerFactory.getLogger(LayerCosts.class);
  private static final int PASSES = 3;

  private LayerCosts() {}

  /** Records what each layer takes for a batch; if that can't be found out, the reason is logged. */
  static void record(TrainingRecorder recorder, Trainer trainer, ParameterArrays parameters, @Nullable ModelGraph graph,
      @Nullable Batch batch, long iteration) {
    Device device = trainer.getManager().getDevice();
    if (batch == null) {
      LOGGER.info("What each layer takes is left out, for the loop that trains tells its listeners of no batch's data");
      return;
    }
    if (!parameters.areTrainedOn(device)) {
      LOGGER.info("What each layer takes is left out, for the model is on {}, where it isn't trained", device);
      return;
    }
    Map<String, TimedPass.Cost> costs;
    try {
      costs = TimedPass.run(trainer.getModel().getBlock(), trainer.getManager(), batch.getData(), PASSES);
    } catch (RuntimeException | LinkageError e) {
      LOGGER.info("What each layer takes is left out, for the model could not be run once more on the batch: {}",
          e.toString().lines().findFirst().orElse(""));
      LOGGER.debug("can't be run once more", e);
      return;
    }
    StepProfile profile = new StepProfile(device.isGpu() ? DeviceNames.gpu(device.getDeviceId()) : DeviceNames.cpu());
    costs.forEach((layer, cost) -> profile.layer(layer,
        graph == null ? layer : graph.lastOperation(layer).orElse(layer), cost.nanos(), 0, cost.bytes(), 0));
    recorder.recordProfile(profile, iteration);
  }
}
