package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testing.Recorded;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.environment.Nd4jEnvironment;

class BackendTest {

  @TempDir
  private Path logs;

  @Test
  void shouldSayInTheConfigurationWhatIsTrainedOn() {
    try (TensorBoardListener listener = new TensorBoardListener(logs.resolve("run"))) {
      var network = Nets.classifier();
      network.setListeners(listener);
      network.fit(Nets.batches(1).get(0));
    }

    assertThat(Recorded.in(logs.resolve("run/train")).texts()).anySatisfy(
        text -> assertThat(text).startsWith("ND4J computes on CPU.\n"));
  }

  @Test
  void shouldNameEachDevice() {
    Properties cuda = new Properties();
    cuda.put(Nd4jEnvironment.BACKEND_KEY, "CUDA");
    cuda.put(Nd4jEnvironment.CUDA_DEVICE_INFORMATION_KEY, List.of(
        Map.of(Nd4jEnvironment.CUDA_DEVICE_NAME_KEY, "NVIDIA A100"),
        Map.of(Nd4jEnvironment.CUDA_DEVICE_NAME_KEY, "NVIDIA A10")));

    assertThat(Backend.describe(cuda)).isEqualTo("CUDA: NVIDIA A100, NVIDIA A10");
  }
}
