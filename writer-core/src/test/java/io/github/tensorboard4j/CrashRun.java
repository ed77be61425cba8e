package io.github.tensorboard4j;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.github.tensorboard4j.events.Event;
import io.github.tensorboard4j.events.EventFileReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * One recording on a disk that fails, to its crash or its end. One thread plays the publisher and, where the publisher wakes
 * it or its time has come, the writer, so that a seed gives the same run each time.
 */
final class CrashRun {

  /** How a run ends. */
  enum End {
    CLOSE, KILL, POWER_CUT
  }

  /** What the publisher does, or the disk. */
  enum Action {
    ADD_SCALARS, ADD_TEXT, ADD_HISTOGRAM, ADD_PICTURE, FLUSH, SYNC, WRITE, RUN_FULL
  }

  /**
   * An action and how much of it: the number of scalars, a text's length, a tensor's elements, a picture's pixels, the number of
   * writes that a full disk refuses.
   */
  record Step(Action action, int size) {}

  private final CrashingDisk disk;
  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
  private final Path directory = files.getPath("/logs/run");
  private final EventLog log;
  private final ScalarTemplate scalar = new ScalarTemplate("scalar");
  private final Map<String, Integer> added =
      new LinkedHashMap<>(Map.of("scalar", 0, "text", 0, "histogram", 0, "picture", 0));
  /** What was added, less what was lost, when a flush or a sync had ended without a fault. */
  private int flushed;
  private int synced;
  private final List<Long> scalarsKept = new ArrayList<>();

  /**
   * Prepares a run on a disk that lets such a part of all calls fail.
   *
   * @param seed what decides which of them
   */
  CrashRun(long seed, double faultRate) {
    disk = new CrashingDisk(new Random(seed), faultRate);
    log = new EventLog(
        new EventFile(directory, "", FileHeader.plain(1), disk),
        new SummaryQueue(30, new StagingMemory(3), this::write), Duration.ofDays(1), this::write);
  }

  /** Returns a run and its steps as a seed has them, ended as given. */
  static CrashRun play(long seed, End end) throws IOException {
    Random random = new Random(seed);
    CrashRun run = new CrashRun(seed, random.nextInt(3) == 0 ? 0 : random.nextDouble() * 0.5);
    run.play(Stream.generate(() -> step(random)).limit(random.nextInt(200)).toList(), end);
    return run;
  }

  private static Step step(Random random) {
    return switch (random.nextInt(60)) {
      case 0 -> new Step(Action.ADD_TEXT, random.nextInt(400_000));
      case 1 -> new Step(Action.ADD_SCALARS, random.nextInt(8_000));
      case 2 -> new Step(Action.RUN_FULL, random.nextInt(4));
      default -> switch (random.nextInt(9)) {
        case 0 -> new Step(Action.ADD_TEXT, random.nextInt(1_000));
        case 1 -> new Step(Action.WRITE, 1);
        case 2 -> new Step(Action.ADD_HISTOGRAM, random.nextInt(10_000));
        case 3 -> new Step(Action.FLUSH, 1);
        case 4 -> new Step(Action.SYNC, 1);
        case 5 -> new Step(Action.ADD_PICTURE, random.nextInt(10_000));
        default -> new Step(Action.ADD_SCALARS, 1);
      };
    };
  }

  /** Plays the steps and the end, and checks what the run leaves. */
  void play(List<Step> steps, End end) throws IOException {
    for (Step step : steps) {
      play(step);
    }
    switch (end) {
      case CLOSE -> close();
      case KILL -> check(disk.imageAfterKill(), flushed, false);
      case POWER_CUT -> check(disk.imageAfterPowerCut(), disk.hasForceFailed() ? 0 : synced, true);
    }
  }

