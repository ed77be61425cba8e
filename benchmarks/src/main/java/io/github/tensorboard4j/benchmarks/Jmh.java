package io.github.tensorboard4j.benchmarks;

import java.io.IOException;

/** Runs JMH's benchmarks of this module, with JMH's own arguments. */
public final class Jmh {

  private Jmh() {}

  /**
   * Runs the benchmarks.
   *
   * @param args the arguments of JMH, such as a benchmark's name and {@code -prof gc}
   * @throws IOException if JMH can't read its list of benchmarks
   */
  public static void main(String[] args) throws IOException {
    org.openjdk.jmh.Main.main(args);
  }
}
