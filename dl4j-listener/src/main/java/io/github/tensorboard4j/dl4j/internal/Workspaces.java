package io.github.tensorboard4j.dl4j.internal;

import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.factory.Nd4j;

/** The framework's workspaces, which grow by what is created within them. */
public final class Workspaces {

  private Workspaces() {}

  /**
   * Runs code that creates arrays of its own, so that none of them is counted to what a workspace needs.
   *
   * @param code the code
   */
  public static void runOutside(Runnable code) {
    MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces();
    try {
      code.run();
    } finally {
      outside.close();
    }
  }
}
