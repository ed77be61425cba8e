package io.github.tensorboard4j;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of an embedding, which no event has. Written once, by the writer thread of {@linkplain WriterLane#forFiles() files}. */
final class EmbeddingFiles implements WriterLane.Task {

  // Vectors are written as text. TensorBoard takes raw floats too, but only where it finds that the file is no text.
  private static final Logger LOGGER = LoggerFactory.getLogger(EmbeddingFiles.class);

  private final Path run;
  private final String name;
  private final String place;
  private final WholeFiles files;
  private final ProjectorConfig config;
  private final WriterLane lane;
  /** The writer thread's own; let go of once it is written or lost, for the writer still knows of it then. */
  private @Nullable Embedding embedding;

  // guarded by this
  private boolean finished;
  private boolean hanging;
  private int leftOut;

  EmbeddingFiles(Path run, String tag, long step, Embedding embedding, Disk disk, WriterLane lane) {
    this.run = run;
    this.name = String.format(Locale.ROOT, "%s:%05d", tag, step);
    this.place = ProjectorConfig.DIRECTORY + '/' + tag + '/' + step + '/';
    this.embedding = embedding;
    this.files = new WholeFiles(disk);
    this.config = new ProjectorConfig(run, files);
    this.lane = lane;
  }

  /** Has the files written, soon. */
  void register() {
    lane.register(this);
  }

  /** Waits until the files are written or have met a fault, unless the disk hangs. */
  void await() {
    Uninterruptibly.await(this, () -> finished || hanging, lane::wake);
  }

  /** Counts another embedding as left out, if this one isn't finished; returns whether it isn't. */
  synchronized boolean leavesOutAnother() {
    if (!finished) {
      leftOut++;
    }
    return !finished;
  }

  @Override
  public long run(long now) {
    Embedding unwritten = embedding;
    try {
      if (unwritten != null) {
        write(unwritten);
      }
    } catch (IOException | RuntimeException | Error e) {
      files.during(() -> logFault(e));
    } finally {
      embedding = null;
      finish();
    }
    files.during(this::logLeftOut);
    return FINISHED;
  }

  private synchronized void finish() {
    finished = true;
    notifyAll();
  }

  @Override
  public long requestFlush() {
    return 0;
  }

  @Override
  public void awaitFlush(long ticket, long deadline) {
    Uninterruptibly.awaitUntil(deadline, this, () -> finished, lane::wake);
  }

  @Override
  public void logLosses() {
    if (!isFinished()) {
      LOGGER.error("The embedding {} of {} was lost, since the program has ended before it was written.", name, run);
    }
    logLeftOut();
  }

  private synchronized boolean isFinished() {
    return finished;
  }

  /** Each is named, unlike faults of events: it is asked for by a call of its own, and nothing counts it at the end. */
  private void logFault(Throwable fault) {
    LOGGER.debug("A fault of the embedding {} of {}", name, run, fault);
    LOGGER.error("Can't write the embedding {} of {}. The program goes on without it. The cause: {}", name, run,
        fault.toString());
  }

  private void logLeftOut() {
    int count = takeLeftOut();
    if (count > 0) {
      LOGGER.error("{} embeddings of {} after {} were lost, since the disk didn't answer.", count, run, name);
    }
  }

  private synchronized int takeLeftOut() {
    int count = leftOut;
    leftOut = 0;
    return count;
  }

  @Override
  public long diskCalls() {
    return files.calls();
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
    return run.resolve(place).toString();
  }

  private void write(Embedding embedding) throws IOException {
    int nonFinite = embedding.countNonFinite();
    if (nonFinite > 0) {
      files.during(
          () -> LOGGER.warn("NaN or infinite elements in the embedding {} of {}: {} of {}. They are shown as 0.", name,
              run, nonFinite, embedding.rows() * embedding.dimensions()));
    }
    Path directory = run.resolve(place);
    SpriteSheet sprites = embedding.sprites();
    byte[] picture = sprites == null ? null : sprites.png();
    files.createDirectory(directory);
    files.call(() -> Files.deleteIfExists(directory.resolve(ProjectorConfig.ENTRY)));
    files.replace(directory, "tensors.tsv", out -> writeVectors(embedding, out));
    if (!embedding.columns().isEmpty()) {
      files.replace(directory, "metadata.tsv", out -> writeLabels(embedding, out));
    }
    if (picture != null) {
      files.replace(directory, "sprite.png", out -> out.write(picture));
    }
    files.replace(directory, ProjectorConfig.ENTRY, out -> out.write(entry(embedding).getBytes(StandardCharsets.UTF_8)));
    config.nameAll();
  }

  private String entry(Embedding embedding) {
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

  /** Writes zeros for elements that aren't finite: a single one would leave TensorBoard's page without any point. */
  private static void writeVectors(Embedding embedding, OutputStream out) throws IOException {
    Writer text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.US_ASCII));
    for (int row = 0; row < embedding.rows(); row++) {
      for (int i = 0; i < embedding.dimensions(); i++) {
        if (i > 0) {
          text.write('\t');
        }
        float value = embedding.value(row, i);
        text.write(Float.toString(Float.isFinite(value) ? value : 0));
      }
      text.write('\n');
    }
    text.flush();
  }

  /** Writes the columns' names only where there are two or more: TensorBoard takes a line without tabs for a label. */
  private static void writeLabels(Embedding embedding, OutputStream out) throws IOException {
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
}
