package io.github.tensorboard4j;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A disk that fails as its seed has it, and knows what a crash would leave: of each write after the last force, all, nothing, a
 * part, or garbage.
 */
final class CrashingDisk implements Disk {

  private final Random random;
  private final Map<Path, CrashingChannel> channels = new LinkedHashMap<>();
  private final Set<Path> forcedDirectories = new HashSet<>();
  private double faultRate;
  private int fullFor;
  private int faults;
  private boolean forceFailed;

  /** Creates a disk that lets such a part of all calls fail. */
  CrashingDisk(Random random, double faultRate) {
    this.random = random;
    this.faultRate = faultRate;
  }

  /** Lets nothing fail any more. */
  void repair() {
    faultRate = 0;
    fullFor = 0;
  }

  /** Takes nothing for so many writes. */
  void runFullFor(int writes) {
    fullFor = writes;
  }

  int faults() {
    return faults;
  }

  /** Returns whether a force has failed: what was written before may be gone without another word, as on Linux. */
  boolean hasForceFailed() {
    return forceFailed;
  }

  /** Returns the files as they are when the process dies and the system goes on. */
  Map<Path, byte[]> imageAfterKill() throws IOException {
    Map<Path, byte[]> image = new LinkedHashMap<>();
    for (Path file : channels.keySet()) {
      image.put(file, Files.readAllBytes(file));
    }
    return image;
  }

  /** Returns the files as they may be when the system dies. */
  Map<Path, byte[]> imageAfterPowerCut() {
    Map<Path, byte[]> image = new LinkedHashMap<>();
    channels.forEach((file, channel) -> {
      if (forcedDirectories.contains(file.getParent()) || random.nextBoolean()) {
        image.put(file, channel.imageAfterPowerCut());
      }
    });
    return image;
  }

  private void maybeFail(String call) throws IOException {
    if (random.nextDouble() < faultRate) {
      throw fault(call);
    }
  }

  private IOException fault(String call) {
    faults++;
    return new IOException("a " + call + " that fails");
  }

  @Override
  public SeekableByteChannel create(Path file) throws IOException {
    maybeFail("create");
    CrashingChannel channel = new CrashingChannel(FILE_SYSTEM.create(file));
    channels.put(file, channel);
    forcedDirectories.remove(file.getParent());
    return channel;
  }

  @Override
  public void force(SeekableByteChannel channel) throws IOException {
    try {
      maybeFail("force");
    } catch (IOException e) {
      forceFailed = true;
      throw e;
    }
    ((CrashingChannel) channel).force();
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    maybeFail("force of a directory");
    forcedDirectories.add(directory);
  }

  @Override
  public Object deviceOf(Path directory) {
    return this;
  }

  private final class CrashingChannel extends DelegatingChannel {

    private final ByteArrayOutputStream durable = new ByteArrayOutputStream();
    private final List<byte[]> pending = new ArrayList<>();

    CrashingChannel(SeekableByteChannel channel) {
      super(channel);
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      if (fullFor > 0) {
        fullFor--;
        throw fault("write to a full disk");
      }
      maybeFail("write");
      int end = bytes.limit();
      if (random.nextDouble() < faultRate) {
        bytes.limit(bytes.position() + random.nextInt(bytes.remaining() + 1));
      }
      byte[] written = new byte[bytes.remaining()];
      bytes.get(bytes.position(), written);
      pending.add(written);
      try {
        return channel.write(bytes);
      } finally {
        bytes.limit(end);
      }
    }

    void force() {
      pending.forEach(durable::writeBytes);
      pending.clear();
    }

    byte[] imageAfterPowerCut() {
      ByteArrayOutputStream image = new ByteArrayOutputStream();
      image.writeBytes(durable.toByteArray());
      int last = random.nextInt(pending.size() + 1);
      for (byte[] written : pending.subList(0, last)) {
        byte[] left = written.clone();
        switch (random.nextInt(4)) {
          case 0 -> Arrays.fill(left, (byte) 0);
          case 1 -> Arrays.fill(left, random.nextInt(left.length + 1), left.length, (byte) 0);
          case 2 -> garble(left);
          default -> {}
        }
        image.writeBytes(left);
      }
      byte[] all = image.toByteArray();
      boolean cut = last > 0 && random.nextBoolean();
      return cut ? Arrays.copyOf(all, durable.size() + random.nextInt(all.length - durable.size() + 1)) : all;
    }

    private void garble(byte[] bytes) {
      for (int i = random.nextInt(8); i >= 0 && bytes.length > 0; i--) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
      maybeFail("close");
    }
  }
}
