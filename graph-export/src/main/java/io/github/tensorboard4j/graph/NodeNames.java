package io.github.tensorboard4j.graph;

/**
 * The names that TensorBoard's Graphs page reads without surprise.
 *
 * <p>Legal are the names of TensorFlow: letters, digits, {@code _ . -}, parted by {@code /}. Where one must
 * be told from another the page must not mistake them for a series, which it folds into one node from five
 * running numbers on; so letters tell them apart: {@code Add, Add_b, Add_c}.
 */
public final class NodeNames {

  /**
   * How many characters the page writes at an operation's ellipse before it cuts the name; a scope's box has
   * room for more.
   */
  private static final int ELLIPSE = 9;

  private NodeNames() {}

  /**
   * Whether a name is short enough for the page to write it at an operation in full.
   *
   * @param name the name, perhaps with scopes before it
   * @return whether its last part has at most nine characters
   */
  public static boolean fitsAnOperation(String name) {
    return name.length() - 1 - name.lastIndexOf('/') <= ELLIPSE;
  }

  /**
   * Makes a name legal.
   *
   * @param name any text; {@code /} parts scopes
   * @return the name with {@code _} for each character that is not allowed, without empty scopes; {@code _}
   *     if nothing is left
   */
  public static String legal(String name) {
    StringBuilder legal = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean begins = legal.isEmpty() || legal.charAt(legal.length() - 1) == '/';
      if (c == '/') {
        if (!begins) {
          legal.append(c);
        }
      } else if (c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '.' || c == '_') {
        legal.append(c);
      } else {
        legal.append(c == '-' && !begins ? c : '_');
      }
    }
    if (!legal.isEmpty() && legal.charAt(legal.length() - 1) == '/') {
      legal.setLength(legal.length() - 1);
    }
    return legal.isEmpty() ? "_" : legal.toString();
  }

  /**
   * The name of one of several that would be called the same.
   *
   * @param name what all would be called
   * @param occurrence which one it is, from 0
   * @return {@code name}, {@code name_b}, {@code name_c}, ... {@code name_z}, {@code name_ba}, ...
   */
  public static String numbered(String name, int occurrence) {
    if (occurrence == 0) {
      return name;
    }
    StringBuilder letters = new StringBuilder();
    for (int rest = occurrence; rest > 0; rest /= 26) {
      letters.append((char) ('a' + rest % 26));
    }
    return name + '_' + letters.reverse();
  }
}
