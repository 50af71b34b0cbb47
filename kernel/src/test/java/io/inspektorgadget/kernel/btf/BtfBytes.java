// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.btf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Builds a .BTF section type by type; ids count from 1 in the order of the calls. */
final class BtfBytes {
  private final ByteBuffer types = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
  private final StringBuilder names = new StringBuilder("\0");

  private int name(String name) {
    if (name.isEmpty()) {
      return 0;
    }
    int offset = names.length();
    names.append(name).append('\0');
    return offset;
  }

  /** A type whose head is all there is of it, or begins it; {@code words} follow the head. */
  BtfBytes type(int kind, String name, int entries, int sizeOrTarget, int... words) {
    types.putInt(name(name)).putInt((kind << 24) | entries).putInt(sizeOrTarget);
    for (int word : words) {
      types.putInt(word);
    }
    return this;
  }

  BtfBytes integer(String name, int sizeBytes, int encoding) {
    return type(BtfDecoder.KIND_INT, name, 0, sizeBytes, (encoding << 24) | (sizeBytes * 8));
  }

  BtfBytes struct(String name, int sizeBytes, Object... nameTypeOffsetBits) {
    int[] words = new int[nameTypeOffsetBits.length];
    for (int i = 0; i < words.length; i++) {
      words[i] =
          nameTypeOffsetBits[i] instanceof String text
              ? name(text)
              : (Integer) nameTypeOffsetBits[i];
    }
    return type(BtfDecoder.KIND_STRUCT, name, words.length / 3, sizeBytes, words);
  }

  BtfBytes typedef(String name, int target) {
    return type(BtfDecoder.KIND_TYPEDEF, name, 0, target);
  }

  byte[] build() {
    byte[] strings = names.toString().getBytes(StandardCharsets.US_ASCII);
    ByteBuffer section =
        ByteBuffer.allocate(24 + types.position() + strings.length).order(ByteOrder.LITTLE_ENDIAN);
    section.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(24);
    section.putInt(0).putInt(types.position()).putInt(types.position()).putInt(strings.length);
    section.put(types.array(), 0, types.position()).put(strings);
    return section.array();
  }
}
