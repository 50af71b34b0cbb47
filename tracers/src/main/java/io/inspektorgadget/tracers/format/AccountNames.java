// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.tracers.event.FieldFormatter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Names of the host's users or groups, from /etc/passwd or /etc/group (passwd(5), group(5)). Read
 * once, when the first name is asked for. A number without a name is shown as {@code uid:N}.
 */
final class AccountNames {
  private static final int ID_CACHE_SIZE = 1_024;

  private final Path file;
  private final String unknownPrefix;
  private boolean loaded;
  private final Map<Long, byte[]> names = new HashMap<>();
  private final byte[][] small = new byte[ID_CACHE_SIZE][];
  private static final byte[] NONE = {};

  /**
   * Names from a file.
   *
   * @param unknownPrefix {@code uid:} or {@code gid:}
   */
  AccountNames(Path file, String unknownPrefix) {
    this.file = file;
    this.unknownPrefix = unknownPrefix;
  }

  /** A formatter of the number in field {@code source}. */
  FieldFormatter.OfField formatter(int source) {
    return (view, out) -> write(view.longAt(source), out);
  }

  private void write(long id, TextBuffer out) {
    byte[] name = id >= 0 && id < ID_CACHE_SIZE ? smallName((int) id) : largeName(id);
    if (name.length == 0) {
      out.appendAscii(unknownPrefix).appendUnsigned(id);
    } else {
      out.append(name);
    }
  }

  private byte[] smallName(int id) {
    byte[] name = small[id];
    if (name == null) {
      name = largeName(id);
      small[id] = name;
    }
    return name;
  }

  private byte[] largeName(long id) {
    load();
    return names.getOrDefault(id, NONE);
  }

  private void load() {
    if (loaded) {
      return;
    }
    loaded = true;
    if (!Files.isReadable(file)) {
      // An image without accounts is usual; numbers say the same.
      return;
    }
    try {
      for (String line : Files.readString(file, StandardCharsets.ISO_8859_1).split("\n", -1)) {
        String[] columns = line.split(":", 4);
        if (columns.length >= 3 && !columns[2].isEmpty() && isDecimal(columns[2])) {
          names.putIfAbsent(
              Long.parseLong(columns[2]), columns[0].getBytes(StandardCharsets.ISO_8859_1));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading account names from " + file, e);
    }
  }

  private static boolean isDecimal(String text) {
    return text.length() < 12 && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
