package io.github.tensorboard4j.benchmarks;

import io.github.tensorboard4j.training.RecordingOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/** A training of one network by one framework on one device, step by step, with or without the listener. */
interface GpuTraining extends AutoCloseable {

  /** A framework's trainings. */
  interface Framework {

    String name();

    /** The networks that it trains. */
    List<String> networks();

    /**
     * Prepares a training.
     *
     * @param network one of the networks
     * @param run where the listener records
     * @param options the listener's options, null for no listener
     */
    GpuTraining training(String network, Path run, Options options);

    /** Returns the bytes of the calls by which a listener brings arrays to the host. */
    GpuReads reads();
  }

  /** Sets options that both listeners have. */
  interface Options extends UnaryOperator<RecordingOptions<?>> {}

  /** Trains on one batch, and returns the loss that the framework has of it. */
  float step();

  /** Waits until the device has done all that it was told to. */
  void await();

  /** Ends the epoch, so that all is recorded. */
  void end();

  /** Returns how many elements the parameters have, and the least and the greatest of them, as the framework finds them. */
  double[] parameters();

  @Override
  void close();
}
