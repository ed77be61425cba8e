package io.github.tensorboard4j.examples.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdxFileTest {
  private static final byte[] VALUES = values(3 * 28 * 28);

  @Test
  void shouldReadAPlainFile() throws IOException {
    IdxFile file = read(IdxFiles.of(VALUES, 3, 28, 28), 3);

    assertThat(file.shape()).containsExactly(3, 28, 28);
    assertThat(file.values()).isEqualTo(VALUES);
  }

  @Test
  void shouldReadAGzippedFileWhateverItsNameIs() throws IOException {
    IdxFile file = read(IdxFiles.gzipped(IdxFiles.of(VALUES, VALUES.length)), 1);

    assertThat(file.shape()).containsExactly(VALUES.length);
    assertThat(file.values()).isEqualTo(VALUES);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 15})
  void shouldNameAFileThatEndsWithinItsHeader(int length) throws IOException {
    byte[] file = Arrays.copyOf(IdxFiles.of(VALUES, 3, 28, 28), length);

    assertFault(file, 3, "some-file: truncated");
  }

  @Test
  void shouldSayHowMuchOfATruncatedFileIsThere() throws IOException {
    byte[] file = Arrays.copyOf(IdxFiles.of(VALUES, 3, 28, 28), 16 + 1000);

    assertFault(file, 3, "some-file: truncated: expected 2,352 bytes (3 x 28 x 28) after the header, found 1,000");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 9, 40, -9, -8, -1})
  void shouldNameAGzippedFileThatIsCutAnywhere(int cut) throws IOException {
    byte[] whole = IdxFiles.gzipped(IdxFiles.of(VALUES, 3, 28, 28));
    byte[] file = Arrays.copyOf(whole, cut > 0 ? cut : whole.length + cut);

    assertFault(file, 3, "some-file: truncated");
  }

  @Test
  void shouldNameAGzippedFileThatIsDamaged() throws IOException {
    byte[] file = IdxFiles.gzipped(IdxFiles.of(VALUES, 3, 28, 28));
    file[file.length - 6] ^= 1;

    assertFault(file, 3, "some-file: expected intact gzipped data");
  }

  @Test
  void shouldRefuseAFileThatIsNoIdxFile() {
    byte[] page = "<html><head><title>404 Not Found</title></head></html>".getBytes(StandardCharsets.US_ASCII);

    assertFault(page, 3, "some-file: expected an IDX file of unsigned bytes with 3 dimension(s), "
        + "which starts with 0x00000803, found 0x3c68746d");
  }

  @Test
  void shouldRefuseLabelsInPlaceOfImages() throws IOException {
    assertFault(IdxFiles.labels(10), 3, "some-file: expected an IDX file of unsigned bytes with 3 dimension(s)");
  }

  @Test
  void shouldRefuseOtherElementTypes() throws IOException {
    byte[] file = IdxFiles.labels(10);
    file[2] = 0x0d;

    assertFault(file, 1, "found 0x00000d01");
  }

  @Test
  void shouldRefuseBytesBeyondTheEnd() throws IOException {
    byte[] file = IdxFiles.of(VALUES, 2, 28, 28);

    assertFault(file, 3, "some-file: expected 1,568 bytes (2 x 28 x 28) after the header, found more");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void shouldRefuseDimensionsThatNoFileCanHave(int dimension) throws IOException {
    assertFault(IdxFiles.of(VALUES, dimension, 28, 28), 3, "found the dimensions " + dimension + " x 28 x 28");
  }

  @Test
  void shouldNotReserveMemoryForAHeaderThatPromisesTooMuch() throws IOException {
    byte[] file = IdxFiles.of(VALUES, Integer.MAX_VALUE - 8);

    assertFault(file, 1, "some-file: truncated: "
        + "expected 2,147,483,639 bytes (2147483639) after the header, found 2,352");
  }

  private static void assertFault(byte[] file, int rank, String message) {
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> read(file, rank)).withMessageContaining(message);
  }

  private static IdxFile read(byte[] file, int rank) throws IOException {
    return IdxFile.read("some-file", new ByteArrayInputStream(file), rank);
  }

  private static byte[] values(int count) {
    byte[] values = new byte[count];
    for (int i = 0; i < count; i++) {
      values[i] = (byte) (i * 31);
    }
    return values;
  }
}
