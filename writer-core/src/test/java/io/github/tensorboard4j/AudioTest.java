package io.github.tensorboard4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tensorboard4j.events.Event;
import io.github.tensorboard4j.testing.Recorded;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AudioTest {

  @TempDir
  private Path run;

  @Test
  void shouldWriteAWavFileThatTheJdkPlays() throws IOException, UnsupportedAudioFileException {
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addAudio("tone", Audio.of(new float[] {0, 1, -1, 0.5f, -0.5f, 0.25f}, 16_000, 2), 3);
    }

    Event.Value value = value();
    assertThat(value.plugin()).isEqualTo("audio");
    assertThat(value.pluginContent()).isEqualTo(ByteBuffer.wrap(new byte[] {0x10, 0x0b}));
    assertThat(value.shape()).containsExactly(1L);
    AudioInputStream sound = play(value.stringBytes());
    AudioFormat format = sound.getFormat();
    assertThat(format.getEncoding()).isEqualTo(AudioFormat.Encoding.PCM_SIGNED);
    assertThat(format.getSampleRate()).isEqualTo(16_000);
    assertThat(format.getChannels()).isEqualTo(2);
    assertThat(format.getSampleSizeInBits()).isEqualTo(16);
    assertThat(sound.getFrameLength()).isEqualTo(3);
    assertThat(samples(sound)).containsExactly((short) 0, Short.MAX_VALUE, (short) -Short.MAX_VALUE, (short) 16384,
        (short) -16383, (short) 8192);
  }

  @Test
  void shouldKeepSamplesOf16BitsAsTheyAre() throws IOException, UnsupportedAudioFileException {
    short[] samples = {0, Short.MIN_VALUE, Short.MAX_VALUE, -1};
    try (SummaryWriter writer = SummaryWriter.open(run)) {
      writer.addAudio("tone", Audio.of(samples, 44_100), 3);
    }

    AudioInputStream sound = play(value().stringBytes());
    assertThat(sound.getFormat().getChannels()).isEqualTo(1);
    assertThat(sound.getFormat().getSampleRate()).isEqualTo(44_100);
    assertThat(samples(sound)).containsExactly(samples);
  }

  @Test
  void shouldRefuseWhatIsNoSoundAndSayWhere() {
    assertThatThrownBy(() -> Audio.of(new float[0], 8_000)).hasMessageContaining("not 0");
    assertThatThrownBy(() -> Audio.of(new short[0], 8_000)).hasMessageContaining("not 0");
    assertThatThrownBy(() -> Audio.of(new float[] {0, 0, 1.5f}, 8_000)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sample 2").hasMessageContaining("1.5");
    assertThatThrownBy(() -> Audio.of(new float[] {0, Float.NaN}, 8_000)).hasMessageContaining("sample 1")
        .hasMessageContaining("NaN");
    assertThatThrownBy(() -> Audio.of(new float[] {0}, 0)).hasMessageContaining("positive").hasMessageContaining("not 0");
    assertThatThrownBy(() -> Audio.of(new float[] {0}, -1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> Audio.of(new short[3], 8_000, 2)).hasMessageContaining("3 samples")
        .hasMessageContaining("2 channels");
    assertThatThrownBy(() -> Audio.of(new short[3], 8_000, 0)).hasMessageContaining("channels, not 0");
  }

  private Event.Value value() {
    return Recorded.in(run).events().stream().flatMap(event -> event.values().stream()).findFirst().orElseThrow();
  }

  private static AudioInputStream play(List<ByteBuffer> blobs) throws IOException, UnsupportedAudioFileException {
    byte[] wav = new byte[blobs.get(0).remaining()];
    blobs.get(0).get(wav);
    return AudioSystem.getAudioInputStream(new ByteArrayInputStream(wav));
  }

  private static short[] samples(AudioInputStream sound) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(sound.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
    short[] samples = new short[bytes.remaining() / Short.BYTES];
    bytes.asShortBuffer().get(samples);
    return samples;
  }
}
