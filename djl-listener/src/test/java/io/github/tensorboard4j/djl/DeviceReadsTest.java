package io.github.tensorboard4j.djl;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.namedOneOf;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.Trainer;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.listener.TrainingListener;
import io.github.tensorboard4j.djl.internal.NamedParameter;
import io.github.tensorboard4j.testing.CountedCalls;
import io.github.tensorboard4j.testing.Recorded;
import io.github.tensorboard4j.training.ExistingRun;
import io.github.tensorboard4j.training.Frequency;
import io.github.tensorboard4j.training.Guard;
import io.github.tensorboard4j.training.TrainingRecorder;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How often the listener reads in host memory what a GPU has computed, which waits for the device each time. Counted on the CPU:
 * the calls into PyTorch are the same on both.
 */
class DeviceReadsTest {

  /** The weight and the bias of two layers. */
  private static final long PARAMETERS = 4;

  /** What brings an array's elements, or some of them, to the host. */
  private static final Set<String> READS = Set.of("toByteBuffer", "toArray", "toFloatArray", "toDoubleArray", "toIntArray",
      "toLongArray", "toUint8Array", "toBooleanArray", "toStringArray", "getFloat", "getDouble", "getInt", "getLong",
      "getUint8", "getBoolean", "toType", "toDevice", "toDebugString", "toString", "contentEquals", "nonzero",
      "booleanMask");

  @TempDir
  private Path logs;

  @Test
  void shouldReadNothingForScalarsBesideTheFrameworksOwnEvaluation() {
    try (CountedCalls calls = reads()) {
      train(new EvaluatorTrainingListener());
      Map<String, Long> alone = calls.counts();
      assertThat(alone.get("getByteBuffer")).isPositive();

      for (boolean inFront : new boolean[] {true, false}) {
        calls.clear();
        try (TensorBoardListener listener = listener(TensorBoardListener.Builder::withoutGraph)) {
          TrainingListener evaluator = new EvaluatorTrainingListener();
          train(inFront
              ? new TrainingListener[] {listener, evaluator} : new TrainingListener[] {evaluator, listener});
        }
        assertThat(calls.counts()).isEqualTo(alone);
        assertThat(calls.all()).noneMatch(call -> call.isFor(TensorBoardListener.class));
      }
    }
    assertThat(Recorded.in(logs.resolve("run/train")).scalar("batch_accuracy")).hasSize(2 * Trainings.BATCHES);
  }

  @Test
  void shouldReadAsMuchAsTheFrameworksEvaluationWhereItStandsInForIt() {
    try (CountedCalls calls = reads()) {
      train(new EvaluatorTrainingListener());
      Map<String, Long> evaluation = calls.counts();

      calls.clear();
      try (TensorBoardListener listener = listener(TensorBoardListener.Builder::withoutGraph)) {
        train(listener);
      }
      assertThat(calls.counts()).isEqualTo(evaluation);
    }
  }

  @Test
  void shouldReadSingleConstantsAtMostForTheGraph() {
    try (CountedCalls calls = reads(); TensorBoardListener listener = listener(UnaryOperator.identity())) {
      train(listener, new EvaluatorTrainingListener());

      assertThat(calls.all().stream().filter(call -> call.isFor(TensorBoardListener.class)))
          .allSatisfy(call -> assertThat(((NDArray) call.arguments().get(0)).size()).isEqualTo(1));
    }
  }

  @Test
  void shouldCopyEachParameterOfAGpuOnceAndLeaveNothingThere() {
    onGpu(UnaryOperator.identity(), (arrays, recorder, calls) -> {
      for (long step : new long[] {1, 2}) {
        arrays.read((parameter, values) -> recorder.recordParameter(parameter.layer(), parameter.name(), values, step));
      }
      assertThat(calls.stream().filter(READS::contains)).containsExactly("toDevice", "toDevice", "toDevice", "toDevice");
    });
    Map<String, Map<Long, Recorded.Rows>> recorded = Recorded.in(logs.resolve("run/train")).histograms();
    assertThat(recorded.get("layer_hidden/weight").get(2L).count()).isEqualTo(4);
    assertThat(recorded.get("layer_hidden/weight").get(2L).min()).isEqualTo(-1);
    assertThat(recorded.get("layer_hidden/weight").get(2L).max()).isEqualTo(4);
    assertThat(recorded.get("layer_hidden/bias").keySet()).containsExactly(1L, 2L);
  }

