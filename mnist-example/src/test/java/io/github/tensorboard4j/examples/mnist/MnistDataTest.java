package io.github.tensorboard4j.examples.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MnistDataTest {
  @TempDir
  private Path directory;

  /** The counts, mean and deviation are those that the literature and other libraries give for MNIST. */
  @Test
  void shouldComeWithTheWholeOfMnist() throws IOException {
    MnistData mnist = MnistData.bundled();

    assertThat(mnist.test().size()).isEqualTo(10_000);
    LabelledImages train = mnist.train();
    assertThat(train.size()).isEqualTo(60_000);
    assertThat(counts(train)).containsExactly(5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949);
    assertThat(train.label(0)).isEqualTo(5);

    float[] image = new float[LabelledImages.PIXELS];
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < train.size(); i++) {
      train.copyPixels(i, image, 0);
      for (float pixel : image) {
        sum += pixel;
        squares += (double) pixel * pixel;
      }
    }
    double values = (double) train.size() * LabelledImages.PIXELS;
    double mean = sum / values;
    assertThat(mean).isCloseTo(0.1307, within(5e-5));
    assertThat(Math.sqrt(squares / values - mean * mean)).isCloseTo(0.3081, within(5e-5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-idx3-ubyte", ".idx3-ubyte"})
  void shouldReadADirectoryUnderEitherSpelling(String suffix) throws IOException {
    IdxFiles.writeDataSet(directory, 20, 12);
    byte[] images = Files.readAllBytes(directory.resolve("train-images-idx3-ubyte"));
    Files.delete(directory.resolve("train-images-idx3-ubyte"));
    Files.write(directory.resolve("train-images" + suffix), images);

    MnistData data = MnistData.load(directory);

    assertThat(data.train().size()).isEqualTo(20);
    assertThat(data.test().size()).isEqualTo(12);
    assertThat(data.train().label(13)).isEqualTo(3);
    float[] matrix = new float[2 * LabelledImages.PIXELS];
    data.train().copyPixels(17, matrix, 1);
    assertThat(matrix[0]).isZero();
    assertThat(matrix[LabelledImages.PIXELS]).isEqualTo(17 / 255f);
    assertThat(matrix[matrix.length - 1]).isEqualTo(17 / 255f);
  }

  @Test
  void shouldReadGzippedFilesOfADirectory() throws IOException {
    IdxFiles.writeDataSet(directory, 20, 12);
    Files.delete(directory.resolve("t10k-labels-idx1-ubyte"));
    Files.write(directory.resolve("t10k-labels-idx1-ubyte.gz"), IdxFiles.gzipped(IdxFiles.labels(12)));

    assertThat(MnistData.load(directory).test().size()).isEqualTo(12);
  }

  @Test
  void shouldSayWhichNamesAMissingFileMayHave() throws IOException {
    IdxFiles.writeDataSet(directory, 20, 12);
    Files.delete(directory.resolve("t10k-labels-idx1-ubyte"));

    assertFault(directory + ": expected one of t10k-labels-idx1-ubyte.gz, t10k-labels-idx1-ubyte, "
        + "t10k-labels.idx1-ubyte.gz, t10k-labels.idx1-ubyte, found none of them");
  }

  @Test
  void shouldNameTheFileThatIsTruncated() throws IOException {
    IdxFiles.writeDataSet(directory, 20, 12);
    Path file = directory.resolve("train-images-idx3-ubyte");
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 5_000));

    assertFault(file + ": truncated: expected 15,680 bytes (20 x 28 x 28) after the header, found 4,984");
  }

  @Test
  void shouldRefuseImagesOfAnotherSize() throws IOException {
    IdxFiles.writeDataSet(directory, 20, 12);
    Files.write(directory.resolve("train-images-idx3-ubyte"), IdxFiles.images(20, 32));

    assertFault(directory.resolve("train-images-idx3-ubyte") + ": expected images of 28 x 28 pixels, found 32 x 32");
  }

  @Test
  void shouldRefuseADifferentNumberOfLabelsAndImages() throws IOException {
    IdxFiles.writeDataSet(directory, 20, 12);
    Files.write(directory.resolve("train-labels-idx1-ubyte"), IdxFiles.labels(19));

    assertFault("train-labels-idx1-ubyte: expected 20 labels");
  }

  @Test
  void shouldRefuseMoreClassesThanTheNetworkHas() throws IOException {
    IdxFiles.writeDataSet(directory, 20, 12);
    byte[] letters = new byte[20];
    letters[7] = 26;
    Files.write(directory.resolve("train-labels-idx1-ubyte"), IdxFiles.of(letters, 20));

    assertFault("train-labels-idx1-ubyte: expected labels from 0 to 9, found 26 at position 7");
  }

  private void assertFault(String message) {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> MnistData.load(directory))
        .withMessageContaining(message);
  }

  private static int[] counts(LabelledImages images) {
    int[] counts = new int[LabelledImages.CLASSES];
    for (int i = 0; i < images.size(); i++) {
      counts[images.label(i)]++;
    }
    return counts;
  }
}
