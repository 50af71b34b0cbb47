// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.tracers.event.FieldFormatter;
import io.inspektorgadget.tracers.event.RecordView;
import java.util.Map;

/**
 * The names of the bits that are set, with a separator between them; unknown bits in hexadecimal.
 */
final class BitSetFormatter implements FieldFormatter.OfField {
  private final int source;
  private final long[] masks;
  private final String[] names;
  private final String separator;

  /** A formatter over masks, which are tried in the order of the map. */
  BitSetFormatter(int source, Map<Long, String> bits, String separator) {
    this.source = source;
    this.separator = separator;
    this.masks = new long[bits.size()];
    this.names = new String[bits.size()];
    int i = 0;
    for (Map.Entry<Long, String> bit : bits.entrySet()) {
      masks[i] = bit.getKey();
      names[i++] = bit.getValue();
    }
  }

  @Override
  public void format(RecordView view, TextBuffer out) {
    write(view.longAt(source), false, out);
  }

  /** Writes the names of the bits of {@code value}; {@code more} if a text stands before them. */
  void write(long value, boolean more, TextBuffer out) {
    long rest = value;
    boolean separate = more;
    for (int i = 0; i < masks.length; i++) {
      if (masks[i] != 0 && (rest & masks[i]) == masks[i]) {
        rest &= ~masks[i];
        separate = separator(separate, out);
        out.appendAscii(names[i]);
      }
    }
    if (rest != 0) {
      separator(separate, out);
      out.appendAscii("0x").appendHex(rest);
    }
  }

  private boolean separator(boolean needed, TextBuffer out) {
    if (needed) {
      out.appendAscii(separator);
    }
    return true;
  }
}
