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
}
