package io.github.tensorboard4j;

import io.github.tensorboard4j.CrashRun.Action;
import io.github.tensorboard4j.CrashRun.End;
import io.github.tensorboard4j.CrashRun.Step;
import java.io.IOException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.DoubleRange;

/** What holds of any sequence of additions, flushes, syncs and faults; a sequence that breaks it is made short. */
class EventLogProperties {

  @Property
  void shouldKeepWhatItAcknowledgedAndCountWhatItLost(
      @ForAll("steps") List<Step> steps, @ForAll End end, @ForAll long seed,
      @ForAll @DoubleRange(max = 0.5) double faultRate)
      throws IOException {
    new CrashRun(seed, faultRate).play(steps, end);
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Action> action = Arbitraries.of(Action.class);
    Arbitrary<Integer> size = Arbitraries.frequencyOf(
        Tuple.of(20, Arbitraries.integers().between(0, 5)),
        Tuple.of(4, Arbitraries.integers().between(0, 10_000)),
        Tuple.of(1, Arbitraries.integers().between(0, 300_000)));
    return Combinators.combine(action, size).as(Step::new).list().ofMaxSize(100);
  }
}
