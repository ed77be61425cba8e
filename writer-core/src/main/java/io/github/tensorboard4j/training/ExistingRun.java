package io.github.tensorboard4j.training;

/** The ways to treat a run's directory that has event files of an earlier training, or of one that is still under way. */
public enum ExistingRun {

  /**
   * Goes on with the run: new event files stand beside the old ones, and nothing is deleted. TensorBoard shows the old points
   * before the first new step and the new points from there on. A training that goes on at a later iteration supersedes the
   * batch curves from that iteration on, and each other series from the epoch on that is recorded first.
   *
   * <p>A new training in the directory of an earlier one supersedes all points that it records again. Series that it doesn't
   * record stay to be seen, but not in TensorBoard's slower loader ({@code --load_fast=false}), which drops them. The HParams
   * page goes on showing the hyper-parameters of the first training in the directory. A warning is logged.
   */
  CONTINUE,

  /**
   * Deletes the event files of the run and of its sub-runs {@code train} and {@code validation} before the new training writes
   * the first. A recording of this process that is still open there is ended. TensorBoard shows the new training alone, once it
   * is started anew. Files of other kinds stay.
   */
  REPLACE,

  /** Refuses to build the recorder or the listener. */
  REFUSE
}
