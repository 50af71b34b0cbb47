// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.engine;

import java.io.IOException;

/**
 * The code in which texts of HTTP/2's headers are written (RFC 7541, appendix B). Codes of one
 * length are consecutive numbers in the order of their characters, and follow on those of the
 * length before, so the lengths say it all.
 */
final class HuffmanCode {
  private static final int SHORTEST_BITS = 5;
  private static final int LONGEST_BITS = 30;

  /** How many bits each character has, from 5 ({@code a}) to 30 ({@code z}). */
  private static final String LENGTHS =
      "isxxxxxxxtzxxzxxxxxxxxzxxxxxxxxxbffhibdgffdgdbbbaaabbbbbbbcdkbhf"
          + "ibccccccccccccccccccccccdcdioijbkabababbbaccbbbabcbaabccccckgjix"
          + "prpprrrsrssssststtrstssssqrsrsstrqprrssqsrrtqrssqqrqsrssprrrsrrs"
          + "vvporsruvvvwwvtuoqvwwvwtqqvvxwwwptpqrqqsrruuttvsvwvvwwwwwxwwwwwv";

  /** Of each length: the first code and the characters that have one. */
  private static final int[] FIRST_CODES = new int[LONGEST_BITS + 1];

  private static final String[] CHARACTERS = new String[LONGEST_BITS + 1];

  static {
    int code = 0;
    for (int bits = SHORTEST_BITS; bits <= LONGEST_BITS; bits++) {
      StringBuilder characters = new StringBuilder();
      for (char character = 0; character < LENGTHS.length(); character++) {
        if (LENGTHS.charAt(character) - 'a' + SHORTEST_BITS == bits) {
          characters.append(character);
        }
      }
      FIRST_CODES[bits] = code;
      CHARACTERS[bits] = characters.toString();
      code = (code + characters.length()) << 1;
    }
  }

  private HuffmanCode() {}

  /**
   * Reads a text.
   *
   * @throws IOException if a code means no character, or what fills the last byte is a code
   */
  static String decode(byte[] bytes) throws IOException {
    StringBuilder text = new StringBuilder();
    int code = 0;
    int bits = 0;
    for (int i = 0; i < bytes.length * Byte.SIZE; i++) {
      code = code << 1 | (bytes[i / Byte.SIZE] >> (Byte.SIZE - 1 - i % Byte.SIZE) & 1);
      bits++;
      if (bits >= SHORTEST_BITS) {
        int place = code - FIRST_CODES[bits];
        if (place >= 0 && place < CHARACTERS[bits].length()) {
          text.append(CHARACTERS[bits].charAt(place));
          code = 0;
          bits = 0;
        } else if (bits == LONGEST_BITS) {
          throw new IOException("reading headers: a code that means nothing");
        }
      }
    }
    // The last byte is filled with the beginning of a code of ones only.
    if (bits >= Byte.SIZE || code != (1 << bits) - 1) {
      throw new IOException("reading headers: a text that ends within a character");
    }
    return text.toString();
  }
}
