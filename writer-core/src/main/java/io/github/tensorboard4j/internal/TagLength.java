package io.github.tensorboard4j.internal;

/** How long a series' tag may be, which is asked for where one is added and where one is taken for later. */
public final class TagLength {

  private static final int LONGEST = 4_096;

  private TagLength() {}

  /**
   * Refuses a tag that TensorBoard's page couldn't ask its server for.
   *
   * @throws IllegalArgumentException if it is longer than 4,096 characters
   */
  public static void require(String tag) {
    if (tag.length() > LONGEST) {
      throw new IllegalArgumentException("TensorBoard can't fetch series with tags of " + tag.length()
          + " characters: give it a tag of at most " + LONGEST);
    }
  }
}
