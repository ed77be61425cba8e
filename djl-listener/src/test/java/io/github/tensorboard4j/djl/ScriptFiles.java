package io.github.tensorboard4j.djl;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** TorchScript archives that torch has made, with other code and other sizes. */
final class ScriptFiles {

  private static final Path ARCHIVES = Path.of("../graph-tool/src/test/resources/torchscript");
  private static final String PERCEPTRON = "scripted-perceptron";

  private ScriptFiles() {}

  /** One of the graph tool's archives; {@code make_fixtures.py} beside them has the models. */
  static Path of(String name) {
    return ARCHIVES.resolve(name + ".pt");
  }

  /** A model whose parameters are trained, loaded from a file; the caller closes it. */
  static Model load(Path file) {
    Model model = Model.newInstance("script", Device.cpu(), "PyTorch");
    try {
      model.load(file.toAbsolutePath(), null, Map.of("trainParam", "true"));
      return model;
    } catch (IOException | MalformedModelException e) {
      throw new AssertionError(e);
    }
  }

  /** The perceptron, linear {@code hidden} of 8 to 16 and {@code output} of 16 to 4, with another forward. */
  static Path perceptron(Path directory, String forward) {
    String code = """
        class Perceptron(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool
          _is_full_backward_hook : Optional[bool]
          hidden : __torch__.torch.nn.modules.linear.Linear
          output : __torch__.torch.nn.modules.linear.___torch_mangle_0.Linear
        """ + forward.indent(2);
    try {
      Path file = Files.copy(
          of(PERCEPTRON), directory.resolve("perceptron.pt"), StandardCopyOption.REPLACE_EXISTING);
      try (FileSystem zip = FileSystems.newFileSystem(URI.create("jar:" + file.toUri()), Map.of())) {
        Files.writeString(zip.getPath(PERCEPTRON + "/code/__torch__.py"), code);
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The perceptron with more inputs than 8: {@code hidden} has 64 bytes of weights for each. */
  static Path perceptron(Path directory, int inputs) {
    Path file = directory.resolve("wide.pt");
    try (ZipFile from = new ZipFile(of(PERCEPTRON).toFile());
        ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(file))) {
      to.setMethod(ZipOutputStream.STORED);
      for (ZipEntry entry : from.stream().toList()) {
        byte[] content = from.getInputStream(entry).readAllBytes();
        content = entry.getName().endsWith("/data/0") ? new byte[64 * inputs]
            : entry.getName().endsWith("/data.pkl") ? widened(content, inputs) : content;
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setSize(content.length);
        copy.setCrc(crc.getValue());
        to.putNextEntry(copy);
        to.write(content);
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In the pickle, the weight's number of elements, its sizes (16, 8) and its strides (8, 1) with another number of inputs. */
  private static byte[] widened(byte[] pickle, int inputs) {
    String text = new String(pickle, StandardCharsets.ISO_8859_1);
    String wide = text.replace("K\u0080", "J" + littleEndian(16 * inputs))
        .replaceFirst("\\(K\u0010K\bt\\(K\bK\u0001t", Matcher.quoteReplacement(
            "(K\u0010J" + littleEndian(inputs) + "t(J" + littleEndian(inputs) + "K\u0001t"));
    return wide.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String littleEndian(int number) {
    byte[] bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array();
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
