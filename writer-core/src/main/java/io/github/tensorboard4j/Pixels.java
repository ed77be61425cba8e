package io.github.tensorboard4j;

/**
 * A picture's pixels in memory: rows from the top, columns from the left, the samples of a pixel one after the other, each
 * between 0 and 255. There are 1 (gray), 3 (red, green, blue) or 4 (and alpha).
 */
record Pixels(int width, int height, int channels, byte[] samples) {

  private static final int OPAQUE = 255;

  /** Returns a black picture. */
  static Pixels black(int width, int height, int channels) {
    Pixels black = new Pixels(width, height, channels, new byte[width * height * channels]);
    if (channels == 4) {
      for (int alpha = 3; alpha < black.samples.length; alpha += channels) {
        black.samples[alpha] = (byte) OPAQUE;
      }
    }
    return black;
  }

  /** Returns the same picture with as many channels or more. */
  Pixels withChannels(int count) {
    if (count == channels) {
      return this;
    }
    Pixels wide = black(width, height, count);
    for (int pixel = 0; pixel < width * height; pixel++) {
      for (int channel = 0; channel < Math.min(count, 3); channel++) {
        wide.samples[pixel * count + channel] = samples[pixel * channels + Math.min(channel, channels - 1)];
      }
    }
    return wide;
  }

  /** Returns the picture as it looks on white. */
  Pixels onWhite() {
    if (channels < 4) {
      return this;
    }
    byte[] mixed = new byte[width * height * 3];
    for (int pixel = 0; pixel < width * height; pixel++) {
      int alpha = samples[pixel * 4 + 3] & 0xff;
      for (int channel = 0; channel < 3; channel++) {
        int sample = samples[pixel * 4 + channel] & 0xff;
        mixed[pixel * 3 + channel] = (byte) ((sample * alpha + OPAQUE * (OPAQUE - alpha) + OPAQUE / 2) / OPAQUE);
      }
    }
    return new Pixels(width, height, 3, mixed);
  }

  /** Returns the picture with each pixel as a square of so many. */
  Pixels enlarged(int factor) {
    Pixels large =
        new Pixels(width * factor, height * factor, channels, new byte[width * height * factor * factor * channels]);
    int stride = large.width * channels;
    for (int y = 0; y < height; y++) {
      int row = y * factor * stride;
      for (int x = 0; x < large.width; x++) {
        System.arraycopy(samples, (y * width + x / factor) * channels, large.samples, row + x * channels, channels);
      }
      for (int copy = 1; copy < factor; copy++) {
        System.arraycopy(large.samples, row, large.samples, row + copy * stride, stride);
      }
    }
    return large;
  }

  /** Copies another picture with as many channels to a place in this one. */
  void put(Pixels other, int left, int top) {
    for (int y = 0; y < other.height; y++) {
      System.arraycopy(other.samples, y * other.width * channels, samples, ((top + y) * width + left) * channels,
          other.width * channels);
    }
  }
}
