package io.github.tensorboard4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

class ToolTest {
  @TempDir
  private Path directory;

  @Test
  void shouldSkipATestWithoutItsToolAndFailItInContinuousIntegration() {
    assertThat(Tool.missing("no browser", false)).isInstanceOf(TestAbortedException.class).hasMessage("no browser");
    assertThatThrownBy(() -> Tool.missing("no browser", true))
        .isInstanceOf(AssertionFailedError.class).hasMessageContaining("no browser");
  }

  @Test
  void shouldFindOnlyFilesThatCanBeExecuted() throws IOException {
    Path plain = Files.createFile(directory.resolve("plain"));
    Path program = Path.of(System.getProperty("java.home"), "bin", "java");

    assertThat(Tool.find(directory.toString(), plain.toString(), "no-such-program", program.toString()))
        .contains(program);
    assertThat(Tool.find("no-such-program")).isEmpty();
  }

  @Test
  void shouldFindTheOutermostModule() throws IOException {
    Path module = Files.createDirectories(directory.resolve("root").resolve("a").resolve("b"));
    Files.createFile(directory.resolve("root").resolve("pom.xml"));
    Files.createFile(directory.resolve("root").resolve("a").resolve("pom.xml"));

    assertThat(TensorBoardEnvironment.buildRoot(module)).isEqualTo(directory.resolve("root"));
  }
}
