package io.github.tensorboard4j.examples.mnist;

import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** One of the trainings of {@link Recording}. */
record TrainedRun(Subject subject, Optimizer optimizer) {

  /** Every training, in a TensorBoard with each loader. */
  static Stream<Arguments> withEachLoader() {
    return Arrays.stream(Loader.values()).flatMap(loader ->
        Arrays.stream(Subject.values()).flatMap(subject -> of(subject).map(run -> Arguments.of(run, loader))));
  }

  /** The trainings of a framework. */
  static Stream<TrainedRun> of(Subject subject) {
    return Arrays.stream(Optimizer.values()).map(optimizer -> new TrainedRun(subject, optimizer));
  }

  /** The run that has the hyper-parameters. */
  String session() {
    return Recording.of(subject).run(optimizer);
  }

  /** The run of the training figures. */
  String train() {
    return session() + "/train";
  }

  /** The run of the validation figures. */
  String validation() {
    return session() + "/validation";
  }

  /** The epochs as they were printed. */
  List<Recording.Epoch> epochs() {
    return Recording.of(subject).epochs(optimizer);
  }

  /** The last epoch as it was printed. */
  Recording.Epoch lastEpoch() {
    return epochs().get(Recording.EPOCHS - 1);
  }

  /** What the framework itself says of the training. */
  Reference.Figures figures() {
    return subject.figures(optimizer);
  }

  @Override
  public String toString() {
    return subject.framework() + " " + optimizer;
  }
}
