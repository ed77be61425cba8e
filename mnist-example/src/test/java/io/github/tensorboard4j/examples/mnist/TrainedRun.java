package io.github.tensorboard4j.examples.mnist;

import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** One of the trainings of {@link Recording}. */
record TrainedRun(Subject subject, Optimizer optimizer) {

  /** Every training with each loader. */
  static Stream<Arguments> withEachLoader() {
    return Arrays.stream(Loader.values()).flatMap(loader -> all().map(run -> Arguments.of(run, loader)));
  }

  /** Every training. */
  static Stream<TrainedRun> all() {
    return Arrays.stream(Subject.values())
        .flatMap(subject -> Arrays.stream(Optimizer.values()).map(optimizer -> new TrainedRun(subject, optimizer)));
  }

  /** TensorBoard's name of the run that has the hyper-parameters. */
  String session() {
    return subject.framework() + "/" + optimizer;
  }

  /** TensorBoard's name of the run that has the training figures. */
  String train() {
    return session() + "/train";
  }

  /** TensorBoard's name of the run that has the validation figures. */
  String validation() {
    return session() + "/validation";
  }

  /** The epochs as they were printed. */
  List<Recording.Epoch> epochs() {
    return Recording.epochs(subject.framework(), optimizer);
  }

  /** The last epoch as it was printed. */
  Recording.Epoch lastEpoch() {
    return epochs().get(Recording.EPOCHS - 1);
  }

  /** What the framework itself says of the training. */
  Reference.Figures figures() {
    return subject.figures(optimizer);
  }

  /** The tags of the parameters, by the framework's own names. */
  Set<String> parameters() {
    return figures().epochs().get(0).parameters().keySet();
  }

  @Override
  public String toString() {
    return session();
  }
}
