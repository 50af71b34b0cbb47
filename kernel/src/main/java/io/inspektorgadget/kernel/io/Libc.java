// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The system calls that the kernel packages make, as the kernel answers them: a result of 0 or
 * more, or a negative error number. Thread-safe.
 */
public final class Libc {
  /** open(2): read only. */
  public static final int O_RDONLY = 0;

  /** open(2): closed in a program that this process starts. */
  public static final int O_CLOEXEC = 0x80000;

  /** open(2): only a place to start further paths from. */
  public static final int O_PATH = 0x200000;

  /** Directory argument of {@link #openAt} for absolute paths. */
  public static final int AT_FDCWD = -100;

  /** mmap(2): pages can be read. */
  public static final int PROT_READ = 1;

  /** mmap(2): pages can be written. */
  public static final int PROT_WRITE = 2;

  /** mmap(2): writes reach the mapped object. */
  public static final int MAP_SHARED = 1;

  /** mmap(2): zeroed memory of this process. */
  public static final int MAP_PRIVATE_ANONYMOUS = 0x22;

  private static final int PATH_LIMIT_BYTES = 4097;

  private static final NativeFunction SYSCALL = NativeFunction.ofLibc("syscall");
  private static final NativeFunction OPENAT = NativeFunction.ofLibc("openat");
  private static final NativeFunction CLOSE = NativeFunction.ofLibc("close");
  private static final NativeFunction READ = NativeFunction.ofLibc("read");
  private static final NativeFunction WRITE = NativeFunction.ofLibc("write");
  private static final NativeFunction MMAP = NativeFunction.ofLibc("mmap");
  private static final NativeFunction MUNMAP = NativeFunction.ofLibc("munmap");
  private static final NativeFunction IOCTL = NativeFunction.ofLibc("ioctl");

  private static final NativeFunction READLINK = NativeFunction.ofLibc("readlink");

  private Libc() {}

  /** Any system call by number. */
  public static long syscall(SystemCall call, long... arguments) {
    long[] words = new long[arguments.length + 1];
    words[0] = call.number();
    System.arraycopy(arguments, 0, words, 1, arguments.length);
    return orErrno(SYSCALL.callWith(words));
  }

  /**
   * Opens a file for reading, close-on-exec.
   *
   * @param directoryFd where a relative path starts, or {@link #AT_FDCWD}
   * @param flags beside O_RDONLY and O_CLOEXEC
   * @return the file descriptor or a negative error number
   */
  public static int openAt(int directoryFd, String path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      long text = arena.allocateFrom(path).address();
      return (int) orErrno(NativeFunction.toInt(OPENAT.call(directoryFd, text, flags | O_CLOEXEC)));
    }
  }

  /** close(2). */
  public static int close(int fd) {
    return (int) orErrno(NativeFunction.toInt(CLOSE.call(fd)));
  }

  /**
   * read(2), begun again when a signal interrupts it.
   *
   * @param into native memory
   * @return bytes read, 0 at the end, or a negative error number
   */
  public static int read(int fd, MemorySegment into) {
    requireNative(into);
    long result;
    do {
      result = orErrno(READ.call(fd, into.address(), into.byteSize()));
    } while (result == -Errno.EINTR);
    return (int) result;
  }

  /** write(2), begun again when a signal interrupts it; a negative error number if it fails. */
  public static int write(int fd, MemorySegment from) {
    requireNative(from);
    long result;
    do {
      result = orErrno(WRITE.call(fd, from.address(), from.byteSize()));
    } while (result == -Errno.EINTR);
    return (int) result;
  }

  /** mmap(2) at an address that the kernel chooses; the address, or a negative error number. */
  static long map(long sizeBytes, int protection, int flags, int fd, long offset) {
    return orErrno(MMAP.callWith(0, sizeBytes, protection, flags, fd, offset));
  }

  /** munmap(2). */
  static int unmap(long address, long sizeBytes) {
    return (int) orErrno(NativeFunction.toInt(MUNMAP.call(address, sizeBytes)));
  }

  /** ioctl(2) with a word or an address as argument. */
  public static int ioctl(int fd, long request, long argument) {
    return (int) orErrno(NativeFunction.toInt(IOCTL.call(fd, request, argument)));
  }

  /**
   * Reads a small file as text, from its beginning to its end or to the given limit.
   *
   * @return the text, bytes above 127 as they come in ISO 8859-1; null if it cannot be read
   */
  public static @Nullable String readText(int directoryFd, String path, int limitBytes) {
    int fd = openAt(directoryFd, path, O_RDONLY);
    if (fd < 0) {
      return null;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(limitBytes);
      int length = 0;
      int count;
      do {
        count = read(fd, buffer.asSlice(length));
        length += Math.max(count, 0);
      } while (count > 0 && length < limitBytes);
      byte[] bytes = buffer.asSlice(0, length).toArray(JAVA_BYTE);
      return count < 0 ? null : new String(bytes, StandardCharsets.ISO_8859_1);
    } finally {
      close(fd);
    }
  }

  /**
   * Where a symbolic link points.
   *
   * @throws SystemCallException ENOENT if there is none
   */
  public static String readLink(String path) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment target = arena.allocate(PATH_LIMIT_BYTES);
      long text = arena.allocateFrom(path).address();
      // One byte stays zero, because the kernel does not end the text.
      long result = orErrno(READLINK.call(text, target.address(), PATH_LIMIT_BYTES - 1));
      if (result < 0) {
        throw new SystemCallException("reading", path, (int) -result, "");
      }
      return target.getString(0);
    }
  }

  private static void requireNative(MemorySegment segment) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException("passing memory of the Java heap to the kernel");
    }
  }

  private static long orErrno(long result) {
    return result == -1 ? -NativeFunction.lastErrno() : result;
  }
}
