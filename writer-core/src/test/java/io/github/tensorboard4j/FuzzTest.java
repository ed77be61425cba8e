package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.Jazzer;
import io.github.tensorboard4j.testing.ChildJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FuzzTest {

  @TempDir
  private Path directory;

  @Test
  void shouldReadWhatIsWrittenAndSayWhereAFileIsCorrupt() throws IOException, InterruptedException {
    Process process = ChildJvm.start(List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=off"), Jazzer.class,
        "--target_class=" + EventFileFuzz.class.getName(), "--instrumentation_includes=io.github.tensorboard4j.**",
        "--reproducer_path=" + directory, "-artifact_prefix=" + directory + "/",
        "-runs=" + System.getProperty("fuzz.runs", "5000"), "-seed=" + System.getProperty("fuzz.seed", "1"));
    String log = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(log).isZero();
    assertThat(log).contains("Done");
  }
}
