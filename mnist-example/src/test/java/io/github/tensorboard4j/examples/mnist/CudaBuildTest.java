package io.github.tensorboard4j.examples.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user reads where the GPU that a build needs is missing, with commands that answer as {@code nvidia-smi} does. */
@DisabledOnOs(OS.WINDOWS)
class CudaBuildTest {

  @TempDir
  private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"Tesla K80, 3.7", "NVIDIA A100-SXM4-80GB, 8.0", "NVIDIA GeForce RTX 3090, 8.6"})
  void shouldTakeAGpuThatItHasCodeFor(String gpu) throws IOException {
    assertThatCode(build("echo '" + gpu + "'")::requireGpu).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Tesla M2090, 2.0", "NVIDIA L4, 8.9", "NVIDIA H100 80GB HBM3, 9.0", "NVIDIA B200, 10.0"})
  void shouldNameAGpuThatItHasNoCodeFor(String gpu) throws IOException {
    assertThatParagraphOf(build("echo '" + gpu + "'"))
        .contains("nd4j has no code for this machine's GPU: ", gpu.split(", ")[0],
            "compute capability " + gpu.split(", ")[1],
            "3.7 to 8.6", "Without -Pcuda");
  }

  @Test
  void shouldTrainOnTheFirstGpu() throws IOException {
    assertThatCode(build("echo 'NVIDIA A10, 8.6'", "echo 'NVIDIA H100, 9.0'")::requireGpu).doesNotThrowAnyException();
  }

  @Test
  void shouldSayThatThereIsNoDriver() {
    assertThatParagraphOf(new CudaBuild("nd4j", "CUDA 11.6", 37, 86, directory.resolve("nvidia-smi").toString()))
        .contains("no NVIDIA driver, which nd4j needs", "Without -Pcuda");
  }

  @Test
  void shouldSayWhatADriverSaysThatDoesNotWork() throws IOException {
    assertThatParagraphOf(build("echo 'NVIDIA-SMI has failed because it could not communicate with the driver.'", "exit 9"))
        .contains("doesn't work", "\"NVIDIA-SMI has failed because it could not communicate with the driver.\"");
  }

  @Test
  void shouldSayThatThereIsNoGpu() throws IOException {
    assertThatParagraphOf(build("true")).contains("no NVIDIA GPU", "Without -Pcuda");
  }

  @Test
  void shouldLetADriverPassThatDoesNotTell() throws IOException {
    assertThatCode(build("echo 'NVIDIA A10, [N/A]'")::requireGpu).doesNotThrowAnyException();
  }

  @Test
  void shouldLetADriverPassThatIsTooOldToKnowTheQuestion() throws IOException {
    assertThatCode(build("case $1 in",
        "*compute_cap*) echo 'Field \"compute_cap\" is not a valid field to query.'; exit 2 ;;",
        "*) echo 'Tesla K80' ;;",
        "esac")::requireGpu).doesNotThrowAnyException();
  }

  @Test
  void shouldNameTheLibraryThatIsMissing() {
    assertThat(new CudaBuild("nd4j", "the libraries of CUDA 11.6", 37, 86)
        .unusable(new ExceptionInInitializerError(new RuntimeException(
            new UnsatisfiedLinkError("libcudart.so.11.0: cannot open shared object file")))))
        .message().contains("libcudart.so.11.0: cannot open", "the libraries of CUDA 11.6", "LD_LIBRARY_PATH")
        .hasLineCount(1);
  }

  @Test
  void shouldAskNothingOfTheBuildsForCpus() {
    for (Framework framework : Framework.values()) {
      assertThatCode(framework.training()::requireDevice).as(framework.title()).doesNotThrowAnyException();
    }
  }

  private static AbstractStringAssert<?> assertThatParagraphOf(CudaBuild build) {
    return assertThatThrownBy(build::requireGpu).isInstanceOf(IOException.class).message().hasLineCount(1);
  }

  private CudaBuild build(String... lines) throws IOException {
    Path command = directory.resolve("nvidia-smi");
    Files.writeString(command, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new CudaBuild("nd4j", "CUDA 11.6", 37, 86, command.toString());
  }
}
