package io.github.tensorboard4j.graph;

/**
 * The names that TensorFlow allows: letters, digits, {@code _ . -}, in scopes separated by {@code /}.
 *
 * <p>For authors of walkers, who need the names of a model's parts before they are drawn; a {@link GraphScope} makes
 * the names that it is given legal by itself.
 */
public final class NodeNames {

  private NodeNames() {}

  /**
   * Makes a name legal.
   *
   * @param name any text; {@code /} separates scopes
   * @return the name with {@code _} for each character that is not allowed, without empty scopes; {@code _}
   *     if nothing is left
   * @throws NullPointerException if the name is null
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
}
