package io.github.tensorboard4j;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The configuration of TensorBoard's projector that names the embeddings of a run. Used by the writer thread alone. */
final class ProjectorConfig {

  /*
   * Each embedding has a directory of its own below the run's, embeddings/<name>/<step>, with its entry of the configuration
   * beside its vectors. The configuration is made of all entries that are there, and of what others have written to it. So
   * it needs no lock, which network file systems may not have: whoever has replaced it looks again whether it has all
   * entries, and the last one to do so has met all of them. TensorBoard's page fails for all runs if one configuration is
   * torn or names a file that isn't there: so every file takes its place whole, the entry last.
   */
  static final String DIRECTORY = "embeddings";
  static final String ENTRY = "entry.pbtxt";
  private static final String CONFIG = "projector_config.pbtxt";
  private static final String BEGIN = "# embeddings of tensorboard4j, written anew with each further one\n";
  private static final String END = "# end of embeddings of tensorboard4j\n";

  private final Path run;
  private final WholeFiles files;

  ProjectorConfig(Path run, WholeFiles files) {
    this.run = run;
    this.files = files;
  }

  /** Lets the configuration name all embeddings that have an entry. */
  void nameAll() throws IOException {
    while (true) {
      String entries = entries();
      String config = read(run.resolve(CONFIG));
      if (config.contains(entries)) {
        return;
      }
      byte[] bytes = (othersOf(config) + entries).getBytes(StandardCharsets.UTF_8);
      files.replace(run, CONFIG, out -> out.write(bytes));
    }
  }

  /** Returns what others have written to a configuration. */
  private static String othersOf(String config) {
    int begin = config.indexOf(BEGIN);
    int end = config.indexOf(END);
    if (begin >= 0 && end > begin) {
      return config.substring(0, begin) + config.substring(end + END.length());
    }
    return config.isEmpty() || config.endsWith("\n") ? config : config + '\n';
  }

  private String entries() throws IOException {
    StringBuilder entries = new StringBuilder(BEGIN);
    for (Path tag : list(run.resolve(DIRECTORY), "*")) {
      for (Path step : list(tag, "*")) {
        for (Path entry : list(step, ENTRY)) {
          entries.append(read(entry));
        }
      }
    }
    return entries.append(END).toString();
  }

  /** Returns what a directory has of a name, in order. Asks for nothing but names: drafts of other processes come and go. */
  private List<Path> list(Path directory, String glob) throws IOException {
    return files.call(() -> {
      List<Path> all = new ArrayList<>();
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, glob)) {
        stream.forEach(all::add);
      } catch (NoSuchFileException | NotDirectoryException none) {
        return all;
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
      Collections.sort(all);
      return all;
    });
  }

  /** Returns the text of a file, none if there is no such file. */
  private String read(Path file) throws IOException {
    return files.call(() -> {
      try {
        return Files.readString(file);
      } catch (NoSuchFileException none) {
        return "";
      }
    });
  }
}
