// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.json;

import io.inspektorgadget.columns.text.FloatText;
import io.inspektorgadget.columns.text.SafeText;
import io.inspektorgadget.columns.text.Utf8;
import io.inspektorgadget.model.event.TextBuffer;
import java.nio.charset.StandardCharsets;

/**
 * JSON strings and numbers (RFC 8259). Beyond what JSON asks for, everything is escaped that a
 * terminal could take for more than a visible character.
 */
public final class JsonText {
  private static final int REPLACEMENT = 0xfffd;

  /** True for the ASCII characters that stand for themselves in a JSON string. */
  private static final boolean[] PLAIN = plain();

  private JsonText() {}

  private static boolean[] plain() {
    boolean[] plain = new boolean[256];
    for (int c = 0x20; c < 0x7f; c++) {
      plain[c] = c != '"' && c != '\\';
    }
    return plain;
  }

  /** A text as a JSON string, quotes included. Allocates. */
  public static byte[] quoted(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    TextBuffer out = new TextBuffer(bytes.length + 16);
    out.append('"');
    out.append(bytes);
    finishString(1, out, new TextBuffer(bytes.length + 1));
    return out.toByteArray();
  }

  /**
   * Turns the bytes that were appended raw behind an opening quote into the rest of a JSON string,
   * closing quote included. Bytes that are no UTF-8 become U+FFFD, one for each byte.
   *
   * @param start where the raw bytes begin in {@code out}
   * @param out raw bytes at its end
   * @param scratch a buffer to work in
   * @return true if all bytes were valid UTF-8
   */
  public static boolean finishString(int start, TextBuffer out, TextBuffer scratch) {
    byte[] bytes = out.array();
    int end = out.length();
    int pos = start;
    while (pos < end && PLAIN[bytes[pos] & 0xff]) {
      pos++;
    }
    boolean valid = true;
    if (pos < end) {
      scratch.clear();
      scratch.append(bytes, pos, end - pos);
      out.truncate(pos);
      valid = escape(scratch.array(), scratch.length(), out);
    }
    out.append('"');
    return valid;
  }

  private static boolean escape(byte[] bytes, int end, TextBuffer out) {
    boolean valid = true;
    for (int pos = 0; pos < end; ) {
      int b = bytes[pos];
      if (PLAIN[b & 0xff]) {
        out.append(b);
        pos++;
        continue;
      }
      int codePoint = Utf8.codePointAt(bytes, pos, end);
      int size = Utf8.sizeBytes(codePoint);
      if (codePoint == Utf8.INVALID) {
        valid = false;
        Utf8.append(REPLACEMENT, out);
      } else if (codePoint < 0x80 || SafeText.isUnsafe(codePoint)) {
        appendEscape(codePoint, out);
      } else {
        out.append(bytes, pos, size);
      }
      pos += size;
    }
    return valid;
  }

  private static void appendEscape(int codePoint, TextBuffer out) {
    switch (codePoint) {
      case '"' -> out.append('\\').append('"');
      case '\\' -> out.append('\\').append('\\');
      case '\n' -> out.append('\\').append('n');
      case '\r' -> out.append('\\').append('r');
      case '\t' -> out.append('\\').append('t');
      default -> {
        if (codePoint < 0x10000) {
          appendUnit(codePoint, out);
        } else {
          appendUnit(Character.highSurrogate(codePoint), out);
          appendUnit(Character.lowSurrogate(codePoint), out);
        }
      }
    }
  }

  private static void appendUnit(int unit, TextBuffer out) {
    out.append('\\').append('u');
    SafeText.appendHex(unit, 4, out);
  }

  /**
   * Appends a floating-point number; NaN and infinities, which JSON does not have, are null.
   *
   * @param single true if it was a {@code float}
   */
  public static void appendFloat(double value, boolean single, TextBuffer out) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      out.appendAscii("null");
    } else {
      FloatText.appendShortest(value, single, out);
    }
  }
}
