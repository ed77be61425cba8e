package io.github.tensorboard4j;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.spi.ImageWriterSpi;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Encodes videos as animated GIF, by ImageIO. */
final class Gif {

  private static final String FORMAT = "javax_imageio_gif_image_1.0";
  private static final double HUNDREDTHS = 100;
  private static final ImageWriterSpi WRITERS = ImageIO.getImageWritersByFormatName("gif").next().getOriginatingProvider();

  private Gif() {}

  /**
   * Finds the writer of GIFs, as ImageIO does it, once for the whole program: by the class loader of the thread that asks first.
   * That must be one of the program's threads, or it wouldn't find its own readers and writers any more.
   */
  static void load() {}

  static byte[] encode(Video video) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriter writer = WRITERS.createWriterInstance();
      try {
        writer.setOutput(out);
        writer.prepareWriteSequence(null);
        for (Picture frame : video.frames()) {
          BufferedImage image = Images.toImage(frame.pixels().onWhite());
          writer.writeToSequence(new IIOImage(image, null, metadata(writer, image, video.framesPerSecond())), null);
        }
        writer.endWriteSequence();
      } finally {
        writer.dispose();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("An array in memory takes every byte", e);
    }
    return bytes.toByteArray();
  }

  /** Returns how long a frame is shown, and that the frames begin again after the last. */
  private static IIOMetadata metadata(ImageWriter writer, BufferedImage image, double framesPerSecond)
      throws IIOInvalidTreeException {
    IIOMetadataNode control = new IIOMetadataNode("GraphicControlExtension");
    control.setAttribute("disposalMethod", "none");
    control.setAttribute("userInputFlag", "FALSE");
    control.setAttribute("transparentColorFlag", "FALSE");
    control.setAttribute("delayTime", Long.toString(Math.round(HUNDREDTHS / framesPerSecond)));
    control.setAttribute("transparentColorIndex", "0");
    IIOMetadataNode repetition = new IIOMetadataNode("ApplicationExtension");
    repetition.setAttribute("applicationID", "NETSCAPE");
    repetition.setAttribute("authenticationCode", "2.0");
    repetition.setUserObject(new byte[] {1, 0, 0});
    IIOMetadataNode extensions = new IIOMetadataNode("ApplicationExtensions");
    extensions.appendChild(repetition);
    IIOMetadataNode root = new IIOMetadataNode(FORMAT);
    root.appendChild(control);
    root.appendChild(extensions);

    IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), null);
    metadata.mergeTree(FORMAT, root);
    return metadata;
  }
}