  @Test
  void shouldReadEachParameterOnceForHistogramsAndPictures() {
    Frequency epoch = Frequency.epochs(1);
    assertThat(readsOf(builder -> builder.weightImageFrequency(epoch))).isEqualTo(PARAMETERS);
    assertThat(readsOf(builder -> builder.histogramFrequency(epoch).weightImageFrequency(epoch))).isEqualTo(PARAMETERS);
    assertThat(Recorded.in(logs.resolve("run/train")).pictures()).hasSize(2);
  }

  @Test
  void shouldReadEachGradientOnce() {
    try (CountedCalls calls = reads()) {
      Trainings.onPyTorch(
          Trainings.config(new EvaluatorTrainingListener()), trainer -> Trainings.fitWithoutValidation(trainer, 1));
      Map<String, Long> alone = calls.counts();
      calls.clear();
      try (TensorBoardListener listener =
          listener(builder -> builder.withoutGraph().gradientFrequency(Frequency.epochs(1)))) {
        Trainings.onPyTorch(Trainings.config(listener, new EvaluatorTrainingListener()),
            trainer -> Trainings.fitWithoutValidation(trainer, 1));
      }

      // weight and bias of two layers, in the epoch's first iteration
      assertThat(calls.all("getByteBuffer").stream().filter(call -> call.isFor(TensorBoardListener.class))).hasSize(4);
      assertThat(calls.counts().get("getByteBuffer")).isEqualTo(alone.get("getByteBuffer") + 4);
    }
  }

  @Test
  void shouldCopyEachParameterOfAGpuOnceBeforeAnUpdateThatIsRecordedAndOnceAfterIt() {
    onGpu(builder -> builder.updateFrequency(Frequency.iterations(1)), (arrays, recorder, calls) -> {
      ParameterUpdates updates = new ParameterUpdates(arrays);
      updates.keep();
      assertThat(calls.stream().filter(READS::contains)).containsExactly("toDevice", "toDevice");
      updates.record(Objects.requireNonNull(recorder.diagnosis(1, 1)));
      assertThat(calls.stream().filter(READS::contains)).containsOnly("toDevice").hasSize(4);
    });
    assertThat(Recorded.in(logs.resolve("run/train")).tensorSteps().keySet())
        .contains("update/hidden/weight", "update/hidden/bias");
  }

  @Test
  void shouldReadWhatEachLayerPutsOutOnceWhereActivationsAreRecorded() {
    // two linear layers, a flattening one and a ReLU
    assertThat(readsOf(builder -> builder.activationFrequency(Frequency.epochs(1)))).isEqualTo(4);
  }

  @Test
  void shouldReadParametersAndGradientsOnceAnIterationThatAGuardWatches() {
    assertThat(readsOf(builder -> builder.guard(Guard.report().watchingTensors())))
        .isEqualTo(2 * PARAMETERS * Trainings.BATCHES);
    assertThat(readsOf(builder -> builder.guard(Guard.report()))).isZero();
  }

  @Test
  void shouldReadEachArrayOfABatchOnceWhereADivergenceIsSearchedForAndNoneAfterwards() {
    try (CountedCalls calls = reads(); TensorBoardListener listener = listener(TensorBoardListener.Builder::withoutGraph)) {
      Trainings.onPyTorch(Trainings.config(new EvaluatorTrainingListener(), listener), trainer -> {
        trainer.getModel().getBlock().getParameters().valueAt(0).getArray().muli(Float.NaN);
        Trainings.fitWithoutValidation(trainer, 2);
      });

      // the batch's examples and labels, what four layers put out, parameters and their gradients
      assertThat(calls.all("getByteBuffer").stream().filter(call -> call.isFor(TensorBoardListener.class)))
          .hasSize((int) (2 + 4 + 2 * PARAMETERS));
    }
  }

