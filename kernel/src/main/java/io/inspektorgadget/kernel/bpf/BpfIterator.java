// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import io.inspektorgadget.kernel.io.Errno;
import io.inspektorgadget.kernel.io.Fd;
import io.inspektorgadget.kernel.io.Libc;
import java.lang.foreign.MemorySegment;

/** One walk over the kernel objects of an iterator program. The caller closes it; one thread. */
public final class BpfIterator implements AutoCloseable {
  private final Fd fd;
  private final String subject;

  BpfIterator(Fd fd, String subject) {
    this.fd = fd;
    this.subject = subject;
  }

  /** Its file descriptor. */
  public int fd() {
    return fd.number();
  }

  /**
   * Reads what the program writes, at most to the end of the buffer. A record can be split between
   * two calls.
   *
   * @param into native memory
   * @return bytes read; 0 at the end of the walk
   * @throws BpfException EOVERFLOW if the program writes more for one object than the kernel
   *     buffers
   */
  public int read(MemorySegment into) {
    int count;
    do {
      // EAGAIN: the kernel let go of the processor after many objects without output.
      count = Libc.read(fd.number(), into);
    } while (count == -Errno.EAGAIN);
    if (count < 0) {
      throw new BpfException("reading", subject, -count, "");
    }
    return count;
  }

  @Override
  public void close() {
    fd.close();
  }
}
