package io.github.tensorboard4j.training;

/** The ways to treat a run's directory that has event files of an earlier training, or of one that is still under way. */
public enum ExistingRun {

  /**
   * Goes on with the run: new event files stand beside the old ones, and nothing is deleted. TensorBoard shows the old points
   * before the first new step and the new points from there on; series that are not recorded again stay as they were. Its
   * HParams page goes on showing the hyper-parameters of the first training in the directory, which is logged.
   */
  CONTINUE,

  /**
   * Deletes the event files of the run and of its sub-runs {@code train} and {@code validation} when the new training begins.
   * TensorBoard shows the new training alone, once it is started anew or has noticed. Other files stay.
   */
  REPLACE,

  /** Refuses to build the recorder or the listener. */
  REFUSE
}
