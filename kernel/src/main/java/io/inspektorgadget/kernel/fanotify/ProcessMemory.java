// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.fanotify;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.inspektorgadget.kernel.io.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Another process's memory, read in whole pages, of which it keeps some: the addresses of a command
 * line's words are in one page or two, the words in as many. Used by one thread; closed by who
 * opened it.
 */
final class ProcessMemory implements AutoCloseable {
  private static final int PAGE_BYTES = 4096;
  private static final int PAGES = 4;
  private static final int IOVEC_BYTES = 2 * Long.BYTES;

  private final long pid;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment buffer = arena.allocate(PAGE_BYTES);
  private final MemorySegment local = arena.allocate(IOVEC_BYTES);
  private final MemorySegment remote = arena.allocate(IOVEC_BYTES);
  private final byte[][] pages = new byte[PAGES][];
  private final long[] addresses = new long[PAGES];
  private int replaced;

  private ProcessMemory(long pid) {
    this.pid = pid;
    local.set(JAVA_LONG, 0, buffer.address());
    local.set(JAVA_LONG, Long.BYTES, PAGE_BYTES);
    remote.set(JAVA_LONG, Long.BYTES, PAGE_BYTES);
  }

  /** The memory of a process or of one of its threads. */
  static ProcessMemory of(long pid) {
    return new ProcessMemory(pid);
  }

  /**
   * The aligned 64-bit number at this address.
   *
   * @throws IOException if nothing is there, the process is gone, or may not be looked at
   */
  long number(long address) throws IOException {
    ByteBuffer page = ByteBuffer.wrap(page(address)).order(ByteOrder.nativeOrder());
    return page.getLong(offset(address) & -Long.BYTES);
  }

  /**
   * The text at this address, up to its zero.
   *
   * @throws IOException as {@link #number}, or if the text is longer than the limit
   */
  String text(long address, int limitBytes) throws IOException {
    byte[] text = new byte[limitBytes];
    int length = 0;
    while (length < limitBytes) {
      byte[] page = page(address + length);
      for (int i = offset(address + length); i < PAGE_BYTES && length < limitBytes; i++) {
        if (page[i] == 0) {
          return new String(text, 0, length, StandardCharsets.UTF_8);
        }
        text[length++] = page[i];
      }
    }
    throw new IOException("reading a word of a command line: longer than " + limitBytes + " bytes");
  }

  private static int offset(long address) {
    return (int) (address & (PAGE_BYTES - 1));
  }

  private byte[] page(long address) throws IOException {
    long wanted = address - offset(address);
    for (int i = 0; i < PAGES; i++) {
      byte[] page = pages[i];
      if (page != null && addresses[i] == wanted) {
        return page;
      }
    }
    remote.set(JAVA_LONG, 0, wanted);
    long length = Libc.readMemory(pid, local.address(), remote.address());
    if (length != PAGE_BYTES) {
      throw new IOException("reading memory at " + Long.toHexString(address) + ": nothing there");
    }
    byte[] page = buffer.toArray(JAVA_BYTE);
    pages[replaced] = page;
    addresses[replaced] = wanted;
    replaced = (replaced + 1) % PAGES;
    return page;
  }

  @Override
  public void close() {
    arena.close();
  }
}
