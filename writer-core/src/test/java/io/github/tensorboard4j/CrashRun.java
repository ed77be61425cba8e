package io.github.tensorboard4j;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.github.tensorboard4j.events.Event;
import io.github.tensorboard4j.events.EventFileReader;
import java.io.IOException;
import java.io.UncheckedIOException;
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

/**
 * One recording on a disk that fails, to its crash or its end. One thread plays the publisher and, where the publisher wakes
 * it or its time has come, the writer, so that a seed gives the same run each time.
 */
final class CrashRun {

  /** How a run ends. */
  enum End {
    CLOSE, KILL, POWER_CUT
  }

  private static final List<String> SERIES = List.of("scalar", "text", "histogram");

  private final Random random;
  private final CrashingDisk disk;
  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
  private final Path directory = files.getPath("/logs/run");
  private final EventLog log;
  private final ScalarTemplate scalar = new ScalarTemplate("scalar");
  private final Map<String, Integer> added = new LinkedHashMap<>();
  /** What was added, less what was lost, when a flush or a sync had ended without a fault. */
  private int flushed;
  private int synced;
  private final List<Long> scalarsKept = new ArrayList<>();

  CrashRun(long seed) {
    random = new Random(seed);
    disk = new CrashingDisk(new Random(seed + 1));
    log = new EventLog(
        new EventFile(directory, "", FileHeader.plain(1), disk),
        new HistogramQueue(30, new StagingMemory(3), this::write), Duration.ofDays(1), this::write);
    SERIES.forEach(series -> added.put(series, 0));
  }

  private void write() {
    log.run(System.nanoTime());
  }

  /** Plays the run and checks what it leaves; returns the files. */
  Map<Path, byte[]> play(End end) throws IOException {
    disk.setFaultRate(random.nextInt(3) == 0 ? 0 : random.nextDouble() * 0.5);
    for (int i = random.nextInt(200); i > 0; i--) {
      step();
    }
    return switch (end) {
      case CLOSE -> close();
      case KILL -> {
        Map<Path, byte[]> image = disk.imageAfterKill();
        check(image, flushed, false);
        yield image;
      }
      case POWER_CUT -> {
        Map<Path, byte[]> image = disk.imageAfterPowerCut();
        check(image, disk.hasForceFailed() ? 0 : synced, true);
        yield image;
      }
    };
  }

  private void step() {
    switch (random.nextInt(60)) {
      case 0 -> log.append(new TextSummary(1, next("text"), "text", "x".repeat(random.nextInt(400_000))));
      case 1 -> {
        for (int i = random.nextInt(8_000); i > 0; i--) {
          log.append(scalar, 1, next("scalar"), 1);
        }
      }
      case 2 -> disk.runFullFor(random.nextInt(4));
      default -> smallStep();
    }
  }

  private void smallStep() {
    switch (random.nextInt(8)) {
      case 0 -> log.append(new TextSummary(1, next("text"), "text", "x".repeat(random.nextInt(1_000))));
      case 1 -> write();
      case 2 -> log.append("histogram", 1, next("histogram"), TensorValues.of(FloatBuffer.allocate(random.nextInt(10_000))));
      case 3 -> {
        int faults = disk.faults();
        log.flush();
        if (disk.faults() == faults) {
          flushed = added() - (int) log.countLost();
        }
      }
      case 4 -> {
        int faults = disk.faults();
        log.sync();
        if (disk.faults() == faults) {
          synced = added() - (int) log.countLost();
          flushed = synced;
        }
      }
      default -> log.append(scalar, 1, next("scalar"), 1);
    }
  }

  private int next(String series) {
    return added.merge(series, 1, Integer::sum);
  }

  private int added() {
    return added.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Ends the run on a disk that works again: then what isn't in the file is known to be lost. */
  private Map<Path, byte[]> close() throws IOException {
    disk.setFaultRate(0);
    write();
    log.close();
    Map<Path, byte[]> image = disk.imageAfterKill();
    int kept = check(image, flushed, false);
    require(kept + log.countLost() == added(),
        added() + " events were added, " + kept + " are kept, and " + log.countLost() + " are said to be lost");
    return image;
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
    Path crashed = Files.createDirectories(files.getPath("/crashed"));
    for (Map.Entry<Path, byte[]> file : image.entrySet()) {
      Path copy = Files.write(crashed.resolve(file.getKey().getFileName().toString()), file.getValue());
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
        new CrashRun(seed).play(end);
      } catch (AssertionError | RuntimeException e) {
        System.out.println("seed " + seed + ", " + end + ": " + e);
        if (args.length > 2) {
          e.printStackTrace(System.out);
        }
      }
    }
  }
}
