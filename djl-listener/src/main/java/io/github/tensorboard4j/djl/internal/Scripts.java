package io.github.tensorboard4j.djl.internal;

import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import io.github.tensorboard4j.djl.internal.torchscript.TorchScript;
import io.github.tensorboard4j.graph.TensorType;
import java.io.DataOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scripts of a model's TorchScript blocks, which run in native code.
 *
 * <p>The block of a model that was loaded from a directory or file is read from there. Of any other nothing says where it came
 * from: it is asked to write itself into a temporary file, if it is small. PyTorch has all of that file in memory while it
 * writes, two to three times, and takes half a second for 64 MB on two cores, and more than in proportion for more.
 */
public final class Scripts {

  private static final Logger LOGGER = LoggerFactory.getLogger(Scripts.class);

  /** The class of DJL's TorchScript blocks, which is not on the class path of those who train with another engine. */
  private static final String BLOCK = "ai.djl.pytorch.engine.PtSymbolBlock";

  private static final long MEGABYTE = 1_000_000;

  /** How large the parameters of a block may be that is asked to write itself. */
  private static final long MAX_WRITTEN = 64 * MEGABYTE;

  /** What DJL writes before the archive: the version of its format in a byte, and the archive's size in 8. */
  private static final int HEADER = 9;

  private final List<Path> files;

  private Scripts(List<Path> files) {
    this.files = files;
  }

  /**
   * Returns the scripts of a model.
   *
   * @param model the model
   * @return its scripts
   */
  public static Scripts of(Model model) {
    Path directory = model.getModelPath();
    if (directory == null) {
      return withoutFiles();
    }
    Set<Path> files = new LinkedHashSet<>();
    for (String name : new String[] {model.getName(), String.valueOf(directory.getFileName()), "model"}) {
      files.add(directory.resolve(name));
      files.add(directory.resolve(name + ".pt"));
    }
    return new Scripts(List.copyOf(files));
  }

  /**
   * Returns the scripts of a model that was not loaded from a file.
   *
   * @return its scripts
   */
  public static Scripts withoutFiles() {
    return new Scripts(List.of());
  }

  /** Returns whether a block runs a script. */
  static boolean isScript(Block block) {
    return block.getClass().getName().equals(BLOCK);
  }

  /**
   * Reads the script of a block, as it is when the block isn't trained.
   *
   * @param block a block that runs a script
   * @throws IOException if it can't be read; the message says why
   */
  TorchScript read(Block block) throws IOException {
    TorchScript script = readFile(block);
    if (script == null) {
      requireSmall(block);
      script = readWritten(block);
      if (!isOf(block, script)) {
        throw new IOException("it writes other parameters than it has");
      }
    }
    script.evaluate();
    return script;
  }

  private @Nullable TorchScript readFile(Block block) {
    for (Path file : files) {
      if (Files.isRegularFile(file)) {
        try {
          TorchScript script = TorchScript.read(file);
          if (isOf(block, script)) {
            return script;
          }
        } catch (IOException | RuntimeException e) {
          LOGGER.debug("not the script of a block: {}", file, e);
        }
      }
    }
    return null;
  }

  /** Returns whether a script has the block's parameters. */
  private static boolean isOf(Block block, TorchScript script) {
    Map<String, TensorType> tensors = script.tensors();
    for (Pair<String, Parameter> entry : BlockNames.directParameters(block)) {
      TensorType type = tensors.get(entry.getKey());
      if (type == null || !type.shape().equals(Types.shape(entry.getValue().getArray().getShape()))) {
        return false;
      }
    }
    return true;
  }

  private static void requireSmall(Block block) throws IOException {
    long bytes = 0;
    for (Parameter parameter : BlockNames.directParameters(block).values()) {
      bytes += parameter.getArray().size() * parameter.getArray().getDataType().getNumOfBytes();
    }
    if (bytes == 0) {
      throw new IOException("its file isn't known, and it has no parameters that say how large it is");
    }
    if (bytes > MAX_WRITTEN) {
      throw new IOException("its file isn't known, and with " + bytes / MEGABYTE + " MB of parameters it is too large to be"
          + " written for it; the limit is " + MAX_WRITTEN / MEGABYTE + " MB");
    }
  }

  private static TorchScript readWritten(Block block) throws IOException {
    Path file = Files.createTempFile("tensorboard4j", ".pt");
    try {
      try (OutputStream out = Files.newOutputStream(file)) {
        block.saveParameters(new DataOutputStream(new WithoutHeader(out)));
      }
      return TorchScript.read(file);
    } finally {
      Files.delete(file);
    }
  }

  /** Passes on what is written behind the header. */
  private static final class WithoutHeader extends FilterOutputStream {

    private int left = HEADER;

    WithoutHeader(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      if (left > 0) {
        left--;
      } else {
        out.write(b);
      }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int skipped = Math.min(left, length);
      left -= skipped;
      out.write(bytes, offset + skipped, length - skipped);
    }
  }
}
