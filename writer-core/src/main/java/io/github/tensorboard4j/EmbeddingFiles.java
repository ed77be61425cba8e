package io.github.tensorboard4j;

import java.io.BufferedWriter;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The files of an embedding, and the configuration of TensorBoard's projector that names them: no event has them. Written by
 * the writer thread, once.
 */
final class EmbeddingFiles implements WriterLane.Task {

  /*
   * Each embedding has a directory of its own below the run's, embeddings/<name>/<step>, with its entry of the configuration
   * beside its vectors. The configuration is made of all entries that are there, and of what others have written to it. So
   * it needs no lock, which network file systems may not have: whoever has replaced it looks again whether it has all
   * entries, and the last one to do so has met all of them. TensorBoard's page fails for all runs if one configuration is
   * torn or names a file that isn't there: so every file takes its place whole, the entry last.
   *
   * Vectors are written as text. TensorBoard takes raw floats too, but only where it finds that the file is no text.
   */
  private static final String CONFIG = "projector_config.pbtxt";
  private static final String DIRECTORY = "embeddings";
  private static final String ENTRY = "entry.pbtxt";
  private static final String BEGIN = "# embeddings of tensorboard4j, written anew with each further one\n";
  private static final String END = "# end of embeddings of tensorboard4j\n";
  private static final FaultLog FAULTS = new FaultLog();

  private final Path run;
  private final String name;
  private final String place;
  private final Embedding embedding;
  private final Disk disk;
  private final Runnable wakeWriter;
  /** Counts the beginnings and the ends of calls to the disk, for the watch. Written by the writer thread alone. */
  private volatile long calls;

  // guarded by this
  private boolean finished;
  private boolean hanging;

  EmbeddingFiles(Path run, String tag, long step, Embedding embedding, Disk disk, Runnable wakeWriter) {
    this.run = run;
    this.disk = disk;
    this.name = String.format(Locale.ROOT, "%s:%05d", tag, step);
    this.place = DIRECTORY + '/' + tag + '/' + step + '/';
    this.embedding = embedding;
    this.wakeWriter = wakeWriter;
  }

  /** Waits until the files are written or have met a fault, unless the disk hangs. */
  void await() {
    Uninterruptibly.await(this, () -> finished || hanging, wakeWriter);
  }

  synchronized boolean isFinished() {
    return finished;
  }

  @Override
  public long run(long now) {
    try {
      write();
    } catch (IOException | RuntimeException | Error e) {
      calls = (calls | 1) + 1;
      FAULTS.error("Can't write the embedding " + name + " to {}. The program goes on without it.", run, e);
    } finally {
      synchronized (this) {
        finished = true;
        notifyAll();
      }
    }
    return FINISHED;
  }

  @Override
  public long requestFlush() {
    return 0;
  }

  @Override
  public void awaitFlush(long ticket, long deadline) {
    Uninterruptibly.awaitUntil(deadline, this, () -> finished, wakeWriter);
  }

  @Override
  public void logLosses() {
    if (!isFinished()) {
      FAULTS.error("The embedding " + name + " of {} was lost.", run, new IOException("The program has ended before"));
    }
  }

  @Override
  public long diskCalls() {
    return calls;
  }

  @Override
  public synchronized void setHanging(boolean hanging) {
    this.hanging = hanging;
    notifyAll();
  }

  @Override
  public void freeMemory() {}

  @Override
  public String toString() {
    return "The embedding " + name + " of " + run;
  }

  private void write() throws IOException {
    Path directory = run.resolve(place);
    SpriteSheet sprites = embedding.sprites();
    byte[] picture = sprites == null ? null : sprites.png();
    calls++;
    Files.createDirectories(directory);
    Files.deleteIfExists(directory.resolve(ENTRY));
    replace(directory.resolve("tensors.tsv"), this::writeVectors);
    if (!embedding.columns().isEmpty()) {
      replace(directory.resolve("metadata.tsv"), this::writeLabels);
    }
    if (picture != null) {
      replace(directory.resolve("sprite.png"), out -> out.write(picture));
    }
    replace(directory.resolve(ENTRY), out -> out.write(entry().getBytes(StandardCharsets.UTF_8)));
    Path config = run.resolve(CONFIG);
    for (String missing = entries(); !read(config).contains(missing); missing = entries()) {
      byte[] bytes = (othersOf(read(config)) + missing).getBytes(StandardCharsets.UTF_8);
      replace(config, out -> out.write(bytes));
    }
    calls++;
  }

