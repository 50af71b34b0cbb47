// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.json;

import io.inspektorgadget.columns.text.Base64Text;
import io.inspektorgadget.columns.text.Utf8;
import io.inspektorgadget.model.event.TextBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A place in a JSON text (RFC 8259). Each method reads what its caller expects there, space before
 * it included, and throws an {@link IllegalArgumentException} that says where something else
 * stands. Single thread.
 */
final class JsonCursor {
  private static final int DEPTH_MAX = 100;

  private final byte[] bytes;
  private final int start;
  private final int end;
  private final TextBuffer scratch = new TextBuffer(64);
  private int at;
  private int depth;

  JsonCursor(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.start = from;
    this.at = from;
    this.end = end;
  }

  /** A buffer for the caller, which {@link #skipValue} and numbers use as well. */
  TextBuffer scratch() {
    return scratch;
  }

  private int peek() {
    while (at < end) {
      byte b = bytes[at];
      if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
        return b;
      }
      at++;
    }
    return -1;
  }

  /** Takes the character if it is there. */
  boolean take(char wanted) {
    if (peek() == wanted) {
      at++;
      return true;
    }
    return false;
  }

  void expect(char wanted) {
    if (!take(wanted)) {
      throw wrong("'" + wanted + "' is missing");
    }
  }

  void requireEnd() {
    if (peek() >= 0) {
      throw wrong("something follows the end");
    }
  }

  /** Appends the value of a string; replaces what {@link #scratch} holds if that is the target. */
  void string(TextBuffer out) {
    if (out == scratch) {
      scratch.clear();
    }
    expect('"');
    int from = at;
    while (at < end) {
      byte b = bytes[at];
      if (b == '"') {
        out.append(bytes, from, at - from);
        at++;
        return;
      }
      if (b == '\\') {
        out.append(bytes, from, at - from);
        at++;
        unescape(out);
        from = at;
      } else {
        at++;
      }
    }
    throw wrong("a string does not end");
  }

  private void unescape(TextBuffer out) {
    int kind = at < end ? bytes[at++] : -1;
    switch (kind) {
      case '"', '\\', '/' -> out.append(kind);
      case 'n' -> out.append('\n');
      case 't' -> out.append('\t');
      case 'r' -> out.append('\r');
      case 'b' -> out.append('\b');
      case 'f' -> out.append('\f');
      case 'u' -> Utf8.append(codePoint(), out);
      default -> throw wrong("an escape that JSON does not have");
    }
  }

  private int codePoint() {
    int unit = hexUnit();
    if (Character.isHighSurrogate((char) unit)
        && at + 1 < end
        && bytes[at] == '\\'
        && bytes[at + 1] == 'u') {
      at += 2;
      int low = hexUnit();
      if (!Character.isLowSurrogate((char) low)) {
        throw wrong("half a character");
      }
      return Character.toCodePoint((char) unit, (char) low);
    }
    if (Character.isSurrogate((char) unit)) {
      throw wrong("half a character");
    }
    return unit;
  }

  private int hexUnit() {
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      int digit = at < end ? Character.digit(bytes[at], 16) : -1;
      if (digit < 0) {
        throw wrong("an escape of less than four digits");
      }
      unit = unit << 4 | digit;
      at++;
    }
    return unit;
  }

  /** Appends the bytes of a string in base64. */
  void base64(TextBuffer out) {
    string(scratch);
    if (!Base64Text.decode(scratch.array(), scratch.length(), out)) {
      throw wrong("a text that is not in base64");
    }
  }

  boolean bool() {
    if (word("true")) {
      return true;
    }
    if (word("false")) {
      return false;
    }
    throw wrong("neither true nor false");
  }

  /** A whole number of up to 64 bits; one above the largest signed is its bit pattern. */
  long whole() {
    boolean negative = take('-');
    int from = at;
    long value = 0;
    while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
      value = 10 * value + (bytes[at++] - '0');
    }
    boolean fraction = at < end && (bytes[at] == '.' || bytes[at] == 'e' || bytes[at] == 'E');
    if (at == from || at - from > 20 || fraction) {
      throw wrong("no whole number");
    }
    return negative ? -value : value;
  }

  /** A number; null, which stands for what JSON has no number for, is NaN. */
  double floating() {
    if (word("null")) {
      return Double.NaN;
    }
    int from = at;
    while (at < end && ("+-.eE".indexOf(bytes[at]) >= 0 || Character.isDigit(bytes[at]))) {
      at++;
    }
    try {
      return Double.parseDouble(new String(bytes, from, at - from, StandardCharsets.US_ASCII));
    } catch (NumberFormatException e) {
      throw wrong("no number");
    }
  }

  private boolean word(String word) {
    peek();
    if (end - at < word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (bytes[at + i] != word.charAt(i)) {
        return false;
      }
    }
    at += word.length();
    return true;
  }

  /** Passes over any value. */
  void skipValue() {
    switch (peek()) {
      case '"' -> string(scratch);
      case '{' -> skipAll('{', '}', true);
      case '[' -> skipAll('[', ']', false);
      default -> {
        if (!word("true") && !word("false")) {
          floating();
        }
      }
    }
  }

  private void skipAll(char open, char close, boolean named) {
    if (++depth > DEPTH_MAX) {
      throw wrong("brackets are nested too deeply");
    }
    expect(open);
    if (!take(close)) {
      do {
        if (named) {
          string(scratch);
          expect(':');
        }
        skipValue();
      } while (take(','));
      expect(close);
    }
    depth--;
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(
        "reading JSON: " + what + " at byte " + (at - start) + " of " + (end - start));
  }
}
