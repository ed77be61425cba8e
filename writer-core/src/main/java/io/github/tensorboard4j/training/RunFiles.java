package io.github.tensorboard4j.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The event files of a run and its sub-runs, as they are on the disk. */
final class RunFiles {

  private static final Logger LOGGER = LoggerFactory.getLogger(RunFiles.class);
  static final String SESSION_SUFFIX = ".hparams";

  /** The directories of which this process has warned: one training after the other may go there. */
  private static final Set<Path> WARNED = ConcurrentHashMap.newKeySet();

  private static final String EVENT_FILES = "events.out.tfevents.*";

  private final Path run;

  RunFiles(Path run) {
    this.run = run;
  }

  Path run() {
    return run;
  }

  boolean exist() {
    return !list().isEmpty();
  }

  /** Returns whether a training was recorded here before. */
  boolean haveSession() {
    return !list(run, EVENT_FILES + SESSION_SUFFIX).isEmpty();
  }

  /** Says, once for a directory, that a training goes on in that of an earlier one. */
  void warnOfEarlierSession() {
    if (WARNED.add(run.toAbsolutePath().normalize())) {
      LOGGER.warn("{} has an earlier training, whose hyper-parameters TensorBoard goes on showing. Give this training a "
          + "directory of its own, or choose ExistingRun.REPLACE to delete the event files of the earlier one.", run);
    }
  }

  /** Deletes all event files. */
  void delete() {
    for (Path file : list()) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new UncheckedIOException("Files of the earlier training in " + run + " can't be deleted: " + e, e);
      }
    }
  }

  private List<Path> list() {
    List<Path> files = new ArrayList<>(list(run, EVENT_FILES));
    files.addAll(list(RunWriters.train(run), EVENT_FILES));
    files.addAll(list(RunWriters.validation(run), EVENT_FILES));
    return files;
  }

  private static List<Path> list(Path directory, String glob) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, glob)) {
      List<Path> files = new ArrayList<>();
      for (Path entry : entries) {
        if (Files.isRegularFile(entry)) {
          files.add(entry);
        }
      }
      return files;
    } catch (DirectoryIteratorException e) {
      throw new UncheckedIOException(directory + " can't be listed: " + e.getCause(), e.getCause());
    } catch (IOException e) {
      throw new UncheckedIOException(directory + " can't be listed: " + e, e);
    }
  }
}
