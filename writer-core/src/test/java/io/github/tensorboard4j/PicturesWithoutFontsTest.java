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
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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
  @Timeout(120)
  void shouldDrawPicturesWithoutTextWhereThereAreNoFonts() throws Exception {
    String log = run(desktopWithoutFonts());

    Map<String, Map<Long, BufferedImage>> pictures = Recorded.in(logs.resolve("run")).pictures();
    assertThat(pictures).containsOnlyKeys("caption", "box", "confusion");
    assertThat(pictures.get("caption").get(1L).getWidth()).isEqualTo(60);
    assertThat(pictures.get("caption").get(1L).getHeight()).isGreaterThan(40);
    assertThat(log).doesNotContain("lost");
    assertThat(log.lines()).filteredOn(line -> line.contains("without their text")).hasSize(1);
  }

  /** Runs the program with other classes of the AWT, and returns what it has logged. */
  private String run(Path desktop) throws Exception {
    Process process = ChildJvm.start(
        List.of("-Djava.awt.headless=true", "--patch-module=java.desktop=" + desktop), Program.class,
        logs.resolve("run").toString());
    process.getInputStream().readAllBytes();
    String log = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(log).isZero();
    return log;
  }

  /** Compiles what the AWT asks for fonts to what it does on a server that has none. */
  private Path desktopWithoutFonts() throws IOException {
    Path source = Files.writeString(logs.resolve("FontManagerFactory.java"), """
        package sun.font;
        public final class FontManagerFactory {
          public static synchronized FontManager getInstance() {
            throw new InternalError("Probable fatal error: No physical fonts found.");
          }
        }
        """);
    Path classes = logs.resolve("desktop");
    assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null,
        "--patch-module", "java.desktop=" + logs, "-d", classes.toString(), source.toString())).isZero();
    return classes;
  }
}
