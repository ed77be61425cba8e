package io.github.tensorboard4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tensorboard4j.testing.Recorded;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The listener where it is sent to another JVM. */
class SerializationTest {

  @TempDir
  private Path logs;

  /** What Spark sends to a worker: the network's configuration and parameters, and the listeners. */
  private record Task(String configuration, INDArray parameters, Collection<TrainingListener> listeners)
      implements
        Serializable {}

  @Test
  void shouldBeQuietOnAWorkerAndRecordOnTheDriver() throws IOException, ClassNotFoundException {
    List<String> log;
    try (Log kept = new Log(logs); TensorBoardListener listener = new TensorBoardListener(logs.resolve("run"))) {
      MultiLayerNetwork driver = Nets.classifier();
      driver.setListeners(listener);
      for (int worker = 0; worker < 2; worker++) {
        Task task = copy(new Task(
            driver.getLayerWiseConfigurations().toJson(), driver.params(), new ArrayList<>(driver.getListeners())));
        MultiLayerNetwork network = new MultiLayerNetwork(MultiLayerConfiguration.fromJson(task.configuration()));
        network.init(task.parameters(), false);
        network.setListeners(task.listeners());
        network.fit(new ExistingDataSetIterator(Nets.batches(1)), 2);
        assertThat(network.getIterationCount()).isEqualTo(10);
      }
      assertThat(logs.resolve("run")).doesNotExist();
      driver.fit(new ExistingDataSetIterator(Nets.batches(1)), 1);
      log = kept.lines();
    }

    assertThat(log).singleElement().asString().contains("WARN", "copies record nothing");
    assertThat(Recorded.in(logs.resolve("run/train")).scalar("epoch_loss").keySet()).containsExactly(1L);
  }

  @SuppressWarnings("unchecked")
  private static <T> T copy(T original) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(original);
    }
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (T) in.readObject();
    }
  }
}
