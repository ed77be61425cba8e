package io.github.tensorboard4j;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;

/** A disk on which every call waits while it hangs, as a network file system does whose server is gone. */
final class HangingDisk implements Disk {

  private boolean hanging;
  private long slowness;

  synchronized void hang() {
    hanging = true;
  }

  /** Lets each call take so long from now on. */
  synchronized void slowDown(long millis) {
    slowness = millis;
  }

  synchronized void answer() {
    hanging = false;
    notifyAll();
  }

  private synchronized void await() {
    try {
      Thread.sleep(slowness);
      while (hanging) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new AssertionError("the writer thread takes no interrupts", e);
    }
  }

  @Override
  public SeekableByteChannel create(Path file) throws IOException {
    await();
    return new HangingChannel(FILE_SYSTEM.create(file));
  }

  @Override
  public void force(SeekableByteChannel channel) throws IOException {
    await();
    FILE_SYSTEM.force(((HangingChannel) channel).channel);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    await();
    FILE_SYSTEM.forceDirectory(directory);
  }

  @Override
  public Object deviceOf(Path directory) {
    return this;
  }

  private final class HangingChannel extends DelegatingChannel {

    HangingChannel(SeekableByteChannel channel) {
      super(channel);
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      await();
      return channel.write(bytes);
    }

    @Override
    public long size() throws IOException {
      await();
      return channel.size();
    }

    @Override
    public void close() throws IOException {
      await();
      channel.close();
    }
  }
}
