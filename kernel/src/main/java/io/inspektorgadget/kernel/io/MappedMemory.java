// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.io;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A mapping of a file descriptor or of zeroed memory. The owner closes it; an access to the segment
 * after that throws instead of crashing the process. Any thread may use and close it.
 */
public final class MappedMemory implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final MemorySegment segment;

  private MappedMemory(long address, long sizeBytes) {
    this.segment =
        MemorySegment.ofAddress(address)
            .reinterpret(sizeBytes, arena, mapped -> Libc.unmap(mapped.address(), sizeBytes));
  }

  /**
   * Maps part of what a file descriptor stands for, shared with the kernel.
   *
   * @param offsetBytes a multiple of the page size
   * @throws SystemCallException with the error number of mmap(2)
   */
  public static MappedMemory ofFd(
      int fd, long offsetBytes, long sizeBytes, boolean writable, String subject) {
    int protection = Libc.PROT_READ | (writable ? Libc.PROT_WRITE : 0);
    return of(
        Libc.map(sizeBytes, protection, Libc.MAP_SHARED, fd, offsetBytes), sizeBytes, subject);
  }

  /**
   * Zeroed memory that costs nothing until it is touched.
   *
   * @throws SystemCallException with the error number of mmap(2)
   */
  public static MappedMemory ofZeroes(long sizeBytes, String subject) {
    int protection = Libc.PROT_READ | Libc.PROT_WRITE;
    return of(
        Libc.map(sizeBytes, protection, Libc.MAP_PRIVATE_ANONYMOUS, -1, 0), sizeBytes, subject);
  }

  private static MappedMemory of(long address, long sizeBytes, String subject) {
    if (address < 0) {
      String detail = sizeBytes + " bytes";
      throw new SystemCallException("mapping", subject, (int) -address, detail);
    }
    return new MappedMemory(address, sizeBytes);
  }

  /** The unit of mappings on this kernel, in bytes. */
  public static long pageSizeBytes() {
    return PageSize.BYTES;
  }

  /** Asked for on first use only. */
  private static final class PageSize {
    static final long BYTES = NativeFunction.toInt(NativeFunction.ofLibc("getpagesize").call());
  }

  /** The mapped bytes; dead after {@link #close}. */
  public MemorySegment segment() {
    return segment;
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
