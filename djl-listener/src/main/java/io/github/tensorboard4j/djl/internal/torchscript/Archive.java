package io.github.tensorboard4j.djl.internal.torchscript;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A TorchScript archive, as <a
 * href="https://github.com/pytorch/pytorch/blob/main/torch/csrc/jit/docs/serialization.md">torch describes
 * it</a>: its root module, its constants and the functions of its code, of which each is a list of lines.
 */
final class Archive {

  /** A line of code without its indentation; a statement over several lines is one. */
  record Line(int indent, String text) {}

  /**
   * A function.
   *
   * @param parameters their names with the text behind each: type, and default if there is one
   */
  record Function(Map<String, String> parameters, List<Line> body) {}

  private static final Pattern CLASS = Pattern.compile("class (\\w+)(?:\\(.*\\))?:");
  private static final Pattern DEF = Pattern.compile("def (\\w+)\\((.*)\\)(?: -> .*)?:", Pattern.DOTALL);

  final Unpickler.Module root;
  final List<?> constants;
  final Map<String, Function> functions = new HashMap<>();

  private Archive(Unpickler.Module root, List<?> constants) {
    this.root = root;
    this.constants = constants;
  }

  /**
   * Reads an archive.
   *
   * @throws IOException if it is none
   */
  static Archive read(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      ZipEntry data = zip.stream().filter(e -> e.getName().endsWith("/data.pkl")).findFirst()
          .orElseThrow(() -> new IOException(file + " is no TorchScript archive: it has no data.pkl"));
      String prefix = data.getName().substring(0, data.getName().lastIndexOf('/') + 1);
      if (!(Unpickler.read(bytes(zip, data)) instanceof Unpickler.Module root)) {
        throw new IOException(file + " is no TorchScript archive: its data.pkl holds no module");
      }
      ZipEntry constants = zip.getEntry(prefix + "constants.pkl");
      Archive archive = new Archive(root,
          constants != null && Unpickler.read(bytes(zip, constants)) instanceof List<?> list ? list : List.of());
      String code = prefix + "code/";
      for (ZipEntry entry : zip.stream().filter(e -> e.getName().startsWith(code) && e.getName().endsWith(".py")).toList()) {
        String module = entry.getName().substring(code.length(), entry.getName().length() - ".py".length());
        archive.add(module.replace('/', '.'), new String(bytes(zip, entry), StandardCharsets.UTF_8));
      }
      return archive;
    }
  }

  private static byte[] bytes(ZipFile zip, ZipEntry entry) throws IOException {
    try (var in = zip.getInputStream(entry)) {
      return in.readAllBytes();
    }
  }

  private void add(String module, String source) {
    List<Line> lines = lines(source);
    String owner = module;
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      Matcher type = CLASS.matcher(line.text());
      if (line.indent() == 0) {
        owner = type.matches() ? module + '.' + type.group(1) : module;
      }
      Matcher def = DEF.matcher(line.text());
      if (def.matches()) {
        int end = i + 1;
        while (end < lines.size() && lines.get(end).indent() > line.indent()) {
          end++;
        }
        functions.put(owner + '.' + def.group(1), new Function(parameters(def.group(2)), lines.subList(i + 1, end)));
        i = end - 1;
      }
    }
  }

  private static Map<String, String> parameters(String text) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String parameter : split(text)) {
      int colon = parameter.indexOf(':');
      parameters.put((colon < 0 ? parameter : parameter.substring(0, colon)).trim(),
          colon < 0 ? "" : parameter.substring(colon + 1).trim());
    }
    return parameters;
  }

  /** Separates a text at its commas, not at those within brackets or quotes. */
  static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    Nesting nesting = new Nesting();
    int begin = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i < text.length()) {
        nesting.read(text.charAt(i));
      }
      if (i == text.length() || text.charAt(i) == ',' && nesting.isOutside()) {
        if (!text.substring(begin, i).isBlank()) {
          parts.add(text.substring(begin, i).trim());
        }
        begin = i + 1;
      }
    }
    return parts;
  }

  private static List<Line> lines(String source) {
    List<Line> lines = new ArrayList<>();
    StringBuilder open = new StringBuilder();
    int indent = 0;
    for (String line : source.split("\n")) {
      if (open.isEmpty()) {
        indent = line.length() - line.stripLeading().length();
      }
      open.append(open.isEmpty() ? "" : " ").append(line.strip());
      if (balanced(open)) {
        if (!open.toString().isBlank()) {
          lines.add(new Line(indent, open.toString()));
        }
        open.setLength(0);
      }
    }
    return lines;
  }

  private static boolean balanced(CharSequence text) {
    Nesting nesting = new Nesting();
    text.chars().forEach(c -> nesting.read((char) c));
    return nesting.isOutside();
  }

  /** The nesting of a text that is read character by character: whether it is within brackets or quotes. */
  private static final class Nesting {

    private int depth;
    private boolean quoted;
    private boolean escaped;

    void read(char c) {
      if (quoted) {
        quoted = c != '"' || escaped;
        escaped = c == '\\' && !escaped;
      } else if (c == '"') {
        quoted = true;
      } else {
        depth += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
      }
    }

    boolean isOutside() {
      return depth <= 0 && !quoted;
    }
  }
}
