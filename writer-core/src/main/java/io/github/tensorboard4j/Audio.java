package io.github.tensorboard4j;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A sound: samples of one or several channels, kept as a WAV file of 16 bits a sample, which every browser plays. Immutable.
 *
 * <pre>{@code
 * writer.addAudio("tone", Audio.of(samples, 16_000), step);
 * }</pre>
 */
public final class Audio {

  /** AudioPluginData of TensorBoard's audio plugin: its encoding is WAV. */
  static final byte[] METADATA = {2 << 3, 11};

  // what the WAV format calls plain samples, and the lengths of its headers
  private static final short PCM = 1;
  private static final int FORMAT_LENGTH = 16;
  private static final int HEADER = 44;
  private static final int RIFF_HEADER = 8;

  private static final int MOST_CHANNELS = 32;
  private static final int MOST_SAMPLES = 1 << 29;

  private final byte[] wav;

  private Audio(byte[] wav) {
    this.wav = wav;
  }

  /**
   * Takes the samples of one channel.
   *
   * @param samples the samples, from -1 to 1
   * @param sampleRate how many there are in a second, such as 44,100
   * @return the sound
   * @throws IllegalArgumentException if there are no samples or more than 2<sup>29</sup>, if one is NaN or not from -1
   *     to 1, or if the rate is not positive
   * @throws NullPointerException if the samples are null
   */
  public static Audio of(float[] samples, int sampleRate) {
    return of(samples, sampleRate, 1);
  }

  /**
   * Takes the samples of several channels.
   *
   * @param samples the samples, from -1 to 1: for each moment one of each channel, as left, right, left, right
   * @param sampleRate how many moments there are in a second, such as 44,100
   * @param channels the number of channels: 1 for mono, 2 for stereo, at most 32
   * @return the sound
   * @throws IllegalArgumentException if there are no samples or more than 2<sup>29</sup>, if their number is no multiple
   *     of that of the channels, if one is NaN or not from -1 to 1, if the rate is not positive, or if the number of
   *     channels is not from 1 to 32
   * @throws NullPointerException if the samples are null
   */
  public static Audio of(float[] samples, int sampleRate, int channels) {
    Objects.requireNonNull(samples, "A sound needs samples, but they are null");
    ByteBuffer wav = header(samples.length, sampleRate, channels);
    for (int i = 0; i < samples.length; i++) {
      float sample = samples[i];
      if (!(sample >= -1 && sample <= 1)) {
        throw new IllegalArgumentException("Samples are from -1 to 1, unlike sample " + i + ", which is " + sample
            + ": divide all of them by the largest");
      }
      wav.putShort((short) Math.round(sample * Short.MAX_VALUE));
    }
    return new Audio(wav.array());
  }

  /**
   * Takes the samples of one channel, in 16 bits each.
   *
   * @param samples the samples
   * @param sampleRate how many there are in a second, such as 44,100
   * @return the sound
   * @throws IllegalArgumentException if there are no samples or more than 2<sup>29</sup>, or if the rate is not positive
   * @throws NullPointerException if the samples are null
   */
  public static Audio of(short[] samples, int sampleRate) {
    return of(samples, sampleRate, 1);
  }

  /**
   * Takes the samples of several channels, in 16 bits each.
   *
   * @param samples the samples: for each moment one of each channel, as left, right, left, right
   * @param sampleRate how many moments there are in a second, such as 44,100
   * @param channels the number of channels: 1 for mono, 2 for stereo, at most 32
   * @return the sound
   * @throws IllegalArgumentException if there are no samples or more than 2<sup>29</sup>, if their number is no multiple
   *     of that of the channels, if the rate is not positive, or if the number of channels is not from 1 to 32
   * @throws NullPointerException if the samples are null
   */
  public static Audio of(short[] samples, int sampleRate, int channels) {
    Objects.requireNonNull(samples, "A sound needs samples, but they are null");
    ByteBuffer wav = header(samples.length, sampleRate, channels);
    wav.asShortBuffer().put(samples);
    return new Audio(wav.array());
  }

  /** Returns the sound as a WAV file. */
  byte[] wav() {
    return wav;
  }

  private static ByteBuffer header(int samples, int sampleRate, int channels) {
    if (samples == 0 || samples > MOST_SAMPLES) {
      throw new IllegalArgumentException("A sound has between 1 and " + MOST_SAMPLES + " samples, not " + samples);
    }
    if (sampleRate <= 0) {
      throw new IllegalArgumentException("A sound has a positive number of samples a second, not " + sampleRate);
    }
    if (channels < 1 || channels > MOST_CHANNELS) {
      throw new IllegalArgumentException("A sound has between 1 and " + MOST_CHANNELS + " channels, not " + channels);
    }
    if (samples % channels != 0) {
      throw new IllegalArgumentException(samples + " samples can't be shared among " + channels
          + " channels: give one of each channel for each moment");
    }
    int length = samples * Short.BYTES;
    ByteBuffer wav = ByteBuffer.allocate(HEADER + length).order(ByteOrder.LITTLE_ENDIAN);
    wav.put(ascii("RIFF")).putInt(HEADER - RIFF_HEADER + length).put(ascii("WAVE"));
    wav.put(ascii("fmt ")).putInt(FORMAT_LENGTH).putShort(PCM).putShort((short) channels).putInt(sampleRate)
        .putInt(sampleRate * channels * Short.BYTES).putShort((short) (channels * Short.BYTES)).putShort((short) Short.SIZE);
    return wav.put(ascii("data")).putInt(length);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
