package io.github.tensorboard4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PythonIT {
  @TempDir
  private Path directory;

  @BeforeEach
  void install() {
    TensorBoardEnvironment.require();
  }

  @Test
  void shouldRunNumpyOnAFileOfTheTest() throws IOException {
    Path file = Files.write(directory.resolve("bytes"), new byte[] {3, 1, 2, 2});

    String counts = Python.run("""
        import sys
        import numpy as np
        print(np.histogram(np.fromfile(sys.argv[1], dtype=np.uint8), bins=int(sys.argv[2]))[0].tolist())
        """, file, 3);

    assertThat(counts).isEqualToIgnoringNewLines("[1, 2, 1]");
  }

  @Test
  void shouldFailWithThePythonErrorOfAScript() {
    assertThatThrownBy(() -> Python.run("raise ValueError('no \\u00fc')"))
        .isInstanceOf(AssertionError.class).hasMessageContaining("ValueError: no \u00fc");
  }
}
