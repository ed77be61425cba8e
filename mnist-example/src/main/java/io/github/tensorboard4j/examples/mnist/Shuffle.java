package io.github.tensorboard4j.examples.mnist;

import java.util.Random;

/** The order in which each epoch visits the examples; a seed gives the same orders to every framework. */
final class Shuffle {
  private final int[] order;
  private final Random random;

  /** Starts with the order of the files. */
  Shuffle(int size, long seed) {
    order = new int[size];
    for (int i = 0; i < size; i++) {
      order[i] = i;
    }
    random = new Random(seed);
  }

  /** The order of the next epoch, each index once. */
  int[] nextEpoch() {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order.clone();
  }
}
