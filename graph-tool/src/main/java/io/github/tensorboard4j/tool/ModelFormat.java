package io.github.tensorboard4j.tool;

import io.github.tensorboard4j.graph.ModelGraph;
import io.github.tensorboard4j.tool.input.GivenShapes;
import io.github.tensorboard4j.tool.input.UnfitShapeException;
import io.github.tensorboard4j.tool.onnx.OnnxGraph;
import io.github.tensorboard4j.tool.torchexport.ExportedGraph;
import io.github.tensorboard4j.tool.torchscript.TorchScriptGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** The kinds of saved models that can be drawn, and how each is told from the others. */
enum ModelFormat {
  /** A zip of Deeplearning4j's ModelSerializer. */
  DL4J {
    @Override
    ModelGraph read(Path model, List<long[]> inputs) throws IOException {
      return Dl4jModels.readZip(model, inputs);
    }
  },
  /** A FlatBuffers file of SameDiff. */
  SAMEDIFF {
    @Override
    ModelGraph read(Path model, List<long[]> inputs) throws IOException {
      return Dl4jModels.readSameDiff(model, inputs);
    }
  },
  /** A directory with one of the files, or with a model that DJL loads. */
  DJL {
    @Override
    ModelGraph read(Path model, List<long[]> inputs) throws IOException {
      List<Path> files;
      try (Stream<Path> list = Files.list(model)) {
        files = list.filter(ModelFormat::hasEndingOfAFormat).sorted().toList();
      }
      if (files.size() > 1) {
        throw new IOException(model + " holds several models; name one of them: "
            + files.stream().map(Path::toString).collect(Collectors.joining(", ")));
      }
      if (files.isEmpty()) {
        return DjlModels.read(model, null, inputs);
      }
      Path file = files.get(0);
      return (file.toString().endsWith(".pt") ? TORCHSCRIPT : of(file)).read(file, inputs);
    }
  },
  /** A TorchScript archive; if its code can't be followed, what DJL knows of it, which is its parameters. */
  TORCHSCRIPT {
    @Override
    ModelGraph read(Path model, List<long[]> inputs) throws IOException {
      String name = model.getFileName().toString();
      try {
        return TorchScriptGraph.read(model, new GivenShapes(inputs));
      } catch (UnfitShapeException e) {
        throw e;
      } catch (IOException e) {
        if (!name.endsWith(".pt")) {
          throw e;
        }
        String stem = name.substring(0, name.length() - ".pt".length());
        return DjlModels.read(model.toAbsolutePath().getParent(), stem, inputs);
      }
    }
  },
  /** An archive of a program that torch.export has made. */
  TORCH_EXPORT {
    @Override
    ModelGraph read(Path model, List<long[]> inputs) throws IOException {
      if (!inputs.isEmpty()) {
        throw new IOException(model + " says the shapes of all its tensors; leave --input out");
      }
      return ExportedGraph.read(model);
    }
  },
  /** An ONNX file. */
  ONNX {
    @Override
    ModelGraph read(Path model, List<long[]> inputs) throws IOException {
      return OnnxGraph.read(model, new GivenShapes(inputs));
    }
  };

  private static final String KNOWN = "a Deeplearning4j model (zip), a SameDiff file, an ONNX file,"
      + " an exported PyTorch program (.pt2), a TorchScript archive (.pt) or a directory with a model that DJL loads";

  /**
   * Reads a model's graph.
   *
   * @param model the file or directory
   * @param inputs the shapes of its inputs, the batch first; empty if not given
   * @throws IOException if it can't be read; the message says why
   */
  abstract ModelGraph read(Path model, List<long[]> inputs) throws IOException;

  /**
   * Looks at a file's content, and where that does not say, at its name.
   *
   * @throws IOException if it is none of the kinds; the message says which there are
   */
  static ModelFormat of(Path model) throws IOException {
    if (!Files.exists(model)) {
      throw new NoSuchFileException(model.toString(), null, "there is no such file or directory");
    }
    if (Files.isDirectory(model)) {
      return DJL;
    }
    String name = model.getFileName().toString().toLowerCase(Locale.ROOT);
    byte[] start = start(model);
    if (start.length >= 4 && start[0] == 'P' && start[1] == 'K') {
      return ofZip(model);
    }
    if (name.endsWith(".onnx")) {
      return ONNX;
    }
    if (name.endsWith(".fb") || name.endsWith(".sd") || name.endsWith(".samediff") || name.endsWith(".bin")) {
      return SAMEDIFF;
    }
    throw new IOException(model + " is none of the models that can be drawn: " + KNOWN
        + ". A SameDiff file is known by its ending: .fb, .sd, .samediff or .bin");
  }

  private static boolean hasEndingOfAFormat(Path file) {
    String name = file.toString();
    return name.endsWith(".pt") || name.endsWith(".pt2") || name.endsWith(".onnx");
  }

  private static ModelFormat ofZip(Path model) throws IOException {
    try (ZipFile zip = new ZipFile(model.toFile())) {
      if (zip.getEntry("configuration.json") != null) {
        return DL4J;
      }
      if (zip.stream().anyMatch(entry -> ExportedGraph.isProgram(entry.getName()))) {
        return TORCH_EXPORT;
      }
      if (zip.stream().anyMatch(entry -> entry.getName().contains("/code/"))) {
        return TORCHSCRIPT;
      }
      if (zip.stream().anyMatch(entry -> entry.getName().endsWith("data.pkl"))) {
        throw new IOException(model + " holds the tensors of a PyTorch model and not its code;"
            + " save it in Python with torch.export.save(torch.export.export(model, (example,)), \"model.pt2\")");
      }
    } catch (ZipException e) {
      throw new IOException(model + " is a broken zip: " + e.getMessage(), e);
    }
    throw new IOException(model + " is a zip, but none of the models that can be drawn: " + KNOWN);
  }

  private static byte[] start(Path model) throws IOException {
    try (var in = Files.newInputStream(model)) {
      return in.readNBytes(8);
    }
  }
}
