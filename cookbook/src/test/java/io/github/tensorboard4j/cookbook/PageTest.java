package io.github.tensorboard4j.cookbook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page {@code docs/cookbook.md} tells of what is there. */
class PageTest {

  private static final Path PAGE = Path.of("..", "docs", "cookbook.md");
  private static final Path SOURCES = Path.of("src", "main", "java", "io", "github", "tensorboard4j", "cookbook");
  private static final Pattern COMMANDS =
      Pattern.compile("`mvn -q -Pcookbook -Dstory=(\\w+)`, (?:then|and at once) `tensorboard --logdir (\\S+)`");
  private static final Pattern PICTURES = Pattern.compile("!\\[[^]]+]\\((images/\\S+\\.png)\\)");

  @Test
  void shouldRunEachStoryByACommandAndLookWhereItRecords() throws IOException {
    Matcher commands = COMMANDS.matcher(Files.readString(PAGE));
    List<MatchResult> told = commands.results().toList();

    assertThat(told).extracting(command -> command.group(1)).containsExactlyInAnyOrderElementsOf(stories());
    for (MatchResult command : told) {
      assertThat(Files.readString(SOURCES.resolve(command.group(1) + ".java")))
          .contains("Path.of(\"" + command.group(2));
    }
  }

  @Test
  void shouldHaveAllItsPictures() throws IOException {
    List<String> pictures = PICTURES.matcher(Files.readString(PAGE)).results().map(picture -> picture.group(1)).toList();

    assertThat(pictures).hasSizeGreaterThan(12).allSatisfy(picture -> assertThat(PAGE.resolveSibling(picture)).exists());
  }

  private static List<String> stories() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files.map(file -> file.getFileName().toString().replace(".java", ""))
          .filter(name -> !name.equals("package-info")).toList();
    }
  }
}
