// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.text;

import io.inspektorgadget.model.event.TextBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Makes hostile bytes harmless on a terminal. Control characters, escape sequences, characters that
 * turn the direction of writing or are invisible, and bytes that are no UTF-8 become visible
 * escapes: {@code \n}, {@code \x1b}, {@code \}{@code u202e}.
 */
public final class SafeText {
  private SafeText() {}

  /** True if the range is printable ASCII: safe as it is, one cell a byte. */
  public static boolean isPlain(byte[] bytes, int from, int end) {
    for (int i = from; i < end; i++) {
      if (bytes[i] < 0x20 || bytes[i] == 0x7f) {
        return false;
      }
    }
    return true;
  }

  /** True if a terminal could take the character for more than a visible sign. */
  public static boolean isUnsafe(int codePoint) {
    if (codePoint < 0xa0) {
      return codePoint < 0x20 || codePoint >= 0x7f;
    }
    return switch (Character.getType(codePoint)) {
      case Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }

  /** Appends the range with everything unsafe escaped, and returns the cells that it takes. */
  public static int append(byte[] bytes, int from, int end, TextBuffer out) {
    if (isPlain(bytes, from, end)) {
      out.append(bytes, from, end - from);
      return end - from;
    }
    int start = out.length();
    for (int pos = from; pos < end; ) {
      int codePoint = Utf8.codePointAt(bytes, pos, end);
      int size = Utf8.sizeBytes(codePoint);
      if (codePoint == Utf8.INVALID) {
        appendByteEscape(bytes[pos] & 0xff, out);
      } else if (isUnsafe(codePoint)) {
        appendEscape(codePoint, out);
      } else {
        out.append(bytes, pos, size);
      }
      pos += size;
    }
    return DisplayWidth.of(out.array(), start, out.length());
  }

  /** The text with everything unsafe escaped. Allocates: for messages. */
  public static String of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    TextBuffer out = new TextBuffer(bytes.length + 16);
    append(bytes, 0, bytes.length, out);
    return out.toString();
  }

  private static void appendEscape(int codePoint, TextBuffer out) {
    switch (codePoint) {
      case '\n' -> out.append('\\').append('n');
      case '\r' -> out.append('\\').append('r');
      case '\t' -> out.append('\\').append('t');
      default -> {
        if (codePoint < 0x80) {
          appendByteEscape(codePoint, out);
        } else {
          out.append('\\').append(codePoint < 0x10000 ? 'u' : 'U');
          appendHex(codePoint, codePoint < 0x10000 ? 4 : 8, out);
        }
      }
    }
  }

  private static void appendByteEscape(int value, TextBuffer out) {
    out.append('\\').append('x');
    appendHex(value, 2, out);
  }

  /** Appends exactly {@code digits} lower-case hexadecimal digits. */
  public static void appendHex(int value, int digits, TextBuffer out) {
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
      int digit = value >>> shift & 0xf;
      out.append(digit < 10 ? '0' + digit : 'a' + digit - 10);
    }
  }
}
