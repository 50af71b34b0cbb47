// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
  private static final int SCRATCH_BYTES = 2 * PATH_LIMIT_BYTES;
  private static final int AT_EMPTY_PATH = 0x1000;

  /** st_ino of struct stat, {@code include/uapi/asm-generic/stat.h} and that of x86. */
  private static final int STAT_INODE_OFFSET = 8;

  /** A path, and behind it what the call fills: asked for so often that an arena each is felt. */
  private static final ThreadLocal<MemorySegment> SCRATCH =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(SCRATCH_BYTES, Long.BYTES));

  private static final NativeFunction SYSCALL = NativeFunction.ofLibc("syscall");
  private static final NativeFunction OPENAT = NativeFunction.ofLibc("openat");
  private static final NativeFunction CLOSE = NativeFunction.ofLibc("close");
  private static final NativeFunction READ = NativeFunction.ofLibc("read");
  private static final NativeFunction WRITE = NativeFunction.ofLibc("write");
  private static final NativeFunction MMAP = NativeFunction.ofLibc("mmap");
  private static final NativeFunction MUNMAP = NativeFunction.ofLibc("munmap");
  private static final NativeFunction IOCTL = NativeFunction.ofLibc("ioctl");

  private static final NativeFunction READLINK = NativeFunction.ofLibc("readlink");
  private static final NativeFunction PROCESS_VM_READV = NativeFunction.ofLibc("process_vm_readv");
  private static final NativeFunction GETRLIMIT = NativeFunction.ofLibc("getrlimit");
  private static final int RLIMIT_NOFILE = 7;

  private Libc() {}

  /**
   * Any system call of at most five arguments by number. One that takes six needs a function of its
   * own, as {@link #readMemory} has it: the sixth would be whatever lies on the stack.
   */
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
    MemorySegment scratch = SCRATCH.get();
    return isPath(scratch, path)
        ? (int)
            orErrno(
                NativeFunction.toInt(
                    OPENAT.call(directoryFd, scratch.address(), flags | O_CLOEXEC)))
        : -Errno.ENAMETOOLONG;
  }

  /** False if the path is longer than the kernel takes any. */
  private static boolean isPath(MemorySegment scratch, String path) {
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    if (bytes.length >= PATH_LIMIT_BYTES) {
      return false;
    }
    MemorySegment.copy(bytes, 0, scratch, JAVA_BYTE, 0, bytes.length);
    scratch.set(JAVA_BYTE, bytes.length, (byte) 0);
    return true;
  }

  /**
   * The inode number of a file; of what a symbolic link leads to, also where that is a namespace.
   *
   * @return the number, 0 if there is no such file or we may not look at it
   */
  public static long inode(String path) {
    MemorySegment scratch = SCRATCH.get();
    return isPath(scratch, path) ? inode(AT_FDCWD, scratch, 0) : 0;
  }

  /** The inode number of an open file. */
  public static long inode(int fd) {
    MemorySegment scratch = SCRATCH.get();
    scratch.set(JAVA_BYTE, 0, (byte) 0);
    return inode(fd, scratch, AT_EMPTY_PATH);
  }

  private static long inode(int directoryFd, MemorySegment scratch, long flags) {
    long status = scratch.address() + PATH_LIMIT_BYTES + Long.BYTES - 1;
    status -= status % Long.BYTES;
    long result = syscall(SystemCall.NEWFSTATAT, directoryFd, scratch.address(), status, flags);
    return result < 0 ? 0 : scratch.get(JAVA_LONG, status - scratch.address() + STAT_INODE_OFFSET);
  }

  /** How many files this process may have open at the moment; Long.MAX_VALUE if unlimited. */
  public static long openFilesMax() {
    try (Arena arena = Arena.ofConfined()) {
      // struct rlimit: first the soft limit, which counts, then the hard one.
      MemorySegment limits = arena.allocate(2 * Long.BYTES, Long.BYTES);
      long result = orErrno(NativeFunction.toInt(GETRLIMIT.call(RLIMIT_NOFILE, limits.address())));
      long soft = limits.get(JAVA_LONG, 0);
      return result < 0 || soft < 0 ? Long.MAX_VALUE : soft;
    }
  }

  /**
   * process_vm_readv(2) with one vector on each side.
   *
   * @param local address of the struct iovec that says where to
   * @param remote address of the one that says what of the other process
   * @return bytes read, or a negative error number
   */
  public static long readMemory(long pid, long local, long remote) {
    return orErrno(PROCESS_VM_READV.callWith(pid, local, 1, remote, 1, 0));
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
    return read(fd, into.address(), into.byteSize());
  }

  private static int read(int fd, long address, long sizeBytes) {
    long result;
    do {
      result = orErrno(READ.call(fd, address, sizeBytes));
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
    try {
      if (limitBytes <= SCRATCH_BYTES) {
        return readText(fd, SCRATCH.get(), limitBytes);
      }
      try (Arena arena = Arena.ofConfined()) {
        return readText(fd, arena.allocate(limitBytes), limitBytes);
      }
    } finally {
      close(fd);
    }
  }

  private static @Nullable String readText(int fd, MemorySegment buffer, int limitBytes) {
    int length = 0;
    int count;
    do {
      count = read(fd, buffer.address() + length, limitBytes - length);
      length += Math.max(count, 0);
    } while (count > 0 && length < limitBytes);
    if (count < 0) {
      return null;
    }
    byte[] bytes = new byte[length];
    MemorySegment.copy(buffer, JAVA_BYTE, 0, bytes, 0, length);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /**
   * Reads a file as text, such as those below {@code /proc}, whose lengths nobody knows before.
   *
   * @return the text, bytes above 127 as they come in ISO 8859-1; null if it cannot be read
   */
  public static @Nullable String readText(String path) {
    int fd = openAt(AT_FDCWD, path, O_RDONLY);
    if (fd < 0) {
      return null;
    }
    try {
      MemorySegment scratch = SCRATCH.get();
      byte[] text = new byte[0];
      int count = read(fd, scratch.address(), SCRATCH_BYTES);
      while (count > 0) {
        int length = text.length;
        text = Arrays.copyOf(text, length + count);
        MemorySegment.copy(scratch, JAVA_BYTE, 0, text, length, count);
        count = read(fd, scratch.address(), SCRATCH_BYTES);
      }
      return count < 0 ? null : new String(text, StandardCharsets.ISO_8859_1);
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
    MemorySegment scratch = SCRATCH.get();
    long length = readLink(path, scratch);
    if (length < 0) {
      throw new SystemCallException("reading", path, (int) -length, "");
    }
    return linkTarget(scratch, length);
  }

  /** Where a symbolic link points; null if there is none, or none that we may look at. */
  public static @Nullable String linkTarget(String path) {
    MemorySegment scratch = SCRATCH.get();
    long length = readLink(path, scratch);
    return length < 0 ? null : linkTarget(scratch, length);
  }

  private static long readLink(String path, MemorySegment scratch) {
    return isPath(scratch, path)
        ? orErrno(
            READLINK.call(
                scratch.address(), scratch.address() + PATH_LIMIT_BYTES, PATH_LIMIT_BYTES))
        : -Errno.ENAMETOOLONG;
  }

  private static String linkTarget(MemorySegment scratch, long length) {
    byte[] target = new byte[(int) length];
    MemorySegment.copy(scratch, JAVA_BYTE, PATH_LIMIT_BYTES, target, 0, target.length);
    return new String(target, StandardCharsets.UTF_8);
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
