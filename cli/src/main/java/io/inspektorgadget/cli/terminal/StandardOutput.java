// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.terminal;

import io.inspektorgadget.columns.ByteSink;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Standard output with a buffer of its own: bytes go out when it is full and at each flush, never
 * by a timer. Single thread at a time. There is nothing to close; the process owns the descriptor.
 */
public final class StandardOutput implements ByteSink {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final OutputStream out;
  private final boolean isPipe;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int length;

  /**
   * An output into a stream.
   *
   * @param out takes the bytes
   * @param isPipe true if somebody reads at the other end, who may go away
   */
  public StandardOutput(OutputStream out, boolean isPipe) {
    this.out = out;
    this.isPipe = isPipe;
  }

  /** Standard output of this process. */
  public static StandardOutput ofProcess() {
    String target = Terminal.linkTarget(Path.of("/proc/self/fd/1"));
    boolean isPipe = target.startsWith("pipe:") || target.startsWith("socket:");
    return new StandardOutput(new FileOutputStream(FileDescriptor.out), isPipe);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    if (count > BUFFER_BYTES - length) {
      flush();
    }
    if (count > BUFFER_BYTES) {
      send(bytes, offset, count);
      return;
    }
    System.arraycopy(bytes, offset, buffer, length, count);
    length += count;
  }

  @Override
  public void flush() throws IOException {
    int count = length;
    length = 0;
    if (count > 0) {
      send(buffer, 0, count);
    }
  }

  private void send(byte[] bytes, int offset, int count) throws IOException {
    try {
      out.write(bytes, offset, count);
    } catch (IOException e) {
      // The only way in which writing to a pipe goes wrong is that nobody reads any more.
      throw isPipe ? new ReaderGoneException(e) : e;
    }
  }
}