  /** Returns how often the listener reads arrays in a training of one epoch. */
  private long readsOf(UnaryOperator<TensorBoardListener.Builder> options) {
    try (CountedCalls calls = reads();
        TensorBoardListener listener = listener(builder -> options.apply(builder.withoutGraph()))) {
      Trainings.onPyTorch(Trainings.config(listener, new EvaluatorTrainingListener()),
          trainer -> Trainings.fitWithoutValidation(trainer, 1));
      return calls.all("getByteBuffer").stream().filter(call -> call.isFor(TensorBoardListener.class)).count();
    }
  }

  /** What is done with arrays that say that they are on a GPU, and take note of the calls that they pass on. */
  private interface OnGpu {
    void run(ParameterArrays arrays, TrainingRecorder recorder, List<String> calls);
  }

  /** Does something with the weight and the bias of a layer on a GPU, and sees that nothing of it is left. */
  private void onGpu(UnaryOperator<TrainingRecorder.Builder> options, OnGpu action) {
    DefaultTrainingConfig config = Trainings.config().optDevices(new Device[] {Device.gpu(0)});
    try (Model model = Model.newInstance("model", Device.cpu(), "PyTorch")) {
      model.setBlock(Trainings.classifier());
      NDArray weight = model.getNDManager().create(new float[] {-1, 0.5f, 2, 4}, new Shape(2, 2));
      NDArray bias = model.getNDManager().create(new float[] {7, 8});
      List<String> calls = new ArrayList<>();
      List<NamedParameter> parameters = List.of(
          parameter("weight", Parameter.Type.WEIGHT, onGpu(weight, calls)),
          parameter("bias", Parameter.Type.BIAS, onGpu(bias, calls)));
      int managed = model.getNDManager().getManagedArrays().size();
      calls.clear();
      try (Trainer trainer = model.newTrainer(config);
          TrainingRecorder recorder = options.apply(TrainingRecorder.builder(logs.resolve("run"))).build()) {
        action.run(new ParameterArrays(recorder, trainer, parameters), recorder, calls);
      }

      assertThat(model.getNDManager().getManagedArrays()).hasSize(managed);
      assertThat(weight.getManager()).isSameAs(model.getNDManager());
    }
  }

  private static CountedCalls reads() {
    return CountedCalls.of(named("ai.djl.pytorch.jni.JniUtils"), namedOneOf("getByteBuffer", "to"));
  }

  private TensorBoardListener listener(UnaryOperator<TensorBoardListener.Builder> options) {
    return options.apply(TensorBoardListener.builder(logs.resolve("run")).existingRun(ExistingRun.REPLACE)
        .histogramFrequency(Frequency.never()).batchFrequency(Frequency.iterations(1))).build();
  }

  private static void train(TrainingListener... listeners) {
    Trainings.onPyTorch(Trainings.config(listeners), trainer -> Trainings.fit(trainer, 2));
  }

  private static NamedParameter parameter(String name, Parameter.Type type, NDArray array) {
    Parameter parameter = Parameter.builder().setName(name).setType(type).build();
    parameter.setArray(array);
    return new NamedParameter("hidden", name, parameter);
  }

  /** Returns an array that says that it is on a GPU and takes note of the calls that it passes on. */
  private static NDArray onGpu(NDArray array, List<String> calls) {
    return (NDArray) Proxy.newProxyInstance(
        NDArray.class.getClassLoader(), new Class<?>[] {NDArray.class}, (proxy, method, arguments) -> {
          calls.add(method.getName());
          if (method.getName().equals("getDevice")) {
            return Device.gpu(0);
          }
          try {
            return method.invoke(array, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }
}
