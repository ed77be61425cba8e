package io.github.tensorboard4j.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * The recordings of this process that are under way, so that one whose files are replaced can be ended first.
 *
 * @param <R> a recording
 */
final class OpenRecordings<R> {

  private final Map<R, Path> open = new WeakHashMap<>();

  /**
   * Adds a recording, and returns those of the same run that began before. So of two that begin at once, only the later one
   * knows the other, and can't wait for it while it is waited for.
   */
  synchronized List<R> add(R recording, Path run) {
    Path path = canonical(run);
    List<R> earlier = new ArrayList<>();
    open.forEach((other, itsRun) -> {
      if (itsRun.equals(path)) {
        earlier.add(other);
      }
    });
    open.put(recording, path);
    return earlier;
  }

  synchronized void remove(R recording) {
    open.remove(recording);
  }

  /** Returns the path without symbolic links, as far as it is there already. */
  private static Path canonical(Path run) {
    Path path = run.toAbsolutePath().normalize();
    for (Path existing = path; existing != null; existing = existing.getParent()) {
      try {
        return existing.toRealPath().resolve(existing.relativize(path));
      } catch (IOException notThere) {
        // its parent may be
      }
    }
    return path;
  }
}
