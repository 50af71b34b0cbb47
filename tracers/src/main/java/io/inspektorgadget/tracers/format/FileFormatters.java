// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.tracers.event.FieldFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

/** Texts for the flags and the mode of files; the numbers are those of Linux on amd64 and arm64. */
final class FileFormatters {
  private static final String[] ACCESS = {"O_RDONLY", "O_WRONLY", "O_RDWR", "O_ACCMODE"};
  private static final long ACCESS_MASK = 3;
  private static final String PERMISSIONS = "rwxrwxrwx";
  private static final int TYPE_SHIFT = 12;

  /** One letter for each value of S_IFMT >> 12, as {@code ls -l} shows it. */
  private static final String TYPES = "-pc?d?b?-?l?s???";

  private FileFormatters() {}

  /**
   * Open flags: include/uapi/asm-generic/fcntl.h; masks of several bits come before their parts.
   */
  private static Map<Long, String> openFlags() {
    Map<Long, String> bits = new LinkedHashMap<>();
    bits.put(0x41_0000L, "O_TMPFILE");
    bits.put(0x10_1000L, "O_SYNC");
    bits.put(0x40L, "O_CREAT");
    bits.put(0x80L, "O_EXCL");
    bits.put(0x100L, "O_NOCTTY");
    bits.put(0x200L, "O_TRUNC");
    bits.put(0x400L, "O_APPEND");
    bits.put(0x800L, "O_NONBLOCK");
    bits.put(0x1000L, "O_DSYNC");
    bits.put(0x2000L, "FASYNC");
    bits.put(0x4000L, "O_DIRECT");
    bits.put(0x8000L, "O_LARGEFILE");
    bits.put(0x1_0000L, "O_DIRECTORY");
    bits.put(0x2_0000L, "O_NOFOLLOW");
    bits.put(0x4_0000L, "O_NOATIME");
    bits.put(0x8_0000L, "O_CLOEXEC");
    bits.put(0x20_0000L, "O_PATH");
    return bits;
  }

  /** {@code O_RDONLY|O_CREAT} of the flags in field {@code source}. */
  static FieldFormatter.OfField flags(int source) {
    BitSetFormatter bits = new BitSetFormatter(source, openFlags(), "|");
    return (view, out) -> {
      long flags = view.longAt(source);
      out.appendAscii(ACCESS[(int) (flags & ACCESS_MASK)]);
      bits.write(flags & ~ACCESS_MASK, true, out);
    };
  }

  /** {@code -rw-r--r--} of the mode in field {@code source}. */
  static FieldFormatter.OfField mode(int source) {
    return (view, out) -> writeMode(view.longAt(source), out);
  }

  private static void writeMode(long mode, TextBuffer out) {
    out.append(TYPES.charAt((int) (mode >>> TYPE_SHIFT) & 0xf));
    for (int i = 0; i < PERMISSIONS.length(); i++) {
      boolean set = (mode >>> (PERMISSIONS.length() - 1 - i) & 1) != 0;
      out.append(permission(mode, i, set));
    }
  }

  private static int permission(long mode, int position, boolean set) {
    boolean special =
        switch (position) {
          case 2 -> (mode & 04000) != 0;
          case 5 -> (mode & 02000) != 0;
          case 8 -> (mode & 01000) != 0;
          default -> false;
        };
    if (special) {
      char letter = position == 8 ? 't' : 's';
      return set ? letter : Character.toUpperCase(letter);
    }
    return set ? PERMISSIONS.charAt(position) : '-';
  }
}
