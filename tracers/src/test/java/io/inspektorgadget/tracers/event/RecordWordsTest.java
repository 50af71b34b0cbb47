// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is read through copied words is what the memory holds. */
class RecordWordsTest {
  private static final int MEMORY_BYTES = 420;
  private static final int[] WIDTHS = {Byte.BYTES, Short.BYTES, Integer.BYTES, Long.BYTES};

  private static ByteBuffer memory() {
    byte[] bytes = new byte[MEMORY_BYTES];
    new Random(7).nextBytes(bytes);
    return ByteBuffer.allocateDirect(MEMORY_BYTES).put(0, bytes).order(ByteOrder.nativeOrder());
  }

  @ParameterizedTest(name = "{1} bytes at {0}, words of {2}")
  @CsvSource({
    "0, 64, 64", // all of it
    "8, 60, 64", // a last word that the record has in part
    "16, 380, 380", // more than is copied
    "24, 100, 40", // more than numbers are in
    "3, 61, 61", // not aligned
    "380, 40, 64", // up to the end of the memory
    "376, 44, 64", // the last word is not whole there
    "413, 7, 8", // no word is
    "40, 0, 16" // nothing
  })
  void numbersAndTextsAreThoseOfTheMemory(int base, int lengthBytes, int sizeBytes) {
    ByteBuffer memory = memory();
    RecordWords words = new RecordWords(sizeBytes);
    words.memory(memory);
    words.load(0, MEMORY_BYTES);
    words.load(base, lengthBytes);
    for (int offset = 0; offset < lengthBytes; offset++) {
      for (int width : WIDTHS) {
        if (offset + width <= lengthBytes) {
          assertThat(words.unsigned(offset, width))
              .as("%s bytes at %s", width, offset)
              .isEqualTo(number(memory, base + offset, width));
        }
      }
      for (int size = 0; offset + size <= lengthBytes; size++) {
        checkCopy(memory, words, base, offset, size);
      }
    }
  }

  private static void checkCopy(
      ByteBuffer memory, RecordWords words, int base, int offset, int size) {
    byte[] copy = new byte[size + 2];
    if (words.copy(offset, size, copy, 1)) {
      byte[] wanted = new byte[size + 2];
      memory.get(base + offset, wanted, 1, size);
      assertThat(copy).as("%s bytes at %s", size, offset).isEqualTo(wanted);
    } else {
      assertThat(copy).as("nothing is copied").containsOnly(0);
    }
  }

  private static long number(ByteBuffer memory, int at, int widthBytes) {
    byte[] bytes = new byte[Long.BYTES];
    boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    memory.get(at, bytes, little ? 0 : Long.BYTES - widthBytes, widthBytes);
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getLong(0);
  }

  @ParameterizedTest
  @CsvSource({"0, 64", "380, 40", "376, 44", "413, 7"})
  void aWordHasZeroesWhereTheMemoryEnds(int base, int lengthBytes) {
    ByteBuffer memory = memory();
    RecordWords words = new RecordWords(lengthBytes);
    words.memory(memory);
    words.load(base, lengthBytes);
    for (int index = 0; index * Long.BYTES < lengthBytes; index++) {
      byte[] wanted = new byte[Long.BYTES];
      int at = base + index * Long.BYTES;
      memory.get(at, wanted, 0, Math.min(Long.BYTES, MEMORY_BYTES - at));
      assertThat(words.word(index))
          .isEqualTo(ByteBuffer.wrap(wanted).order(ByteOrder.nativeOrder()).getLong());
    }
  }

  @ParameterizedTest
  @CsvSource({"1, true", "32, true", "33, false"})
  void longTextsAreLeftToACopyOfTheMemory(int sizeBytes, boolean copied) {
    RecordWords words = new RecordWords(RecordWords.BYTES_MAX);
    words.memory(memory());
    words.load(0, RecordWords.BYTES_MAX);
    byte[] target = new byte[64];
    assertThat(words.copy(0, sizeBytes, target, 0)).isEqualTo(copied);
    assertThat(words.copy(RecordWords.BYTES_MAX - sizeBytes + 1, sizeBytes, target, 0)).isFalse();
    assertThat(Arrays.equals(target, new byte[64])).isEqualTo(!copied);
  }
}
