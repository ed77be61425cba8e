package io.github.tensorboard4j.djl;

import ai.djl.modality.rl.ActionSpace;
import ai.djl.modality.rl.LruReplayBuffer;
import ai.djl.modality.rl.env.RlEnv;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;

/** A game: to find the right end of a corridor of five places, from its middle. */
final class Corridor implements RlEnv {

  private static final int END = 4;
  private static final int LONGEST = 20;

  private final NDManager manager;
  private final LruReplayBuffer replay = new LruReplayBuffer(4, 32);
  private int place;
  private int steps;

  Corridor(NDManager manager) {
    this.manager = manager;
    reset();
  }

  private record Move(NDList getPreObservation, NDList getAction, NDList getPostObservation, ActionSpace getPostActionSpace,
      NDArray getReward, boolean isDone) implements Step {

    @Override
    public void close() {}
  }

  @Override
  public void reset() {
    place = END / 2;
    steps = 0;
  }

  @Override
  public NDList getObservation() {
    return new NDList(manager.create(new float[] {place}));
  }

  @Override
  public ActionSpace getActionSpace() {
    ActionSpace actions = new ActionSpace();
    actions.add(new NDList(manager.create(new float[] {-1})));
    actions.add(new NDList(manager.create(new float[] {1})));
    return actions;
  }

  @Override
  public Step step(NDList action, boolean training) {
    NDList before = getObservation();
    place = Math.max(0, place + (int) action.singletonOrThrow().getFloat());
    boolean done = place == END || ++steps == LONGEST;
    Step step = new Move(before, action, getObservation(), getActionSpace(), manager.create(place == END ? 1f : 0f), done);
    if (training) {
      replay.addStep(step);
    }
    return step;
  }

  @Override
  public Step[] getBatch() {
    return replay.getBatch();
  }

  @Override
  public void close() {
    manager.close();
  }
}
