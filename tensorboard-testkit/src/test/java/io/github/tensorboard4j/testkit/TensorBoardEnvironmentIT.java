package io.github.tensorboard4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tensorboard4j.testkit.TensorBoardEnvironment.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardEnvironmentIT {
  private static final String VERSION = """
      from importlib.metadata import version
      print(version('typing_extensions'))""";

  @TempDir
  private Path directory;

  @BeforeEach
  void skipWhereNothingCanBeInstalled() {
    TensorBoardEnvironment.require();
  }

  @Test
  void shouldInstallOnceAndAgainWhenThePinnedVersionChanges() throws UnavailableException, IOException {
    Path venv = directory.resolve("venv");
    TensorBoardEnvironment.install(venv, List.of("typing_extensions==4.14.1"));
    Path trace = Files.createFile(venv.resolve("trace"));

    TensorBoardEnvironment.install(venv, List.of("typing_extensions==4.14.1"));
    assertThat(trace).exists();

    TensorBoardEnvironment changed = TensorBoardEnvironment.install(venv, List.of("typing_extensions==4.15.0"));
    assertThat(trace).doesNotExist();
    assertThat(Command.run(List.of(changed.python().toString(), "-c", VERSION), Duration.ofMinutes(1))
        .output()).isEqualToIgnoringNewLines("4.15.0");
  }

  @Test
  void shouldSayWhyNothingWasInstalledAndTryAgainNextTime() throws UnavailableException {
    Path venv = directory.resolve("venv");
    assertThatThrownBy(() -> TensorBoardEnvironment.install(venv, List.of("typing_extensions==0.0.0.1")))
        .isInstanceOf(UnavailableException.class).hasMessageContaining("typing_extensions==0.0.0.1");

    assertThat(TensorBoardEnvironment.install(venv, List.of("typing_extensions==4.15.0")).python()).isExecutable();
  }
}
