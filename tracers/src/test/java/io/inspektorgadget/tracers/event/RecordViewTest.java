// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.FieldOrigin;
import io.inspektorgadget.model.schema.FieldOrigin.Encoding;
import io.inspektorgadget.model.schema.FieldType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RecordViewTest {
  private static String text(EventView view, int field) {
    TextBuffer out = new TextBuffer(1);
    view.textAt(field, out);
    return out.toString();
  }

  private static List<String> elements(EventView view, int field) {
    List<String> elements = new ArrayList<>();
    for (int i = 0; i < view.elementCount(field); i++) {
      TextBuffer out = new TextBuffer(1);
      view.elementAt(field, i, out);
      elements.add(out.toString());
    }
    return elements;
  }

  private static RecordView one(FieldType type, Encoding encoding, int offset, int size) {
    return new SourceDraft().text("t", type, encoding, offset, size).view();
  }

  @ParameterizedTest
  @CsvSource({
    "BOOL, 1",
    "INT8, -1",
    "UINT8, 255",
    "INT16, -1",
    "UINT16, 65535",
    "INT32, -1",
    "UINT32, 4294967295",
    "INT64, -1",
    "UINT64, -1"
  })
  void readsNumbersOfEverySizeWithTheirSign(FieldType type, long allBitsSet) {
    RecordView view = new SourceDraft().number("n", type, "", 3).view();
    RecordBytes record = new RecordBytes(11);
    assertThat(record.on(view).longAt(0)).isZero();
    record.longAt(3, -1);
    assertThat(record.on(view).longAt(0)).isEqualTo(allBitsSet);
    assertThat(view.doubleAt(0)).isEqualTo((double) allBitsSet);
  }

  @Test
  void anyByteThatIsNotZeroIsTrue() {
    RecordView view = new SourceDraft().number("n", FieldType.BOOL, "", 0).view();
    assertThat(new RecordBytes(1).byteAt(0, 0x80).on(view).longAt(0)).isEqualTo(1);
  }

  @Test
  void readsFloats() {
    RecordView view =
        new SourceDraft()
            .number("f", FieldType.FLOAT32, "", 0)
            .number("d", FieldType.FLOAT64, "", 4)
            .view();
    new RecordBytes(12)
        .intAt(0, Float.floatToIntBits(-2.5f))
        .longAt(4, Double.doubleToLongBits(1e100))
        .on(view);
    assertThat(view.doubleAt(0)).isEqualTo(-2.5);
    assertThat(view.longAt(0)).isEqualTo(-2);
    assertThat(view.doubleAt(1)).isEqualTo(1e100);
  }

  @ParameterizedTest
  @EnumSource(
      value = FieldType.class,
      names = {"STRING", "BYTES", "STRING_LIST", "HISTOGRAM"},
      mode = EnumSource.Mode.EXCLUDE)
  void aNumberBehindTheRecordsEndIsZero(FieldType type) {
    int size = type.sizeBytes();
    RecordView view = new SourceDraft().number("n", type, "", 8).view();
    // One byte is missing: what lies behind belongs to another record.
    new RecordBytes(8 + size - 1).on(view);
    assertThat(view.longAt(0)).isZero();
    assertThat(view.doubleAt(0)).isZero();
  }

  @Test
  void timestampsBecomeWallClockTime() {
    RecordView view = new SourceDraft().number("t", FieldType.UINT64, "gadget_timestamp", 0).view();
    assertThat(new RecordBytes(8).longAt(0, 5).on(view).longAt(0)).isEqualTo(1_005);
  }

  @Test
  void aFixedFieldHasItsWholeSize() {
    RecordView view = one(FieldType.BYTES, Encoding.FIXED, 2, 4);
    assertThat(text(new RecordBytes(8).textAt(2, "a\0b").on(view), 0)).isEqualTo("a\0b\0");
    assertThat(text(new RecordBytes(4).textAt(2, "ab").on(view), 0)).isEqualTo("ab");
    assertThat(text(new RecordBytes(1).on(view), 0)).isEmpty();
  }

  @Test
  void aTerminatedFieldEndsAtItsNulItsSizeOrTheRecord() {
    RecordView view = one(FieldType.STRING, Encoding.NUL_TERMINATED, 2, 4);
    assertThat(text(new RecordBytes(8).textAt(2, "ab\0cd").on(view), 0)).isEqualTo("ab");
    assertThat(text(new RecordBytes(8).textAt(2, "abcdef").on(view), 0)).isEqualTo("abcd");
    assertThat(text(new RecordBytes(5).textAt(2, "abc").on(view), 0)).isEqualTo("abc");
    assertThat(text(new RecordBytes(2).on(view), 0)).isEmpty();
    assertThat(text(new RecordBytes(0).on(view), 0)).isEmpty();
  }

  @Test
  void theRestEndsWithTheRecord() {
    RecordView view = one(FieldType.BYTES, Encoding.REST, 2, 0);
    assertThat(text(new RecordBytes(5).textAt(2, "a\0c").on(view), 0)).isEqualTo("a\0c");
    assertThat(text(new RecordBytes(2).on(view), 0)).isEmpty();
    assertThat(text(new RecordBytes(1).on(view), 0)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "3, abc", // as the program wrote it
    "0, ''",
    "4, abcd",
    "5, abcd", // more than the record holds
    "65535, abcd",
  })
  void aCountedRestEndsWhereTheRecordSays(int count, String expected) {
    FieldOrigin origin = new FieldOrigin.Stored(Encoding.COUNTED_REST, 4, Short.BYTES, 2);
    RecordView view = new SourceDraft().add("rest", FieldType.BYTES, "", origin).view();
    RecordBytes record = new RecordBytes(8).shortAt(2, count).textAt(4, "abcd");
    assertThat(text(record.on(view), 0)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "8, 3, abc", // as the program wrote it
    "8, 0, ''",
    "9, 3, bcd", // anywhere in the record
    "11, 1, d",
    "8, 5, abcd", // longer than the record
    "8, 65535, abcd",
    "12, 1, ''", // at its end and behind it
    "13, 4, ''",
    "65535, 65535, ''"
  })
  void aTailIsCutAtTheRecordsEnd(int start, int length, String expected) {
    RecordView view = one(FieldType.STRING, Encoding.TAIL, 0, 4);
    RecordBytes record = new RecordBytes(12).tailAt(0, start, length).textAt(8, "abcd");
    assertThat(text(record.on(view), 0)).isEqualTo(expected);
  }

  @Test
  void aTailWhosePlaceIsCutOffIsEmpty() {
    RecordView view = one(FieldType.STRING, Encoding.TAIL, 4, 4);
    assertThat(text(new RecordBytes(7).on(view), 0)).isEmpty();
    assertThat(view.elementCount(0)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0",
    "'a', 1",
    "'a|', 1",
    "'a|b|', 2",
    "'a|b', 2",
    "'|', 1",
    "'||', 2",
    "'a||b|', 3"
  })
  void elementsOfAListEndWithNulOrTheList(String written, int count) {
    String bytes = written.replace('|', '\0');
    RecordView view = one(FieldType.STRING_LIST, Encoding.TAIL, 0, 4);
    new RecordBytes(4 + bytes.length()).tailAt(0, 4, bytes.length()).textAt(4, bytes).on(view);
    List<String> expected = new ArrayList<>(List.of(written.split("\\|", -1)));
    if (expected.getLast().isEmpty()) {
      expected.removeLast();
    }
    assertThat(elements(view, 0)).hasSize(count).isEqualTo(expected);
  }

  @Test
  void anElementThatIsNotThereIsEmpty() {
    RecordView view = one(FieldType.STRING_LIST, Encoding.TAIL, 0, 4);
    new RecordBytes(6).tailAt(0, 4, 2).textAt(4, "ab").on(view);
    TextBuffer out = new TextBuffer(1);
    view.elementAt(0, 1, out);
    view.elementAt(0, 99, out);
    assertThat(out.length()).isZero();
  }

  @Test
  void readsHistograms() {
    RecordView view = new SourceDraft().histogram("h", 4, 3, 4).histogram("l", 16, 2, 8).view();
    RecordBytes record =
        new RecordBytes(32).intAt(4, 1).intAt(8, -1).intAt(12, 3).longAt(16, -1).longAt(24, 7);
    record.on(view);
    assertThat(view.elementCount(0)).isEqualTo(3);
    assertThat(view.slotAt(0, 1)).isEqualTo(0xffff_ffffL);
    assertThat(view.slotAt(0, 2)).isEqualTo(3);
    assertThat(view.slotAt(0, 3)).isZero();
    assertThat(view.slotAt(1, 0)).isEqualTo(-1);
    assertThat(view.slotAt(1, 1)).isEqualTo(7);
    new RecordBytes(31).on(view);
    assertThat(view.elementCount(1)).isZero();
    assertThat(view.slotAt(1, 0)).isZero();
  }

  @Test
  void computedFieldsComeFromTheirFormatter() {
    FieldFormatter formatter =
        new FieldFormatter() {
          @Override
          public void format(RecordView view, TextBuffer out) {
            out.appendAscii("n=").appendDecimal(view.longAt(0));
          }

          @Override
          public long number(RecordView view) {
            return 2 * view.longAt(0);
          }

          @Override
          public boolean isPresent(RecordView view) {
            return view.longAt(0) != 0;
          }
        };
    RecordView view =
        new SourceDraft()
            .number("n", FieldType.UINT8, "", 0)
            .computed("c", FieldType.STRING, formatter)
            .view();
    new RecordBytes(1).byteAt(0, 21).on(view);
    assertThat(text(view, 1)).isEqualTo("n=21");
    assertThat(view.longAt(1)).isEqualTo(42);
    assertThat(view.isPresent(1)).isTrue();
    assertThat(view.isPresent(0)).isTrue();
    assertThat(new RecordBytes(1).on(view).isPresent(1)).isFalse();
  }

  @Test
  void aDetachedViewKeepsItsRecord() {
    RecordView view = one(FieldType.STRING, Encoding.TAIL, 0, 4);
    RecordBytes record = new RecordBytes(6).tailAt(0, 4, 2).textAt(4, "ab");
    EventView copy = record.on(view).detached();
    assertThat(text(record.textAt(4, "xy").on(view), 0)).isEqualTo("xy");
    new RecordBytes(0).on(view);
    assertThat(text(copy, 0)).isEqualTo("ab");
    assertThat(text(view.detached(), 0)).isEmpty();
  }

  @Test
  void aPartThatTheRecordLeavesOutReadsAsZero() {
    RecordView view =
        new SourceDraft()
            .text("first", FieldType.STRING, Encoding.TAIL, 0, 4)
            .text("second", FieldType.STRING, Encoding.TAIL, 4, 4)
            .add(
                "stack",
                FieldType.UINT32,
                "",
                new FieldOrigin.Stored(Encoding.OPTIONAL, 8, Integer.BYTES, 0))
            .view();
    RecordBytes without = new RecordBytes(14).tailAt(0, 8, 4).tailAt(4, 12, 2).textAt(8, "nameab");
    without.on(view);
    assertThat(view.longAt(2)).isZero();
    assertThat(text(view, 0)).isEqualTo("name");
    RecordBytes with =
        new RecordBytes(18).tailAt(0, 12, 4).tailAt(4, 16, 2).intAt(8, 77).textAt(12, "nameab");
    with.on(view);
    assertThat(view.longAt(2)).isEqualTo(77);
    assertThat(text(view, 0)).isEqualTo("name");
    // The record ends within it.
    new RecordBytes(10).tailAt(0, 200, 4).on(view);
    assertThat(view.longAt(2)).isZero();
    // What is there or not cannot be told from a few bytes of it.
    assertThat(view.watch(List.of(view.source().schema().fields().get(2)))).isNull();
  }

  /** Bytes of others are 0x5a and those of the record never are, so a read too far shows. */
  @Test
  void nothingBeyondTheRecordIsEverRead() {
    RecordView view =
        new SourceDraft()
            .text("fixed", FieldType.BYTES, Encoding.FIXED, 3, 16)
            .text("name", FieldType.STRING, Encoding.NUL_TERMINATED, 5, 16)
            .text("tail", FieldType.STRING, Encoding.TAIL, 0, 4)
            .text("list", FieldType.STRING_LIST, Encoding.TAIL, 4, 4)
            .text("rest", FieldType.BYTES, Encoding.REST, 9, 0)
            .text("counted", FieldType.BYTES, Encoding.COUNTED_REST, 11, 8)
            .add(
                "left out",
                FieldType.BYTES,
                "",
                new FieldOrigin.Stored(Encoding.OPTIONAL, 13, 4, 0))
            .view();
    Random random = new Random(20_261_124);
    for (int round = 0; round < 20_000; round++) {
      int length = random.nextInt(40);
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      for (int i = 0; i < length; i++) {
        // Small numbers make places that lie in the record as frequent as those that do not.
        bytes[i] = (byte) (random.nextBoolean() ? bytes[i] & 0x1f : bytes[i]);
        bytes[i] = bytes[i] == 0x5a ? 0 : bytes[i];
      }
      new RecordBytes(length).bytesAt(0, bytes).on(view);
      for (int field = 0; field < view.source().schema().fields().size(); field++) {
        TextBuffer out = new TextBuffer(8);
        view.textAt(field, out);
        for (int element = 0; element < view.elementCount(field); element++) {
          view.elementAt(field, element, out);
        }
        assertThat(out.toByteArray()).doesNotContain((byte) 0x5a);
      }
    }
  }
}
