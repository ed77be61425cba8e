package io.github.tensorboard4j.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Commands that answer as {@code nvidia-smi} does. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
class NvidiaSmiTest {

  @TempDir
  private Path directory;

  @Test
  void shouldReadEveryGpu() throws IOException {
    NvidiaSmi smi = smi("echo '0, 1024, 87, 65, 120.53'", "echo '1, 11, 0, 31, 24.10'");

    assertThat(sample(smi)).containsExactly(
        Map.entry("gpu0/memory_mib", 1024.0), Map.entry("gpu0/utilization", 87.0),
        Map.entry("gpu0/temperature_c", 65.0), Map.entry("gpu0/power_w", 120.53),
        Map.entry("gpu1/memory_mib", 11.0), Map.entry("gpu1/utilization", 0.0),
        Map.entry("gpu1/temperature_c", 31.0), Map.entry("gpu1/power_w", 24.1));
    assertThat(asked()).containsExactly(
        "--query-gpu=index,memory.used,utilization.gpu,temperature.gpu,power.draw --format=csv,noheader,nounits");
  }

  @Test
  void shouldLeaveOutWhatAGpuDoesNotTell() throws IOException {
    NvidiaSmi smi =
        smi("echo '0, 1024, [N/A], 65, [Not Supported]'", "echo 'Unable to determine the device handle for GPU1'",
            "echo '2, [Unknown Error], 5, [N/A], [N/A]'");

    assertThat(sample(smi)).containsExactly(Map.entry("gpu0/memory_mib", 1024.0), Map.entry("gpu0/temperature_c", 65.0),
        Map.entry("gpu2/utilization", 5.0));
  }

  @Test
  void shouldAskAgainForEverySample() throws IOException {
    NvidiaSmi smi = smi("echo '0, 1024, 87, 65, 120.53'");
    sample(smi);
    sample(smi);

    assertThat(asked()).hasSize(2);
  }

  @Test
  void shouldNotAskAgainOneThatFails() throws IOException {
    NvidiaSmi smi = smi("echo '0, 1, 2, 3, 4'", "echo 'NVIDIA-SMI has failed' >&2", "exit 9");

    assertThat(sample(smi)).isEmpty();
    assertThat(sample(smi)).isEmpty();
    assertThat(asked()).hasSize(1);
  }

  @Test
  void shouldEndOneThatHangsAndNotAskAgain() throws IOException {
    NvidiaSmi smi = smi("exec sleep 600");

    assertThat(sample(smi)).isEmpty();
    assertThat(sample(smi)).isEmpty();
    assertThat(asked()).hasSize(1);
    // a process that is killed takes a moment to end
    assertThat(ProcessHandle.current().children()
        .filter(child -> child.info().commandLine().orElse("").contains("sleep 600")))
        .allSatisfy(child -> assertThat(child.onExit()).succeedsWithin(Duration.ofSeconds(30)));
  }

  @Test
  void shouldBeSilentWithoutTheCommand() {
    assertThat(sample(new NvidiaSmi(directory.resolve("nvidia-smi").toString(), Duration.ofSeconds(1)))).isEmpty();
  }

  private NvidiaSmi smi(String... lines) throws IOException {
    Path command = script(directory, lines);
    return new NvidiaSmi(command.toString(), lines[0].contains("sleep") ? Duration.ofMillis(300) : Duration.ofSeconds(30));
  }

  /** Writes a command of that name, which also takes down how it is called. */
  static Path script(Path directory, String... lines) throws IOException {
    Path command = directory.resolve("nvidia-smi");
    Files.writeString(command,
        "#!/bin/sh\necho \"$@\" >> '" + directory.resolve("asked") + "'\n" + String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
    return command;
  }

  private List<String> asked() throws IOException {
    return Files.readAllLines(directory.resolve("asked"));
  }

  private static Map<String, Double> sample(NvidiaSmi smi) {
    Map<String, Double> figures = new LinkedHashMap<>();
    smi.sample(figures::put);
    return figures;
  }
}
