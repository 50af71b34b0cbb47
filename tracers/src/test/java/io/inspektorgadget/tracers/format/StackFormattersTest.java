// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.model.event.TextBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The parts of stack formatters that ask no kernel. */
class StackFormattersTest {
  private static final int ENTRY_SIZE_BYTES = 32;
  private static final int EMPTY = 0;
  private static final int VALID = 1;
  private static final int ADDRESS_ONLY = 2;

  private final MemorySegment entries = Arena.ofAuto().allocate(3 * ENTRY_SIZE_BYTES, 8);

  private void put(int frame, int status, int idByte, long place) {
    long entry = (long) frame * ENTRY_SIZE_BYTES;
    entries.set(ValueLayout.JAVA_INT, entry, status);
    entries.asSlice(entry + 4, 20).fill((byte) idByte);
    entries.set(ValueLayout.JAVA_LONG, entry + 24, place);
  }

  private String frames() {
    TextBuffer out = new TextBuffer(1);
    BuildIdFormatter.writeFrames(entries, out);
    return out.toString();
  }

  @Test
  void aFrameIsItsBuildIdAndOffset() {
    put(0, VALID, 0xa5, 0x1040);
    assertThat(frames()).isEqualTo("[0]" + "a5".repeat(20) + "+0x1040; ");
  }

  @Test
  void aFrameWithoutBuildIdIsItsAddress() {
    put(0, ADDRESS_ONLY, 0xff, -1L);
    put(1, VALID, 0x01, 0);
    assertThat(frames()).isEqualTo("[0]0xffffffffffffffff; [1]" + "01".repeat(20) + "+0x0; ");
  }

  @Test
  void nothingIsReadBehindAnEmptyEntryOrTheMapsValue() {
    put(0, VALID, 1, 1);
    put(1, EMPTY, 2, 2);
    put(2, VALID, 3, 3);
    assertThat(frames()).isEqualTo("[0]" + "01".repeat(20) + "+0x1; ");
    put(1, VALID, 2, 2);
    assertThat(frames()).endsWith("[2]" + "03".repeat(20) + "+0x3; ");
    put(0, EMPTY, 0, 0);
    assertThat(frames()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, 0x0000000000000000", "4198400, 0x0000000000401000", "-1, 0xffffffffffffffff"})
  void addressesHaveSixteenDigits(long address, String expected) {
    TextBuffer out = new TextBuffer(1);
    UserStackFormatter.writeAddress(1, address, true, out);
    assertThat(out.toString()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "4026531836, 700, 0, 0, 700",
    "4026531836, 700, 31, 4026532500, 700",
    "4026532500, 700, 31, 4026532500, 31",
    "4026532500, 700, 31, 4026532600, 0",
    "4026532500, 700, 0, 0, 0",
  })
  void aProcessIsLookedUpByItsNumberOnTheHost(
      long hostPidNs, long outermost, long lower, long lowerNamespace, long expected) {
    assertThat(StackOwner.onHost(hostPidNs, outermost, lower, lowerNamespace)).isEqualTo(expected);
  }
}
