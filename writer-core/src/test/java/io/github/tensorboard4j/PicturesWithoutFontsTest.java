package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testing.ChildJvm;
import io.github.tensorboard4j.testing.Recorded;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Pictures in a JVM that can't write text, as on a server without fonts. */
class PicturesWithoutFontsTest {

  static final class Program {
    public static void main(String[] args) {
      try (SummaryWriter writer = SummaryWriter.open(Path.of(args[0]))) {
        Picture picture = Picture.of(new BufferedImage(60, 40, BufferedImage.TYPE_INT_RGB));
        writer.addImage("caption", picture.withCaption("a caption"), 1);
        writer.addImage("box", picture.withBoxes(List.of(new Picture.Box(10, 10, 30, 30, "a box"))), 1);
        writer.addConfusionMatrix("confusion", ConfusionMatrix.of(new long[][] {{3, 1}, {0, 4}}, List.of("a", "b")), 1);
      }
    }
  }

  @TempDir
  private Path logs;

  @Test
  @EnabledOnOs(OS.LINUX)
  @Timeout(120)
  void shouldDrawPicturesWithoutTextWhereThereAreNoFonts() throws Exception {
    String log = run(librariesWithoutFonts());

    Map<String, Map<Long, BufferedImage>> pictures = Recorded.in(logs.resolve("run")).pictures();
    assertThat(pictures).containsOnlyKeys("caption", "box", "confusion");
    assertThat(pictures.get("caption").get(1L).getWidth()).isEqualTo(60);
    assertThat(pictures.get("caption").get(1L).getHeight()).isGreaterThan(40);
    assertThat(log).doesNotContain("lost");
    assertThat(log.lines()).filteredOn(line -> line.contains("without their text")).hasSize(1);
  }

  /** Runs the program and returns what it has logged. */
  private String run(Path libraries) throws Exception {
    try {
      Process process = ChildJvm.start(
          List.of("-Djava.awt.headless=true", "-Dsun.boot.library.path=" + libraries), Program.class,
          logs.resolve("run").toString());
      process.getInputStream().readAllBytes();
      String log = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(log).isZero();
      return log;
    } finally {
      try (Stream<Path> links = Files.list(libraries)) {
        for (Path link : links.toList()) {
          Files.delete(link);
        }
      }
    }
  }

  /** Returns a directory with the JVM's libraries, but that which draws text. */
  private Path librariesWithoutFonts() throws IOException {
    Path directory = Files.createDirectory(logs.resolve("libraries"));
    try (Stream<Path> libraries = Files.list(Path.of(System.getProperty("java.home"), "lib"))) {
      for (Path library : libraries.toList()) {
        if (!library.getFileName().toString().contains("fontmanager")) {
          Files.createSymbolicLink(directory.resolve(library.getFileName()), library);
        }
      }
    }
    return directory;
  }
}
