package io.github.tensorboard4j.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublicApiTest {

  private static final Path LIST = Path.of("../docs/api.md");
  private static final String COMMAND = "mvn -q -Papi";

  private static final String HEAD = """
      # Public API

      All that a user can name in the published modules: public types and members, and protected ones where they can be
      reached. `%s` writes this page from the sources; the build fails as long as the two differ.
      """.formatted(COMMAND);

  @TempDir
  private Path directory;

  @Test
  void shouldBeListed() throws IOException {
    StringBuilder page = new StringBuilder(HEAD);
    List<String> hidden = new ArrayList<>();
    for (Map.Entry<String, String> module : modules().entrySet()) {
      PublicApi api = PublicApi.of(Path.of("..", module.getKey(), "src/main/java"));
      page.append("\n## ").append(module.getValue()).append('\n').append(api.markdown());
      hidden.addAll(api.hidden());
    }
    if (Boolean.getBoolean("api.write")) {
      Files.writeString(LIST, page);
    }

    assertThat(hidden).as("what public signatures mention though no user can name it").isEmpty();
    List<String> listed = Files.exists(LIST) ? Files.readAllLines(LIST) : List.of();
    List<String> actual = page.toString().lines().toList();
    assertThat(actual.equals(listed))
        .withFailMessage("The public API is other than docs/api.md has it. If that is meant, run %s%n%s", COMMAND,
            difference(listed, actual))
        .isTrue();
  }

  @Test
  void shouldShowWhatAUserCanReach() throws IOException {
    PublicApi api = of("""
        package io.github.tensorboard4j.one;
        import java.io.IOException;
        import java.util.*;
        import java.util.function.Function;
        public abstract class Shown<T extends Number & Comparable<T>> extends Lent implements AutoCloseable {
          public static final int LIMIT = 3;
          protected final List<? super T>[] lists = null;
          String packaged;
          protected Shown(int size) {}
          Shown() {}
          public static <K, V extends K> Map<K, V> of(Map<? extends K, V>... maps) throws IOException { return null; }
          protected abstract void reach(Function<T, ?> how);
          public final void stay(int[][] sizes) {}
          @Override public void close() {}
          private void hide() {}
          public interface Inner { void run(); default void twice() {} int ONE = 1; static void free() {} }
          static final class Hidden { public void nothing() {} }
          public static final class Sealed { Sealed() {} protected void unreachable() {} }
        }
        abstract class Lent {
          public void lend(String what) {}
          public void close() {}
        }
        """);

    assertThat(api.hidden()).isEmpty();
    assertThat(api.markdown()).isEqualTo("""

        ### io.github.tensorboard4j.one

        #### Shown

        ```java
        abstract class Shown<T extends Number & Comparable<T>> implements AutoCloseable
          static final int LIMIT = 3
          protected final List<? super T>[] lists
          protected Shown(int size)
          void close()
          void lend(String what)
          static <K, V extends K> Map<K, V> of(Map<? extends K, V>... maps) throws IOException
          protected abstract void reach(Function<T, ?> how)
          final void stay(int[][] sizes)
        ```

        #### Shown.Inner

        ```java
        interface Inner
          int ONE = 1
          static void free()
          void run()
          default void twice()
        ```

        #### Shown.Sealed

        ```java
        static final class Sealed
        ```
        """);
  }

  @Test
  void shouldLeaveOutWhatEveryRecordAndEnumHas() throws IOException {
    PublicApi api = of("""
        package io.github.tensorboard4j.one;
        public record Pair<T>(T left, int right) {
          public Pair { java.util.Objects.requireNonNull(left); }
          public Pair(T left) { this(left, 0); }
          @Override public String toString() { return ""; }
          public int sum() { return right; }
          public enum Side { LEFT, RIGHT { @Override public int of() { return 1; } }; public int of() { return 0; } }
        }
        """);

    assertThat(api.markdown()).isEqualTo("""

        ### io.github.tensorboard4j.one

        #### Pair

        ```java
        record Pair<T>(T left, int right)
          Pair(T left)
          int sum()
        ```

        #### Pair.Side

        ```java
        enum Side
          LEFT
          RIGHT
          int of()
        ```
        """);
  }

  @Test
  void shouldFindTypesThatAUserCannotName() throws IOException {
    write("""
        package io.github.tensorboard4j.one.internal;
        public class Secret {}
        """);
    PublicApi api = of("""
        package io.github.tensorboard4j.one;
        import io.github.tensorboard4j.one.internal.Secret;
        import java.util.List;
        public class Face {
          public List<? extends Secret> secrets() { return null; }
          public void take(Packaged packaged) {}
          void inside(Secret secret) {}
        }
        class Packaged {}
        """);

    assertThat(api.hidden()).containsExactly(
        "Face.secrets mentions io.github.tensorboard4j.one.internal.Secret",
        "Face.take mentions io.github.tensorboard4j.one.Packaged");
    assertThat(api.markdown()).doesNotContain("#### Secret", "#### Packaged");
  }

  @Test
  void shouldNameTypesFromElsewhereInFull() throws IOException {
    PublicApi api = of("""
        package io.github.tensorboard4j.one;
        public final class Face {
          private Face() {}
          public static void on(org.deeplearning4j.nn.api.Model model, java.nio.file.Path file) {}
        }
        """);

    assertThat(api.markdown()).contains("From elsewhere: `org.deeplearning4j.nn.api.Model`.\n",
        "  static void on(Model model, Path file)\n");
  }

  @Test
  void shouldShowWhatMayBeNull() throws IOException {
    PublicApi api = of("""
        package io.github.tensorboard4j.one;
        import java.util.Map;
        import org.jspecify.annotations.*;
        @NullMarked
        public final class Face<T extends @Nullable Object> {
          private Face() {}
          public static @Nullable String find(Map<String, @Nullable Integer> in) { return null; }
          public static void put(Map.@Nullable Entry<?, ?> entry) {}
          public @Nullable T[] some(byte @Nullable [] bytes) { return null; }
        }
        """);

    assertThat(api.markdown()).contains("final class Face<T extends @Nullable Object>\n",
        "  static @Nullable String find(Map<String, @Nullable Integer> in)\n",
        "  static void put(@Nullable Map.Entry<?, ?> entry)\n",
        "  @Nullable T[] some(byte @Nullable [] bytes)\n");
  }

  private static Map<String, String> modules() {
    Map<String, String> modules = new LinkedHashMap<>();
    modules.put("writer-core", "tensorboard4j-core");
    modules.put("graph-export", "tensorboard4j-graph");
    modules.put("dl4j-listener", "tensorboard4j-dl4j");
    modules.put("djl-listener", "tensorboard4j-djl");
    return modules;
  }

  private static String difference(List<String> listed, List<String> actual) {
    StringBuilder lines = new StringBuilder();
    listed.stream().filter(line -> !actual.contains(line)).forEach(line -> lines.append("- ").append(line).append('\n'));
    actual.stream().filter(line -> !listed.contains(line)).forEach(line -> lines.append("+ ").append(line).append('\n'));
    return lines.toString();
  }

  private PublicApi of(String source) throws IOException {
    write(source);
    return PublicApi.of(directory);
  }

  /** Writes a source under its type's name, which javac asks for. */
  private void write(String source) throws IOException {
    String name = source.replaceAll("(?s).*?\npublic (?:abstract |final )?(?:class|record) (\\w+).*", "$1");
    String of = source.replaceAll("(?s)package ([\\w.]+);.*", "$1");
    Path file = directory.resolve(of.replace('.', '/')).resolve(name + ".java");
    Files.createDirectories(file.getParent());
    Files.writeString(file, source);
  }
}
