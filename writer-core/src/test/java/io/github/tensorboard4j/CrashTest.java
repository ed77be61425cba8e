package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testing.ChildJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class CrashTest {

  @Test
  void shouldKeepWhatItAcknowledgedAndCountWhatItLostOnADiskThatFails() throws IOException, InterruptedException {
    String runs = System.getProperty("crash.runs", "2000");
    String seed = System.getProperty("crash.seed", "1");

    Process process = ChildJvm.start(List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=off"), CrashRun.class, runs, seed);

    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEmpty();
    assertThat(process.waitFor()).isZero();
  }
}
