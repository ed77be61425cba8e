package io.github.tensorboard4j.dl4j;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A section of {@code docs/in-your-program.md}, whose code is that of a test. */
final class ProgramPage {

  private final List<List<String>> blocks = new ArrayList<>();

  /** Reads the section with a heading. */
  ProgramPage(String heading) throws IOException {
    String page = Files.readString(Path.of("../docs/in-your-program.md"));
    String section = page.substring(page.indexOf("## " + heading + "\n"));
    int end = section.indexOf("\n## ");
    String[] parts = (end < 0 ? section : section.substring(0, end)).split("```");
    for (int i = 1; i < parts.length; i += 2) {
      blocks.add(lines(parts[i].replaceFirst("^java", "")));
    }
  }

  /** Returns its blocks of code, each as the lines that are not blank, without their indents. */
  List<List<String>> blocks() {
    return blocks;
  }

  /** Returns the blocks that a test doesn't have. */
  List<List<String>> strangeTo(Class<?> test) throws IOException {
    List<String> source =
        lines(Files.readString(Path.of("src/test/java/" + test.getName().replace('.', '/') + ".java")));
    return blocks.stream().filter(code -> !contains(source, code)).toList();
  }

  private static boolean contains(List<String> source, List<String> code) {
    for (int from = 0; from + code.size() <= source.size(); from++) {
      if (source.subList(from, from + code.size()).equals(code)) {
        return true;
      }
    }
    return false;
  }

  private static List<String> lines(String text) {
    return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }
}
