package io.github.tensorboard4j.benchmarks;

import io.github.tensorboard4j.training.RecordingOptions;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** A training of one network by one framework on one device, step by step, with or without the listener. */
interface GpuTraining extends AutoCloseable {

  /** The number of classes of both networks. */
  int CLASSES = 10;

  /** How many batches of digits there are at most, which come again and again. */
  int DIGIT_BATCHES = 100;

  /** What is trained. */
  enum Network {

    /** A perceptron on digits. */
    MLP("MNIST MLP"),

    /**
     * A residual network on images of noise: 8 layers in three blocks of 16, 32 and 64 channels, the least of those that its
     * authors have for images of 32 x 32 pixels. A CPU trains it in little time.
     */
    RESNET8("ResNet8"),

    /** A deep one of 25 million parameters, each framework's own. */
    RESNET50("ResNet50");

    private final String title;

    Network(String title) {
      this.title = title;
    }

    @Override
    public String toString() {
      return title;
    }
  }

  /** A framework's trainings. */
  interface Framework {

    String name();

    /**
     * Prepares a training.
     *
     * @param network what is trained
     * @param run where the listener records
     * @param options the listener's options, null for no listener
     */
    GpuTraining training(Network network, Path run, Options options);

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
