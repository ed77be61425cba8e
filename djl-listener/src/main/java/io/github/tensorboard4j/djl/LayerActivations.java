package io.github.tensorboard4j.djl;

import ai.djl.Device;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import io.github.tensorboard4j.djl.internal.ForwardPass;
import io.github.tensorboard4j.djl.internal.LayerOutput;
import io.github.tensorboard4j.training.TrainingRecorder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the layers of one trainer's model put out for a batch. DJL shows it to nobody while it trains, so the model is run once
 * more. Not thread-safe.
 */
final class LayerActivations {

  private static final Logger LOGGER = LoggerFactory.getLogger(LayerActivations.class);

  private final Trainer trainer;
  private final TrainingRecorder recorder;
  private final ParameterArrays parameters;
  private boolean failed;
  private boolean logged;

  LayerActivations(Trainer trainer, TrainingRecorder recorder, ParameterArrays parameters) {
    this.trainer = trainer;
    this.recorder = recorder;
    this.parameters = parameters;
  }

  /** Passes on what each layer puts out for a batch; nothing if that can't be found out, which is logged once. */
  void of(@Nullable Batch batch, Consumer<LayerOutput> consumer) {
    if (failed) {
      return;
    }
    Device device = trainer.getManager().getDevice();
    if (batch == null) {
      logLeftOut("the loop that trains tells its listeners of no batch's data");
    } else if (!parameters.areTrainedOn(device)) {
      logLeftOut("the model is on " + device + ", where it isn't trained");
    } else {
      try {
        ForwardPass.run(trainer.getModel().getBlock(), trainer.getManager(), batch.getData(),
            output -> recorder.attempt(() -> consumer.accept(output)));
      } catch (RuntimeException | LinkageError e) {
        failed = true;
        logLeftOut("the model could not be run once more on the batch: " + e.toString().lines().findFirst().orElse(""));
        LOGGER.debug("can't be run once more", e);
      }
    }
  }

  private void logLeftOut(String reason) {
    if (!logged) {
      logged = true;
      LOGGER.info("What the layers put out is left out, for {}", reason);
    }
  }
}
