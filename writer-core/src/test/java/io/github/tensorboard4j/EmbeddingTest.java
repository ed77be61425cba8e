package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tensorboard4j.testing.ChildJvm;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingTest {

  private static final float[][] VECTORS = {{1, 2.5f}, {-3e-8f, Float.NaN}, {5, 6}};

  @TempDir
  private Path run;

  @Test
  void shouldWriteVectorsAndLabelsAsTables() throws IOException {
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addEmbedding("words", Embedding.builder(VECTORS).labels(List.of("tab\there", " ", 7)).build(), 3);
      writer.addEmbedding("more", Embedding.builder(FloatBuffer.wrap(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9}), 3)
          .column("word", List.of("a", "", "line\r\n")).column("length", List.of(1, 0, 2)).build(), 3);
      writer.addEmbedding("bare",
          Embedding.builder(TensorValues.of(DoubleBuffer.wrap(new double[] {1, 2, 3, 4})), 2).build(), 3);
    }

    assertThat(Files.readString(run.resolve("embeddings/words/3/tensors.tsv")))
        .isEqualTo("1.0\t2.5\n-3.0E-8\t0.0\n5.0\t6.0\n");
    assertThat(Files.readString(run.resolve("embeddings/words/3/metadata.tsv"))).isEqualTo("tab\\there\n\" \"\n7\n");
    assertThat(Files.readString(run.resolve("embeddings/more/3/metadata.tsv")))
        .isEqualTo("word\tlength\na\t1\n\"\"\t0\nline\\r\\n\t2\n");
    assertThat(Files.readString(run.resolve("embeddings/bare/3/tensors.tsv"))).isEqualTo("1.0\t2.0\n3.0\t4.0\n");
    assertThat(run.resolve("embeddings/bare/3/metadata.tsv")).doesNotExist();
    assertThat(names()).containsExactlyInAnyOrder("words:00003", "more:00003", "bare:00003");
  }

  @Test
  void shouldPutPicturesSideBySide() throws IOException {
    List<Picture> pictures = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      BufferedImage picture = new BufferedImage(4, 5, BufferedImage.TYPE_INT_RGB);
      picture.setRGB(1, 2, 0xff0000 >> 8 * i);
      pictures.add(Picture.of(picture));
    }
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addEmbedding("pictures", Embedding.builder(VECTORS).sprites(pictures).build(), 0);
    }

    BufferedImage sheet = ImageIO.read(run.resolve("embeddings/pictures/0/sprite.png").toFile());
    assertThat(sheet.getWidth()).isEqualTo(8);
    assertThat(sheet.getHeight()).isEqualTo(10);
    assertThat(sheet.getRGB(1, 2)).isEqualTo(0xffff0000);
    assertThat(sheet.getRGB(5, 2)).isEqualTo(0xff00ff00);
    assertThat(sheet.getRGB(1, 7)).isEqualTo(0xff0000ff);
    assertThat(sheet.getRGB(5, 7)).as("left over").isEqualTo(0xff000000);
  }

  @Test
  void shouldKeepWhatOthersHaveWrittenToTheConfiguration() throws IOException {
    String others = "embeddings {\n  tensor_name: \"theirs\"\n  tensor_path: \"theirs.tsv\"\n}";
    Files.writeString(run.resolve("projector_config.pbtxt"), others);
    for (int step = 1; step <= 3; step++) {
      try (SummaryWriter writer = SummaryWriter.open(run)) {
        writer.addEmbedding("ours", Embedding.builder(VECTORS).build(), step % 3);
        writer.addEmbedding("ours", Embedding.builder(VECTORS).build(), step % 3);
      }
    }

    assertThat(Files.readString(run.resolve("projector_config.pbtxt"))).startsWith(others);
    assertThat(names()).containsExactlyInAnyOrder("theirs", "ours:00000", "ours:00001", "ours:00002");
  }

  @Test
  void shouldForgetAnEmbeddingThatIsDeletedAndFindOneThatACrashHasLeftOut() throws IOException {
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addEmbedding("gone", Embedding.builder(VECTORS).build(), 1);
      writer.addEmbedding("left", Embedding.builder(VECTORS).build(), 1);
      writer.flush();
      Files.delete(run.resolve("projector_config.pbtxt"));
      Files.delete(run.resolve("embeddings/gone/1/entry.pbtxt"));
      Files.writeString(run.resolve("projector_config.pbtxt.torn.tmp"), "embeddings {");
      writer.addEmbedding("new", Embedding.builder(VECTORS).build(), 1);
    }

    assertThat(names()).containsExactlyInAnyOrder("left:00001", "new:00001");
  }

  @Test
  void shouldNameTheEmbeddingsOfSeveralProcessesThatAddToOneRun() throws IOException, InterruptedException {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      processes.add(ChildJvm.start(Adder.class, run.toString(), "p" + i));
    }
    for (Process process : processes) {
      String log = new String(process.getErrorStream().readAllBytes());
      assertThat(process.waitFor()).as(log).isZero();
    }

    assertThat(names()).hasSize(60).doesNotHaveDuplicates();
    try (Stream<Path> files = Files.walk(run)) {
      assertThat(files).noneMatch(file -> file.toString().endsWith(".tmp"));
    }
  }

  /** Adds twenty embeddings. */
  static final class Adder {
    public static void main(String[] args) {
      try (SummaryWriter writer = SummaryWriter.open(Path.of(args[0]))) {
        for (int step = 0; step < 20; step++) {
          writer.addEmbedding(args[1], Embedding.builder(VECTORS).build(), step);
        }
      }
    }
  }

  @Test
  void shouldGoOnWithoutAnEmbeddingWhoseDirectoryCannotBeMade() throws IOException {
    Files.writeString(run.resolve("embeddings"), "a file");
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addEmbedding("lost", Embedding.builder(VECTORS).build(), 1);
      writer.flush();
      writer.addScalar("loss", 1, 1);
    }

    assertThat(run.resolve("projector_config.pbtxt")).doesNotExist();
  }

  @Test
  void shouldHaveWrittenAnEmbeddingWhenItIsFlushed() {
    try (SummaryWriter writer = SummaryWriter.builder(run).flushInterval(Duration.ofHours(1)).build()) {
      writer.addEmbedding("words", Embedding.builder(VECTORS).build(), 1);
      writer.flush();

      assertThat(run.resolve("embeddings/words/1/tensors.tsv")).exists();
      assertThat(run.resolve("projector_config.pbtxt")).exists();
    }
  }

  @Test
  @Timeout(60)
  void shouldLetGoOfAnEmbeddingThatIsWritten() throws InterruptedException {
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      WeakReference<Embedding> added = add(writer);
      writer.flush();
      while (added.get() != null) {
        System.gc();
        Thread.sleep(10);
      }
    }

    assertThat(run.resolve("embeddings/words/1/tensors.tsv")).exists();
  }

  private static WeakReference<Embedding> add(SummaryWriter writer) {
    Embedding embedding = Embedding.builder(VECTORS).build();
    writer.addEmbedding("words", embedding, 1);
    return new WeakReference<>(embedding);
  }

  @Test
  void shouldHoldNoMoreThanOneEmbeddingOfAWriterInMemory() throws IOException {
    WatchfulDisk disk = new WatchfulDisk();
    try (SummaryWriter writer = SummaryWriter.builder(run).disk(disk).build()) {
      for (int step = 0; step < 20; step++) {
        writer.addEmbedding("words", Embedding.builder(VECTORS).build(), step);
      }
    }

    assertThat(disk.mostWaiting).isEqualTo(1);
    assertThat(names()).hasSize(20);
  }

  @Test
  void shouldWriteALargeFileInPiecesAndCountEach() {
    byte[] noise = new byte[1_000 * 1_000];
    new Random(1).nextBytes(noise);
    Picture picture = Picture.of(ByteBuffer.wrap(noise), ImageLayout.HW, 1_000, 1_000);
    WatchfulDisk disk = new WatchfulDisk();
    try (SummaryWriter writer = SummaryWriter.builder(run).disk(disk).build()) {
      writer.addEmbedding("noise", Embedding.builder(new float[2][2]).sprites(List.of(picture, picture)).build(), 1);
    }

    assertThat(run.resolve("embeddings/noise/1/sprite.png").toFile().length()).isGreaterThan(1_000_000);
    assertThat(disk.largestWrite).isLessThanOrEqualTo(EventFile.LARGEST_WRITE);
    assertThat(disk.callsOfWrites).hasSizeGreaterThan(4).doesNotHaveDuplicates().allMatch(call -> call % 2 == 1);
  }

  @Test
  void shouldHaveForcedTheNamesOfAllFilesBeforeTheConfigurationNamesThemAndItsOwnAfterwards() throws IOException {
    WatchfulDisk disk = new WatchfulDisk();
    try (SummaryWriter writer = SummaryWriter.builder(run.resolve("new/run")).disk(disk).build()) {
      writer.addEmbedding("words", Embedding.builder(VECTORS).labels(List.of(1, 2, 3)).build(), 1);
      writer.sync();

      assertThat(disk.unforcedAtConfiguration).isEqualTo(Set.of());
      assertThat(disk.unforcedIn(run)).isEmpty();
    }
  }

  /** Knows what waits at each new file, what is written at once, and which names a loss of power would take. */
  private final class WatchfulDisk implements Disk {

    private final Set<Path> forced = new HashSet<>();
    private @Nullable Set<Path> unforcedAtConfiguration;
    private int mostWaiting;
    private int largestWrite;
    private final List<Long> callsOfWrites = new ArrayList<>();

    private Set<Path> unforcedIn(Path directory) throws IOException {
      try (Stream<Path> files = Files.walk(directory)) {
        return files.filter(file -> !file.equals(directory) && !file.toString().endsWith(".tmp"))
            .filter(file -> !forced.contains(file)).collect(Collectors.toSet());
      }
    }

    private List<EmbeddingFiles> waiting() {
      return WriterLane.all().stream().flatMap(lane -> lane.openTasks().stream())
          .filter(EmbeddingFiles.class::isInstance).map(EmbeddingFiles.class::cast)
          .filter(task -> task.toString().contains(run.toString())).toList();
    }

    @Override
    public SeekableByteChannel create(Path file) throws IOException {
      if (file.toString().contains("tfevents")) {
        return FILE_SYSTEM.create(file);
      }
      mostWaiting = Math.max(mostWaiting, waiting().size());
      if (file.getFileName().toString().startsWith("projector_config")) {
        unforcedAtConfiguration = unforcedIn(file.resolveSibling("embeddings"));
      }
      return new DelegatingChannel(FILE_SYSTEM.create(file)) {
        @Override
        public int write(ByteBuffer bytes) throws IOException {
          callsOfWrites.add(waiting().get(0).diskCalls());
          largestWrite = Math.max(largestWrite, bytes.remaining());
          return super.write(bytes);
        }
      };
    }

    @Override
    public void force(SeekableByteChannel channel) throws IOException {
      FILE_SYSTEM.force(channel instanceof DelegatingChannel delegating ? delegating.channel : channel);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
      FILE_SYSTEM.forceDirectory(directory);
      if (directory.startsWith(run)) {
        try (Stream<Path> files = Files.list(directory)) {
          files.forEach(forced::add);
        }
      }
    }

    @Override
    public Object deviceOf(Path directory) {
      return this;
    }
  }

  @Test
  void shouldNameEachEmbeddingThatIsLost() throws IOException, InterruptedException {
    Files.writeString(run.resolve("embeddings"), "a file");
    Process process = ChildJvm.start(Adder.class, run.toString(), "words");
    String log = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(log).isZero();
    for (int step = 0; step < 20; step++) {
      assertThat(log).containsOnlyOnce(String.format("Can't write the embedding words:%05d of %s", step, run));
    }
    assertThat(log).doesNotContain("\tat ");
  }

  @Test
  void shouldSayOfHowManyElementsThatAreNotFiniteZerosAreShown() throws IOException, InterruptedException {
    Process process = ChildJvm.start(Adder.class, run.toString(), "words");
    String log = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(log).isZero();
    assertThat(log).containsOnlyOnce("NaN or infinite elements in the embedding words:00007 of " + run + ": 1 of 6.");
  }

  @Test
  void shouldWriteAnEmbeddingOfAJvmThatEndsWithoutAClose() throws IOException, InterruptedException {
    Process process = ChildJvm.start(ForgetfulAdder.class, run.toString());
    String log = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(log).isZero();
    assertThat(names()).containsExactly("words:00001");
  }

  /** Ends right after it has added an embedding. */
  static final class ForgetfulAdder {
    public static void main(String[] args) {
      Embedding embedding = Embedding.builder(new float[10_000][100]).build();
      SummaryWriter.open(Path.of(args[0])).addEmbedding("words", embedding, 1);
    }
  }

  @Test
  void shouldNameTheEmbeddingsOfARunWhereFilesOfOthersComeAndGo() throws Exception {
    Path theirs = Files.createDirectories(run.resolve("embeddings/theirs/1"));
    Files.writeString(run.resolve("embeddings/notes.txt"), "no directory");
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<Void> others = CompletableFuture.runAsync(() -> {
      try {
        for (int i = 0; !done.get(); i++) {
          Files.delete(Files.createFile(theirs.resolve(i + ".tmp")));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      for (int step = 0; step < 100; step++) {
        writer.addEmbedding("ours", Embedding.builder(VECTORS).build(), step);
        writer.flush();

        assertThat(names()).hasSize(step + 1);
      }
    } finally {
      done.set(true);
      others.get();
    }
  }

  @Test
  void shouldRefuseWhatTheProjectorCannotShow() {
    assertThatThrownBy(() -> Embedding.builder(new float[1][3])).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[1, 3]");
    assertThatThrownBy(() -> Embedding.builder(new float[0][])).hasMessageContaining("[0, 0]");
    assertThatThrownBy(() -> Embedding.builder(new float[3][1])).hasMessageContaining("[3, 1]");
    assertThatThrownBy(() -> Embedding.builder(new float[][] {{1, 2}, {1, 2, 3}})).hasMessageContaining("Vector 1 has 3");
    assertThatThrownBy(() -> Embedding.builder(FloatBuffer.allocate(7), 2)).hasMessageContaining("[vectors, 2]")
        .hasMessageContaining("7 elements");
    Embedding.Builder builder = Embedding.builder(VECTORS);
    assertThatThrownBy(() -> builder.labels(List.of("a", "b"))).hasMessageContaining("3 vectors, but 2 labels");
    assertThatThrownBy(() -> builder.column(" ", List.of("a", "b", "c"))).hasMessageContaining("names of their own");
    assertThatThrownBy(() -> builder.column("x", List.of("a"))).hasMessageContaining("1 labels of the column x");
    assertThatThrownBy(() -> builder.sprites(List.of())).hasMessageContaining("0 pictures");
    Picture small = Picture.of(new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB));
    Picture large = Picture.of(new BufferedImage(4097, 2, BufferedImage.TYPE_INT_RGB));
    assertThatThrownBy(() -> builder.sprites(List.of(small, large, small))).hasMessageContaining("Picture 1 has 4097 x 2")
        .hasMessageContaining("2 x 2");
    assertThatThrownBy(() -> builder.sprites(List.of(large, large, large))).hasMessageContaining("3 pictures of 4097 x 2")
        .hasMessageContaining("8192");
    builder.column("x", List.of("a", "b", "c"));
    assertThatThrownBy(() -> builder.column("x", List.of("a", "b", "c"))).hasMessageContaining("\"x\"");
    assertThatThrownBy(() -> builder.labels(List.of("a", "b", "c"))).isInstanceOf(IllegalStateException.class);
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      Embedding embedding = builder.build();
      for (String name : List.of("", "a/b", "..", ".a", "a&b", "a\nb", "a#", "x".repeat(101), "a.", "a\"b")) {
        assertThatThrownBy(() -> writer.addEmbedding(name, embedding, 1)).as(name)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("name of a directory").hasMessageContaining('"' + name + '"');
      }
      writer.addEmbedding("größe (1), x=2_b-c.d", embedding, 1);
    }
    SummaryWriter closed = SummaryWriter.open(run);
    closed.close();
    assertThatThrownBy(() -> closed.addEmbedding("a", builder.build(), 1)).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  private List<String> names() throws IOException {
    Matcher matcher =
        Pattern.compile("tensor_name: \"(.*)\"").matcher(Files.readString(run.resolve("projector_config.pbtxt")));
    return matcher.results().map(result -> result.group(1)).toList();
  }
}
