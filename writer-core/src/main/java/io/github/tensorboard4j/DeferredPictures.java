package io.github.tensorboard4j;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Pictures of one step of a series, until they are compressed. */
record DeferredPictures(String tag, double wallTime, long step, int width, int height, long bytes,
    @Nullable String complaint,
    Supplier<List<byte[]>> encoder) implements DeferredSummary {

  static DeferredPictures of(String tag, double wallTime, long step, List<Picture> pictures) {
    Picture first = pictures.get(0);
    return new DeferredPictures(tag, wallTime, step, first.width(), first.height(),
        pictures.stream().mapToLong(Picture::bytes).sum(), Picture.complaint(pictures),
        () -> pictures.stream().map(picture -> Png.encode(picture.pixels())).toList());
  }

  static DeferredPictures of(String tag, double wallTime, long step, Video video) {
    List<Picture> frames = video.frames();
    Picture first = frames.get(0);
    return new DeferredPictures(tag, wallTime, step, first.width(), first.height(),
        frames.stream().mapToLong(Picture::bytes).sum(), Picture.complaint(frames), () -> List.of(Gif.encode(video)));
  }

  @Override
  public EventEncoder encode() {
    return new PictureSummary(wallTime, step, tag, width, height, encoder.get());
  }
}
