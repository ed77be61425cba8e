package io.github.tensorboard4j.dl4j;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.environment.Nd4jEnvironment;
import org.nd4j.linalg.factory.Nd4j;

/** What ND4J computes on. */
final class Backend {

  private Backend() {}

  /** Returns the backend and its devices in words, such as {@code CUDA: NVIDIA A100-SXM4-80GB, NVIDIA A100-SXM4-80GB}. */
  static String describe() {
    return describe(Nd4j.getExecutioner().getEnvironmentInformation());
  }

  /** Does that for an environment as ND4J tells of it. */
  static String describe(Properties environment) {
    Object backend = environment.get(Nd4jEnvironment.BACKEND_KEY);
    if (environment.get(Nd4jEnvironment.CUDA_DEVICE_INFORMATION_KEY) instanceof List<?> devices && !devices.isEmpty()) {
      return backend + ": " + devices.stream()
          .map(device -> String.valueOf(((Map<?, ?>) device).get(Nd4jEnvironment.CUDA_DEVICE_NAME_KEY)))
          .collect(Collectors.joining(", "));
    }
    return String.valueOf(backend);
  }
}
