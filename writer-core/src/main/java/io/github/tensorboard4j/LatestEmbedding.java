package io.github.tensorboard4j;

import org.jspecify.annotations.Nullable;

/** The latest embedding that was added to a writer. Another one waits until it is written, so that one alone takes memory. */
final class LatestEmbedding {

  private volatile @Nullable EmbeddingFiles latest;

  /** Adds an embedding, or leaves it out if the one before hangs. */
  synchronized void add(EmbeddingFiles files) {
    await();
    EmbeddingFiles before = latest;
    if (before == null || !before.leavesOutAnother()) {
      latest = files;
      files.register();
    }
  }

  /** Waits until all embeddings are written or have met a fault, unless the disk hangs. */
  void await() {
    EmbeddingFiles files = latest;
    if (files != null) {
      files.await();
    }
  }
}
