package io.github.tensorboard4j.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/** The recordings of this process that are under way, so that one whose files are replaced can be ended first. */
final class OpenRecordings {

  private static final Map<TrainingRecorder, Path> OPEN = new WeakHashMap<>();

  private OpenRecordings() {}

  static void add(TrainingRecorder recorder, Path run) {
    synchronized (OPEN) {
      OPEN.put(recorder, run.toAbsolutePath().normalize());
    }
  }

  static void remove(TrainingRecorder recorder) {
    synchronized (OPEN) {
      OPEN.remove(recorder);
    }
  }

  static void endOthers(TrainingRecorder recorder, Path run) {
    for (TrainingRecorder other : recordingsOf(run)) {
      if (other != recorder) {
        other.close();
      }
    }
  }

  private static List<TrainingRecorder> recordingsOf(Path run) {
    Path path = run.toAbsolutePath().normalize();
    List<TrainingRecorder> recorders = new ArrayList<>();
    synchronized (OPEN) {
      OPEN.forEach((recorder, itsRun) -> {
        if (itsRun.equals(path)) {
          recorders.add(recorder);
        }
      });
    }
    return recorders;
  }
}
