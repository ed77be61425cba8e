package io.github.tensorboard4j.training;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjDoubleConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Samples the machine for one recording at an interval, on a daemon thread of its own. The first sample is taken at once, the last
 * one before the recording ends; a recorder that nobody holds any more is let go.
 */
final class SystemMetrics {

  private static final Logger LOGGER = LoggerFactory.getLogger(SystemMetrics.class);

  private final Duration interval;
  private final List<SystemSampler> samplers;
  private volatile @Nullable Thread thread;

  /** Creates what samples the JVM, the GPUs, and more that a framework adds. */
  SystemMetrics(Duration interval, List<SystemSampler> more) {
    this.interval = interval;
    this.samplers = Stream.concat(Stream.of(new JvmFigures(), new NvidiaSmi()), more.stream()).toList();
  }

  /** Starts sampling. */
  void start(TrainingRecorder recorder) {
    Sampling sampling = new Sampling(new WeakReference<>(recorder), interval, new ArrayList<>(samplers));
    Thread started = new Thread(null, sampling, "tensorboard4j-system", 0, false);
    started.setDaemon(true);
    started.start();
    thread = started;
  }

  /** Stops sampling, without waiting for a sample that is under way. */
  void stop() {
    Thread started = thread;
    if (started != null) {
      started.interrupt();
    }
  }

  /** What the thread does. It holds neither the recorder nor these metrics, which the recorder has. */
  private record Sampling(WeakReference<TrainingRecorder> recording, Duration interval, List<SystemSampler> samplers)
      implements
        Runnable {

    @Override
    public void run() {
      try {
        while (sample()) {
          Thread.sleep(interval.toMillis());
        }
      } catch (InterruptedException e) {
        // the recording has ended
      }
    }

    /** Takes a sample, or returns false if there is nobody to take it for, or nothing to take it from. */
    private boolean sample() {
      TrainingRecorder recorder = recording.get();
      if (recorder == null || recorder.hasEnded()) {
        return false;
      }
      samplers.removeIf(sampler -> fails(sampler, recorder::recordSystem));
      return !samplers.isEmpty();
    }

    private static boolean fails(SystemSampler sampler, ObjDoubleConsumer<String> figures) {
      try {
        sampler.sample(figures);
        return false;
      } catch (Throwable e) {
        LOGGER.warn("The figures of {} are left out from now on: it has failed", sampler.getClass().getName(), e);
        return true;
      }
    }
  }
}