  private void play(Step step) {
    int faults = disk.faults();
    switch (step.action()) {
      case ADD_SCALARS -> {
        for (int i = 0; i < step.size(); i++) {
          log.append(scalar, 1, next("scalar"), 1);
        }
      }
      case ADD_TEXT -> log.append(
          TensorData.ofStrings(List.of(new byte[step.size()])).summary(1, next("text"), "text", "text", new byte[0]));
      case ADD_HISTOGRAM ->
          log.append("histogram", 1, next("histogram"), TensorValues.of(FloatBuffer.allocate(step.size())));
      case ADD_PICTURE -> log.append(DeferredSummary.ofPictures("picture", 1, next("picture"), List.of(noise(step.size()))));
      case FLUSH -> {
        log.flush();
        if (disk.faults() == faults) {
          flushed = added() - (int) log.countLost();
        }
      }
      case SYNC -> {
        log.sync();
        if (disk.faults() == faults) {
          synced = added() - (int) log.countLost();
          flushed = synced;
        }
      }
      case WRITE -> write();
      case RUN_FULL -> disk.runFullFor(step.size());
    }
  }

  /** Returns a picture that takes as much memory in the file as here. */
  private static Picture noise(int pixels) {
    int side = 1 + (int) Math.sqrt(pixels);
    byte[] samples = new byte[side * side];
    new Random(pixels).nextBytes(samples);
    return Picture.of(ByteBuffer.wrap(samples), ImageLayout.HW, side, side);
  }

  private void write() {
    log.run(System.nanoTime());
  }

  private int next(String series) {
    return added.merge(series, 1, Integer::sum);
  }

  private int added() {
    return added.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Ends the run on a disk that works again: then what isn't in the file is known to be lost. */
  private void close() throws IOException {
    disk.repair();
    write();
    log.close();
    int kept = check(disk.imageAfterKill(), flushed, false);
    require(kept + log.countLost() == added(),
        added() + " events were added, " + kept + " are kept, and " + log.countLost() + " are said to be lost");
  }

  /** Returns the run's files after its end. */
  Path files() {
    return files.getPath("/crashed");
  }

  /** Returns the steps of the scalars that the files have after the end. */
  List<Long> scalarsKept() {
    return scalarsKept;
  }

  /** Checks that the events in the files are those that were added, in order and of each at most one; returns how many. */
  private int check(Map<Path, byte[]> image, int acknowledged, boolean mayBeCorrupt) throws IOException {
    Map<String, Long> last = new LinkedHashMap<>();
    int kept = 0;
    for (Event event : read(image, mayBeCorrupt)) {
      for (Event.Value value : event.values()) {
        long before = last.getOrDefault(value.tag(), 0L);
        require(event.step() > before, value.tag() + " has step " + event.step() + " behind " + before);
        require(event.step() <= added.get(value.tag()), value.tag() + " has step " + event.step() + ", which wasn't added");
        last.put(value.tag(), event.step());
        if (value.hasScalar()) {
          scalarsKept.add(event.step());
        }
        kept++;
      }
    }
    require(kept >= acknowledged, acknowledged + " events were acknowledged, and " + kept + " are kept");
    return kept;
  }

  private List<Event> read(Map<Path, byte[]> image, boolean mayBeCorrupt) throws IOException {
    List<Event> events = new ArrayList<>();
    Files.createDirectories(files());
    for (Map.Entry<Path, byte[]> file : image.entrySet()) {
      Path copy = Files.write(files().resolve(file.getKey().getFileName().toString()), file.getValue());
      try (EventFileReader reader = EventFileReader.open(copy)) {
        reader.forEachRemaining(events::add);
      } catch (UncheckedIOException corrupt) {
        require(mayBeCorrupt, corrupt.toString());
      }
    }
    return events;
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new AssertionError(message);
    }
  }

  /** Plays as many runs as the first argument says, from the seed of the second on, and prints the seeds of those that fail. */
  public static void main(String[] args) throws IOException {
    long firstSeed = Long.parseLong(args[1]);
    for (long seed = firstSeed; seed < firstSeed + Long.parseLong(args[0]); seed++) {
      End end = End.values()[(int) Math.floorMod(seed, (long) End.values().length)];
      try {
        play(seed, end);
      } catch (AssertionError | RuntimeException e) {
        System.out.println("seed " + seed + ", " + end + ": " + e);
      }
    }
  }
}
