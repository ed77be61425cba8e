package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.events.EventFileReader;
import io.github.tensorboard4j.testing.ChildJvm;
import io.github.tensorboard4j.testing.ForeignJars;
import io.github.tensorboard4j.testing.Recorded;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar as users get it, in JVMs with their class paths. */
class PackagedJarIT {

  private static final Path JAR = ChildJvm.place(SummaryWriter.class);
  private static final String PROTOBUF = "io/github/tensorboard4j/internal/protobuf/";
  private static final byte[] GRAPH = {34, 2, 8, 27};

  @TempDir
  Path run;

  /** All versions of protobuf, before and behind the jar, and none. */
  static Stream<List<Path>> classPaths() {
    return Stream.concat(Stream.of(List.of(JAR)),
        ForeignJars.protobuf().stream().flatMap(protobuf -> Stream.of(List.of(protobuf, JAR), List.of(JAR, protobuf))));
  }

  @ParameterizedTest
  @MethodSource("classPaths")
  void shouldRecordAndReadBesideAnyProtobuf(List<Path> classPath) throws IOException, InterruptedException {
    shouldRecordAndRead(List.of(), classPath);
  }

  @ParameterizedTest
  @MethodSource("waysWithoutUnsafe")
  void shouldRecordAndReadWithoutUnsafe(List<String> flags) throws IOException, InterruptedException {
    shouldRecordAndRead(flags, List.of(JAR));
  }

  /** A JVM without the module that has it, and one that denies access to it. */
  static Stream<List<String>> waysWithoutUnsafe() {
    List<String> without = List.of("--limit-modules", "java.base");
    return Runtime.version().feature() < 24
        ? Stream.of(without)
        : Stream.of(without, List.of("--sun-misc-unsafe-memory-access=deny"));
  }

  private void shouldRecordAndRead(List<String> flags, List<Path> classPath) throws IOException, InterruptedException {
    List<Path> entries = new ArrayList<>(classPath);
    entries.addAll(ForeignJars.slf4j("1.7"));

    Process process = ChildJvm.start(flags, entries, Training.class, run.toString());
    String log = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(log).isZero();
    assertThat(log).doesNotContain("ERROR").doesNotContain("WARN ");
    Recorded recorded = Recorded.in(run);
    assertThat(recorded.scalar("loss")).hasSize(1_000).containsEntry(7L, 0.5f);
    assertThat(recorded.histograms().get("W").get(1L).count()).isEqualTo(100_000);
    assertThat(recorded.texts()).contains("# λ = 0,1 \uD83D\uDE80");
    assertThat(recorded.tensorSteps()).containsKeys("tone", "curve", "cloud_VERTEX", "custom_scalars__config__", "own");
    assertThat(Recorded.in(run.resolve("train")).scalar("both")).hasSize(1);
    assertThat(run.resolve("projector_config.pbtxt")).exists();
    assertThat(recorded.events().stream().flatMap(event -> event.graphDef().stream()))
        .containsExactly(ByteBuffer.wrap(GRAPH));
    assertThat(recorded.tensorSteps())
        .containsKeys("_hparams_/session_start_info", "_hparams_/session_end_info", "picture");
    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo(String.valueOf(recorded.events().size()));
  }

  /** Records something of every kind, and says how many events it reads then. */
  static final class Training {
    public static void main(String[] args) throws IOException {
      Path run = Path.of(args[0]);
      try (SummaryWriter writer = SummaryWriter.open(run)) {
        writer.addHparams(Map.of("rate", 0.1, "optimizer", "Adam", "shuffled", true));
        writer.addGraph(ByteBuffer.wrap(GRAPH));
        writer.addText("configuration", "# λ = 0,1 \uD83D\uDE80", 1);
        for (int step = 1; step <= 1_000; step++) {
          writer.addScalar("loss", 0.5, step);
        }
        writer.addHistogram("W", FloatBuffer.allocate(100_000), 1);
        writer.addHistogram("b", FloatBuffer.allocate(10), 1);
        writer.addImage("picture", Picture.of(FloatBuffer.allocate(30_000), ImageLayout.CHW, 3, 100, 100), 1);
        writer.addScalars("both", Map.of("train", 0.5), 1);
        writer.addAudio("tone", Audio.of(new float[100], 8_000), 1);
        writer.addPrCurve("curve", PrCurve.of(new int[] {0, 1}, new float[] {0.5f, 1}), 1);
        writer.addMesh("cloud", Mesh.builder(new float[2][3]).build(), 1);
        writer.addCustomScalars(ScalarLayout.builder().category("all").multiline("loss", "loss").build());
        writer.addTensor("own", PluginTensor.ofStrings("a").plugin("own"), 1);
        writer.addEmbedding("words", Embedding.builder(new float[2][2]).labels(List.of("a", "b")).build(), 1);
        writer.endSession(SessionStatus.SUCCESS);
      }
      System.out.print(EventFileReader.readAll(Recorded.files(run).get(0)).size());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.7", "2.0"})
  void shouldSayWhatIsWrongThroughAnySlf4j(String version) throws IOException, InterruptedException {
    List<Path> classPath = new ArrayList<>(ForeignJars.slf4j(version));
    assertThat(classPath).hasSize(2);
    classPath.add(JAR);

    Process process = ChildJvm.start(List.of(), classPath, TrainingWhoseDirectoryIsLost.class, run.toString());
    String log = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(log).isZero();
    assertThat(log).containsOnlyOnce("Can't write TensorBoard events").contains("100 TensorBoard events")
        .contains("were lost");
  }

  /** Finds a link to nowhere where its run's directory was. */
  static final class TrainingWhoseDirectoryIsLost {
    public static void main(String[] args) throws IOException {
      Path run = Path.of(args[0]).resolve("run");
      try (SummaryWriter writer = SummaryWriter.open(run)) {
        writer.flush();
        for (Path file : Recorded.files(run)) {
          Files.delete(file);
        }
        Files.delete(run);
        Files.createSymbolicLink(run, run.resolveSibling("nowhere"));
        for (int step = 1; step <= 100; step++) {
          writer.addScalar("loss", 0.5, step);
        }
      }
    }
  }

  @Test
  void shouldHaveItsOwnProtobufAlone() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      List<String> names = jar.stream().map(entry -> entry.getName()).filter(name -> !name.endsWith("/")).toList();

      assertThat(names).contains(PROTOBUF + "CodedOutputStream.class", "META-INF/LICENSE-protobuf.txt");
      assertThat(names).allMatch(name -> name.startsWith("io/github/tensorboard4j/") || name.startsWith("META-INF/"));
      assertThat(names).noneMatch(name -> name.endsWith(".proto") || name.contains("com.google"));
    }
  }

  @Test
  void shouldHaveOnlyClassesOfProtobufThatCanBeLinked() throws IOException, ReflectiveOperationException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      List<String> names = jar.stream().map(entry -> entry.getName())
          .filter(name -> name.startsWith(PROTOBUF) && name.endsWith(".class"))
          .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.')).toList();

      for (String name : names) {
        assertThat(Class.forName(name)).isNotNull();
      }
    }
  }
}
