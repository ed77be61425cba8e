package io.github.tensorboard4j;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.function.Predicate;

/** A disk on which every call waits while it hangs, as a network file system does whose server is gone. */
final class HangingDisk implements Disk {

  private Predicate<Path> hanging = file -> false;
  private long slowness;

  synchronized void hang() {
    hanging = file -> true;
  }

  /** Hangs with those files and directories alone that have this in their names. */
  synchronized void hangWith(String part) {
    hanging = file -> String.valueOf(file.getFileName()).contains(part);
  }

  /** Lets each call take so long from now on. */
  synchronized void slowDown(long millis) {
    slowness = millis;
  }

  synchronized void answer() {
    hanging = file -> false;
    notifyAll();
  }

  private synchronized void await(Path file) {
    try {
      Thread.sleep(slowness);
      while (hanging.test(file)) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new AssertionError("the writer thread takes no interrupts", e);
    }
  }

  @Override
  public SeekableByteChannel create(Path file) throws IOException {
    await(file);
    return new HangingChannel(file, FILE_SYSTEM.create(file));
  }

  @Override
  public void force(SeekableByteChannel channel) throws IOException {
    HangingChannel hangingChannel = (HangingChannel) channel;
    await(hangingChannel.file);
    FILE_SYSTEM.force(hangingChannel.channel);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    await(directory);
    FILE_SYSTEM.forceDirectory(directory);
  }

  @Override
  public Object deviceOf(Path directory) {
    return this;
  }

  private final class HangingChannel extends DelegatingChannel {

    private final Path file;

    HangingChannel(Path file, SeekableByteChannel channel) {
      super(channel);
      this.file = file;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      await(file);
      return channel.write(bytes);
    }

    @Override
    public long size() throws IOException {
      await(file);
      return channel.size();
    }

    @Override
    public void close() throws IOException {
      await(file);
      channel.close();
    }
  }
}
