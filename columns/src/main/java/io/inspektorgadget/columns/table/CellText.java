// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.table;

import io.inspektorgadget.columns.table.ColumnSpec.Alignment;
import io.inspektorgadget.columns.table.ColumnSpec.CellStyle;
import io.inspektorgadget.columns.table.ColumnSpec.Ellipsis;
import io.inspektorgadget.columns.text.DisplayWidth;
import io.inspektorgadget.columns.text.SafeText;
import io.inspektorgadget.columns.text.Utf8;
import io.inspektorgadget.model.event.TextBuffer;

/**
 * Lays one value into one cell: escapes what is unsafe, cuts what is too long, pads what is too
 * short. Widths are cells of a terminal. Single thread; allocates nothing once its buffer has
 * grown.
 */
final class CellText {
  private static final int ELLIPSIS = 0x2026;

  private final TextBuffer safe = new TextBuffer(256);

  /**
   * Appends a cell.
   *
   * @param raw the value, any bytes
   * @param width cells to fill; a longer value is cut unless {@code cut} is false
   * @param cut false: a value that is too long is written whole
   */
  void append(TextBuffer raw, int width, boolean cut, CellStyle style, TextBuffer out) {
    safe.clear();
    int textWidth = SafeText.append(raw.array(), 0, raw.length(), safe);
    Alignment alignment = style.alignment();
    if (textWidth > width && cut) {
      appendCut(width, style.ellipsis(), alignment, out);
      return;
    }
    if (alignment == Alignment.RIGHT) {
      pad(width - textWidth, out);
    }
    out.append(safe.array(), 0, safe.length());
    if (alignment == Alignment.LEFT) {
      pad(width - textWidth, out);
    }
  }

  private void appendCut(int width, Ellipsis ellipsis, Alignment alignment, TextBuffer out) {
    if (width <= 0) {
      return;
    }
    int keep = ellipsis == Ellipsis.NONE ? width : width - 1;
    int before =
        switch (ellipsis) {
          case END, NONE -> keep;
          case START -> 0;
          case MIDDLE -> width / 2;
        };
    int headEnd = prefixEnd(before);
    int tailStart = keep == before ? safe.length() : suffixStart(keep - before);
    int shown = (ellipsis == Ellipsis.NONE ? 0 : 1) + width(0, headEnd) + width(tailStart);
    if (alignment == Alignment.RIGHT) {
      pad(width - shown, out);
    }
    out.append(safe.array(), 0, headEnd);
    if (ellipsis != Ellipsis.NONE) {
      Utf8.append(ELLIPSIS, out);
    }
    out.append(safe.array(), tailStart, safe.length() - tailStart);
    if (alignment == Alignment.LEFT) {
      pad(width - shown, out);
    }
  }

  private int width(int from) {
    return width(from, safe.length());
  }

  private int width(int from, int end) {
    return DisplayWidth.of(safe.array(), from, end);
  }

  /** Where the longest beginning ends that fits into {@code limit} cells. */
  private int prefixEnd(int limit) {
    byte[] bytes = safe.array();
    int used = 0;
    int pos = 0;
    while (pos < safe.length()) {
      int codePoint = Utf8.codePointAt(bytes, pos, safe.length());
      used += DisplayWidth.of(codePoint);
      if (used > limit) {
        break;
      }
      pos += Utf8.sizeBytes(codePoint);
    }
    return pos;
  }

  /** Where the longest end begins that fits into {@code limit} cells, not with a bare mark. */
  private int suffixStart(int limit) {
    byte[] bytes = safe.array();
    int left = width(0);
    int pos = 0;
    while (pos < safe.length()) {
      int codePoint = Utf8.codePointAt(bytes, pos, safe.length());
      int own = DisplayWidth.of(codePoint);
      if (left <= limit && own > 0) {
        break;
      }
      left -= own;
      pos += Utf8.sizeBytes(codePoint);
    }
    return pos;
  }

  private static void pad(int count, TextBuffer out) {
    for (int i = 0; i < count; i++) {
      out.append(' ');
    }
  }
}
