// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.text;

import io.inspektorgadget.model.event.TextBuffer;

/** Strict UTF-8 over byte arrays: no overlong forms, no surrogates, nothing above U+10FFFF. */
public final class Utf8 {
  /** What {@link #codePointAt} returns for a byte that begins no valid character. */
  public static final int INVALID = -1;

  private Utf8() {}

  /**
   * The code point that begins at {@code pos}, or {@link #INVALID}.
   *
   * @param bytes the text
   * @param pos where to look; below {@code end}
   * @param end where the text ends
   */
  public static int codePointAt(byte[] bytes, int pos, int end) {
    int b0 = bytes[pos];
    if (b0 >= 0) {
      return b0;
    }
    if ((b0 & 0xe0) == 0xc0) {
      return pos + 1 < end && follows(bytes[pos + 1])
          ? atLeast(0x80, (b0 & 0x1f) << 6 | (bytes[pos + 1] & 0x3f))
          : INVALID;
    }
    if ((b0 & 0xf0) == 0xe0) {
      if (pos + 2 >= end || !follows(bytes[pos + 1]) || !follows(bytes[pos + 2])) {
        return INVALID;
      }
      int c = (b0 & 0x0f) << 12 | (bytes[pos + 1] & 0x3f) << 6 | (bytes[pos + 2] & 0x3f);
      return c >= 0xd800 && c <= 0xdfff ? INVALID : atLeast(0x800, c);
    }
    if ((b0 & 0xf8) == 0xf0 && pos + 3 < end) {
      if (!follows(bytes[pos + 1]) || !follows(bytes[pos + 2]) || !follows(bytes[pos + 3])) {
        return INVALID;
      }
      int high = (b0 & 0x07) << 18 | (bytes[pos + 1] & 0x3f) << 12;
      int c = high | (bytes[pos + 2] & 0x3f) << 6 | (bytes[pos + 3] & 0x3f);
      return c > Character.MAX_CODE_POINT ? INVALID : atLeast(0x10000, c);
    }
    return INVALID;
  }

  /** Bytes that a code point takes in UTF-8; 1 for {@link #INVALID}. */
  public static int sizeBytes(int codePoint) {
    if (codePoint < 0x80) {
      return 1;
    }
    if (codePoint < 0x800) {
      return 2;
    }
    return codePoint < 0x10000 ? 3 : 4;
  }

  /** Appends a valid code point in UTF-8. */
  public static void append(int codePoint, TextBuffer out) {
    if (codePoint < 0x80) {
      out.append(codePoint);
    } else if (codePoint < 0x800) {
      out.append(0xc0 | codePoint >> 6);
      out.append(0x80 | (codePoint & 0x3f));
    } else if (codePoint < 0x10000) {
      out.append(0xe0 | codePoint >> 12);
      out.append(0x80 | (codePoint >> 6 & 0x3f));
      out.append(0x80 | (codePoint & 0x3f));
    } else {
      out.append(0xf0 | codePoint >> 18);
      out.append(0x80 | (codePoint >> 12 & 0x3f));
      out.append(0x80 | (codePoint >> 6 & 0x3f));
      out.append(0x80 | (codePoint & 0x3f));
    }
  }

  private static boolean follows(byte b) {
    return (b & 0xc0) == 0x80;
  }

  private static int atLeast(int smallest, int codePoint) {
    return codePoint < smallest ? INVALID : codePoint;
  }
}
