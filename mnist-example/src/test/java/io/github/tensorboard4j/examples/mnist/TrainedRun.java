package io.github.tensorboard4j.examples.mnist;

import io.github.tensorboard4j.testkit.TensorBoardServer.Loader;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * One of the trainings of {@link Recording}.
 *
 * @param session TensorBoard's name of the run that has the hyper-parameters
 */
record TrainedRun(Subject subject, Optimizer optimizer, String session) {

  /** A training as a TensorBoard names it that shows its framework's directory. */
  TrainedRun(Subject subject, Optimizer optimizer) {
    this(subject, optimizer, optimizer.toString());
  }

  /** The training as a TensorBoard names it that shows the directories of all frameworks. */
  TrainedRun withFramework() {
    return new TrainedRun(subject, optimizer, subject.framework() + "/" + optimizer);
  }

  /** Every training with each loader. */
  static Stream<Arguments> withEachLoader() {
    return Arrays.stream(Loader.values()).flatMap(loader -> all().map(run -> Arguments.of(run, loader)));
  }

  /** Every training. */
  static Stream<TrainedRun> all() {
    return Arrays.stream(Subject.values()).flatMap(TrainedRun::of);
  }

  /** The trainings of a framework. */
  static Stream<TrainedRun> of(Subject subject) {
    return Arrays.stream(Optimizer.values()).map(optimizer -> new TrainedRun(subject, optimizer));
  }

  /** The run of the training figures. */
  String train() {
    return session + "/train";
  }

  /** The run of the validation figures. */
  String validation() {
    return session + "/validation";
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
    return subject.framework() + " " + optimizer;
  }
}
