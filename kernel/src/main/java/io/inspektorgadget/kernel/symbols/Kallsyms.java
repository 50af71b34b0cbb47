// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.symbols;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's functions by address, as {@code /proc/kallsyms} shows them, modules and BPF programs
 * included. Immutable; a picture of the moment it was read.
 */
public final class Kallsyms {
  private final byte[] names;
  private final SymbolIndex index;
  private final boolean hidden;

  private Kallsyms(byte[] names, SymbolIndex index, boolean hidden) {
    this.names = names;
    this.index = index;
    this.hidden = hidden;
  }

  /**
   * Reads all functions; some tens of milliseconds and about 15 bytes of memory each.
   *
   * @param path the file, such as {@code /proc/kallsyms} under the host's root
   * @throws IOException if it cannot be read
   */
  public static Kallsyms read(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return parse(in);
    }
  }

  /** Reads the lines of a stream to its end; the caller closes it. */
  static Kallsyms parse(InputStream in) throws IOException {
    Reader reader = new Reader();
    byte[] buffer = new byte[1 << 16];
    for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
      for (int i = 0; i < count; i++) {
        reader.accept(buffer[i]);
      }
    }
    reader.accept((byte) '\n');
    SymbolIndex index = reader.ranges.build();
    return new Kallsyms(reader.names.toByteArray(), index, index.count() == 0 && reader.zeroes > 0);
  }

  /**
   * True if the kernel shows every address as 0 (kernel.kptr_restrict, or CAP_SYSLOG is missing):
   * nothing can be named.
   */
  public boolean isHidden() {
    return hidden;
  }

  /** Number of addresses that have a name. */
  public int count() {
    return index.count();
  }

  /** The function that holds the address, or null. */
  public @Nullable String nameOf(long address) {
    int start = index.find(address);
    if (start < 0) {
      return null;
    }
    int end = start;
    while (end < names.length && names[end] != 0) {
      end++;
    }
    return new String(names, start, end - start, StandardCharsets.UTF_8);
  }

  /** Reads lines {@code ADDRESS TYPE NAME [MODULE]}, byte by byte. */
  private static final class Reader {
    private static final int ADDRESS = 0;
    private static final int TYPE = 1;
    private static final int NAME = 2;
    private static final int REST = 3;

    final SymbolIndex.Builder ranges = new SymbolIndex.Builder();
    final ByteArrayOutputStream names = new ByteArrayOutputStream(1 << 20);
    int zeroes;
    private int column;
    private long address;
    private byte type;
    private int nameStart;

    void accept(byte b) {
      if (b == '\n') {
        endLine();
      } else if (b == ' ' || b == '\t') {
        column++;
      } else if (column == ADDRESS) {
        address = (address << 4) | Math.max(0, Character.digit(b, 16));
      } else if (column == TYPE) {
        type = b;
      } else if (column == NAME && isFunction()) {
        names.write(b);
      }
    }

    private void endLine() {
      if (column >= NAME && column <= REST + 1 && isFunction() && names.size() > nameStart) {
        if (address == 0) {
          zeroes++;
        } else {
          ranges.add(address, 0, nameStart);
        }
        names.write(0);
      }
      nameStart = names.size();
      column = ADDRESS;
      address = 0;
      type = 0;
    }

    private boolean isFunction() {
      return type == 't' || type == 'T' || type == 'w' || type == 'W';
    }
  }
}
