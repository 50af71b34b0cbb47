// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.fanotify;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Another process's memory, read in whole pages: words of a command line mostly lie side by side.
 * Used by one thread; closed by who opened it.
 */
final class ProcessMemory implements AutoCloseable {
  private static final int PAGE_BYTES = 4096;

  private final FileChannel channel;
  private final ByteBuffer page = ByteBuffer.allocate(PAGE_BYTES).order(ByteOrder.nativeOrder());
  private long pageAddress = -1;

  private ProcessMemory(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Opens {@code /proc/PID/mem}.
   *
   * @throws IOException if the process is gone, or may not be looked at
   */
  static ProcessMemory open(Path file) throws IOException {
    return new ProcessMemory(FileChannel.open(file, StandardOpenOption.READ));
  }

  /**
   * The aligned 64-bit number at this address.
   *
   * @throws IOException if nothing is there
   */
  long number(long address) throws IOException {
    read(address);
    return page.getLong(offset(address) & -Long.BYTES);
  }

  /**
   * The text at this address, up to its zero.
   *
   * @throws IOException if nothing is there, or the text is longer than the limit
   */
  String text(long address, int limitBytes) throws IOException {
    byte[] text = new byte[limitBytes];
    for (int length = 0; length < limitBytes; length++) {
      long at = address + length;
      read(at);
      text[length] = page.get(offset(at));
      if (text[length] == 0) {
        return new String(text, 0, length, StandardCharsets.UTF_8);
      }
    }
    throw new IOException("reading a word of a command line: longer than " + limitBytes + " bytes");
  }

  private static int offset(long address) {
    return (int) (address & (PAGE_BYTES - 1));
  }

  private void read(long address) throws IOException {
    long wanted = address - offset(address);
    if (wanted == pageAddress) {
      return;
    }
    pageAddress = -1;
    page.clear();
    if (wanted < 0 || channel.read(page, wanted) != PAGE_BYTES) {
      throw new IOException("reading memory at " + Long.toHexString(address) + ": nothing there");
    }
    pageAddress = wanted;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