  /** Returns what others have written to a configuration. */
  private static String othersOf(String config) {
    int begin = config.indexOf(BEGIN);
    int end = config.indexOf(END);
    if (begin >= 0 && end > begin) {
      return config.substring(0, begin) + config.substring(end + END.length());
    }
    return config.isEmpty() || config.endsWith("\n") ? config : config + '\n';
  }

  /** Returns the entries of all embeddings of the run. */
  private String entries() throws IOException {
    List<String> entries = new ArrayList<>();
    try (Stream<Path> files = Files.find(
        run.resolve(DIRECTORY), 3, (file, attributes) -> file.getFileName().toString().equals(ENTRY))) {
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        entries.add(read(file));
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return BEGIN + String.join("", entries) + END;
  }

  /** Returns the text of a file, none if there is no such file. */
  private static String read(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException none) {
      return "";
    }
  }

  private String entry() {
    StringBuilder entry = new StringBuilder("embeddings {\n");
    entry.append("  tensor_name: \"").append(name).append("\"\n");
    entry.append("  tensor_path: \"").append(place).append("tensors.tsv\"\n");
    entry.append("  tensor_shape: ").append(embedding.rows()).append('\n');
    entry.append("  tensor_shape: ").append(embedding.dimensions()).append('\n');
    if (!embedding.columns().isEmpty()) {
      entry.append("  metadata_path: \"").append(place).append("metadata.tsv\"\n");
    }
    SpriteSheet sprites = embedding.sprites();
    if (sprites != null) {
      entry.append("  sprite {\n    image_path: \"").append(place).append("sprite.png\"\n");
      entry.append("    single_image_dim: ").append(sprites.width()).append('\n');
      entry.append("    single_image_dim: ").append(sprites.height()).append("\n  }\n");
    }
    return entry.append("}\n").toString();
  }

  private void writeVectors(OutputStream out) throws IOException {
    Writer text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.US_ASCII));
    for (int row = 0; row < embedding.rows(); row++) {
      for (int i = 0; i < embedding.dimensions(); i++) {
        if (i > 0) {
          text.write('\t');
        }
        text.write(Float.toString(embedding.value(row, i)));
      }
      text.write('\n');
    }
    text.flush();
  }

  /** Writes the columns' names only where there are two or more: TensorBoard takes a line without tabs for a label. */
  private void writeLabels(OutputStream out) throws IOException {
    Writer text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    List<List<String>> columns = new ArrayList<>(embedding.columns().values());
    if (columns.size() > 1) {
      writeRow(text, new ArrayList<>(embedding.columns().keySet()));
    }
    for (int row = 0; row < embedding.rows(); row++) {
      List<String> labels = new ArrayList<>();
      for (List<String> column : columns) {
        labels.add(column.get(row));
      }
      writeRow(text, labels);
    }
    text.flush();
  }

  private static void writeRow(Writer text, List<String> cells) throws IOException {
    for (int i = 0; i < cells.size(); i++) {
      text.write(i == 0 ? "" : "\t");
      text.write(escaped(cells.get(i)));
    }
    text.write('\n');
  }

  /** Keeps a label in its cell, and its row in its place: TensorBoard's page leaves blank rows out, and all that follow move up. */
  private static String escaped(String label) {
    String line = label.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r");
    return line.isBlank() ? '"' + line + '"' : line;
  }

  private interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Writes a file beside its place and lets it take that at once, whatever is there. */
  private void replace(Path file, Content content) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      try (SeekableByteChannel channel = disk.create(draft)) {
        content.writeTo(new Watched(Channels.newOutputStream(channel)));
        disk.force(channel);
      }
      try {
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(draft);
    }
    calls += 2;
  }

  /** Counts each write as a call of its own: only one that doesn't come back hangs. */
  private final class Watched extends FilterOutputStream {

    Watched(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      calls += 2;
    }
  }
}
