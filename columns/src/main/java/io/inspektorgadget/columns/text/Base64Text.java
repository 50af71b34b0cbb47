// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.text;

import io.inspektorgadget.model.event.TextBuffer;

/** Base64 (RFC 4648 section 4, with padding) straight into a buffer. */
public final class Base64Text {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  private Base64Text() {}

  /** Appends the range in base64. */
  public static void append(byte[] bytes, int from, int end, TextBuffer out) {
    for (int i = from; i < end; i += 3) {
      int left = end - i;
      int group =
          (bytes[i] & 0xff) << 16
              | (left > 1 ? (bytes[i + 1] & 0xff) << 8 : 0)
              | (left > 2 ? bytes[i + 2] & 0xff : 0);
      out.append(ALPHABET.charAt(group >> 18));
      out.append(ALPHABET.charAt(group >> 12 & 0x3f));
      out.append(left > 1 ? ALPHABET.charAt(group >> 6 & 0x3f) : '=');
      out.append(left > 2 ? ALPHABET.charAt(group & 0x3f) : '=');
    }
  }

  /**
   * Appends the bytes that a text in base64 stands for.
   *
   * @param text ASCII, from its beginning to before {@code end}, with padding
   * @return false if it is none; what was appended by then is of no use
   */
  public static boolean decode(byte[] text, int end, TextBuffer out) {
    if (end % 4 != 0) {
      return false;
    }
    int padding = end > 0 && text[end - 1] == '=' ? (text[end - 2] == '=' ? 2 : 1) : 0;
    for (int i = 0; i < end; i += 4) {
      int group = 0;
      for (int k = 0; k < 4; k++) {
        boolean padded = i + k >= end - padding;
        int digit = padded ? 0 : ALPHABET.indexOf(text[i + k]);
        if (digit < 0) {
          return false;
        }
        group = group << 6 | digit;
      }
      int count = i + 4 < end ? 3 : 3 - padding;
      for (int k = 0; k < count; k++) {
        out.append(group >> (16 - 8 * k));
      }
    }
    return true;
  }
}
