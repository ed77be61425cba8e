package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused; what is recorded, {@link BoardsIT} sees in TensorBoard. */
class RunMetadataTest {

  @TempDir
  private Path logs;

  @Test
  void shouldRefuseWhatNoOperationTakes() {
    RunMetadata.Builder metadata = RunMetadata.builder();
    assertThatIllegalArgumentException().isThrownBy(() -> metadata.operation(" ", Duration.ZERO, Duration.ZERO, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> metadata.operation("a", "", Duration.ZERO, Duration.ZERO, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> metadata.operation("a", Duration.ZERO, Duration.ofNanos(-1), 0))
        .withMessageContaining("The operation a takes no less than nothing");
    assertThatIllegalArgumentException().isThrownBy(() -> metadata.operation("a", Duration.ZERO, Duration.ZERO, -1));
    assertThatIllegalStateException().isThrownBy(metadata::build).withMessageContaining("add one first");
  }

  @Test
  void shouldRefuseATagThatHasASeries() {
    RunMetadata metadata = RunMetadata.builder().operation("a", Duration.ZERO, Duration.ofMillis(1), 0).build();
    try (SummaryWriter writer = SummaryWriter.open(logs.resolve("run"))) {
      writer.addScalar("loss", 1, 1);
      assertThatIllegalArgumentException().isThrownBy(() -> writer.addRunMetadata("loss", metadata, 1))
          .withMessageContaining("already has scalars");
      writer.addRunMetadata("step 1", metadata, 1);
      writer.addRunMetadata("step 1", metadata, 2);
    }
  }
}
