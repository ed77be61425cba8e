package io.github.tensorboard4j;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A summary that takes long to encode, or much room, and waits until the writer thread has time for it. Nothing it has changes
 * meanwhile.
 *
 * @param bytes how much memory it takes until it is encoded
 * @param complaint what should be said about it, once a series
 * @param encoder encodes it, on any thread
 */
record DeferredSummary(
    String tag, double wallTime, long step, long bytes, @Nullable String complaint, Supplier<EventEncoder> encoder) {

  private static final byte[] NO_CONTENT = {};

  /** Takes pictures, each of which is an element of the series' tensor. */
  static DeferredSummary ofPictures(String tag, double wallTime, long step, List<Picture> pictures) {
    return of(tag, wallTime, step, pictures,
        () -> pictures.stream().map(picture -> Png.encode(picture.pixels())).toList());
  }

  /** Takes a video, which is one element. */
  static DeferredSummary ofVideo(String tag, double wallTime, long step, Video video) {
    return of(tag, wallTime, step, video.frames(), () -> List.of(Gif.encode(video)));
  }

  /** Takes an event that is large, though it costs nothing to encode. */
  static DeferredSummary ofEvent(String tag, double wallTime, long step, EventEncoder event) {
    return new DeferredSummary(tag, wallTime, step, event.length(), null, () -> event);
  }

  /** The tensor's elements are width, height and one file after the other. */
  private static DeferredSummary of(
      String tag, double wallTime, long step, List<Picture> pictures, Supplier<List<byte[]>> files) {
    Picture first = pictures.get(0);
    int width = first.width();
    int height = first.height();
    return new DeferredSummary(tag, wallTime, step, pictures.stream().mapToLong(Picture::bytes).sum(),
        Picture.complaint(pictures), () -> {
          List<byte[]> strings = new ArrayList<>();
          strings.add(TensorData.utf8(Integer.toString(width)));
          strings.add(TensorData.utf8(Integer.toString(height)));
          strings.addAll(files.get());
          return TensorData.ofStrings(strings, strings.size())
              .blobs(wallTime, step, tag, "images", NO_CONTENT);
        });
  }
}
