package io.github.tensorboard4j;

/**
 * How a session on TensorBoard's HParams page ended. A session whose end was not recorded, since it is still running or
 * nobody knows how it ended, is shown there as "unknown".
 */
public enum SessionStatus {

  /** The training came to the end that was planned for it. */
  SUCCESS(1),

  /** The training was broken off, or what it learned can't be used. */
  FAILURE(2);

  private final int number;

  SessionStatus(int number) {
    this.number = number;
  }

  /** Returns the number of the status in TensorBoard's {@code hparams/api.proto}. */
  int number() {
    return number;
  }
}
