// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.PodInfo;
import io.inspektorgadget.model.event.FieldWatch;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.FieldOrigin;
import io.inspektorgadget.model.schema.FieldOrigin.Encoding;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.schema.FieldType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordWatchTest {
  private static final int LENGTH = 40;

  private static List<FieldSpec> fields(RecordView view, String... names) {
    List<FieldSpec> fields = new ArrayList<>();
    for (String name : names) {
      fields.add(Objects.requireNonNull(view.source().schema().field(name), name));
    }
    return fields;
  }

  private static FieldWatch watch(RecordView view, String... names) {
    return Objects.requireNonNull(view.watch(fields(view, names)));
  }

  /** A number at 4 to 8, another at 13, a text at 17 to 21; everything else is not watched. */
  private static RecordView view() {
    return new SourceDraft()
        .number("n", FieldType.UINT32, "", 4)
        .number("b", FieldType.UINT8, "", 13)
        .text("t", FieldType.STRING, Encoding.NUL_TERMINATED, 17, 4)
        .number("other", FieldType.UINT64, "", 32)
        .view();
  }

  private static boolean isWatched(int offset) {
    return (offset >= 4 && offset < 8) || offset == 13 || (offset >= 17 && offset < 21);
  }

  @Test
  void everyBitOfAWatchedByteCountsAndNoOther() {
    RecordView view = view();
    FieldWatch watch = watch(view, "n", "b", "t");
    RecordBytes record = new RecordBytes(LENGTH);
    int slot = ~watch.slot(record.on(view));
    assertThat(slot).isBetween(0, FieldWatch.SLOTS - 1);
    for (int bit = 0; bit < 8 * LENGTH; bit++) {
      record.byteAt(bit / 8, 1 << (bit % 8));
      int found = watch.slot(record.on(view));
      assertThat(found >= 0).as("bit " + bit + " is no news").isEqualTo(!isWatched(bit / 8));
      record.byteAt(bit / 8, 0);
      watch.slot(record.on(view));
    }
  }

  @Test
  void aSlotBelongsToTheEventThatWasPutInItLast() {
    RecordView view = view();
    FieldWatch watch = watch(view, "n");
    int[] inSlot = new int[FieldWatch.SLOTS];
    Random random = new Random(20_261_124);
    int found = 0;
    for (int i = 0; i < 10_000; i++) {
      int value = 1 + random.nextInt(12);
      int slot = watch.slot(new RecordBytes(LENGTH).intAt(4, value).on(view));
      if (slot < 0) {
        inSlot[~slot] = value;
      } else {
        found++;
        assertThat(inSlot[slot]).isEqualTo(value);
      }
    }
    assertThat(found).as("values that come again are found").isGreaterThan(2_000);
  }

  @Test
  void aRecordThatEndsEarlierIsNeverTheSame() {
    RecordView view = view();
    FieldWatch watch = watch(view, "n", "b", "t");
    assertThat(watch.slot(new RecordBytes(LENGTH).on(view))).isNegative();
    assertThat(watch.slot(new RecordBytes(20).on(view))).isNegative();
    assertThat(watch.slot(new RecordBytes(20).on(view))).isNegative();
    // The last field ends with the 21st byte, and nothing behind it is looked at.
    int slot = watch.slot(new RecordBytes(21).on(view));
    assertThat(watch.slot(new RecordBytes(21).on(view))).isEqualTo(slot < 0 ? ~slot : slot);
  }

  private static final class Name implements FieldFormatter.OfContainer {
    @Override
    public void format(RecordView view, TextBuffer out) {
      ContainerInfo container = view.container();
      out.appendAscii(container == null ? "" : container.name());
    }
  }

  private static ContainerInfo container() {
    return new ContainerInfo(
        new ContainerInfo.RuntimeInfo("runc", "web", "web", "", "", 0),
        4_711,
        new ContainerInfo.MountNs(1, 1),
        1,
        new ContainerInfo.Cgroup(1, "/"),
        "",
        PodInfo.NONE,
        Map.of());
  }

  private static int slot(FieldWatch watch, RecordView view, @Nullable ContainerInfo container) {
    new RecordBytes(8).on(view).assign(container);
    return watch.slot(view);
  }

  @Test
  void newsOfAContainerIsAnotherContainer() {
    RecordView view = new SourceDraft().computed("c", FieldType.STRING, new Name()).view();
    FieldWatch watch = watch(view, "c");
    ContainerInfo web = container();
    ContainerInfo news = container();
    assertThat(slot(watch, view, null)).isNegative();
    assertThat(slot(watch, view, null)).isNotNegative();
    assertThat(slot(watch, view, web)).isNegative();
    assertThat(slot(watch, view, web)).isNotNegative();
    assertThat(slot(watch, view, news)).isNegative();
    assertThat(slot(watch, view, web)).isNegative();
  }

  @Test
  void aComputedFieldCountsByTheFieldItIsMadeOf() {
    FieldFormatter.OfField formatter = (view, out) -> out.appendDecimal(view.longAt(0));
    RecordView view =
        new SourceDraft()
            .number("n", FieldType.UINT32, "", 4)
            .computed("text", FieldType.STRING, formatter)
            .view();
    FieldWatch watch = watch(view, "text");
    assertThat(watch.slot(new RecordBytes(LENGTH).on(view))).isNegative();
    assertThat(watch.slot(new RecordBytes(LENGTH).longAt(8, 1).on(view))).isNotNegative();
    assertThat(watch.slot(new RecordBytes(LENGTH).intAt(4, 1).on(view))).isNegative();
  }

  @ParameterizedTest
  @CsvSource({"tail", "list", "rest", "time", "foreign", "derived", "huge"})
  void whatCanChangeUnseenIsNotWatched(String name) {
    RecordView view =
        new SourceDraft()
            .number("time", FieldType.UINT64, "gadget_timestamp", 0)
            .text("tail", FieldType.STRING, Encoding.TAIL, 8, 4)
            .text("list", FieldType.STRING_LIST, Encoding.TAIL, 12, 4)
            .text("huge", FieldType.BYTES, Encoding.FIXED, 16, RecordWords.BYTES_MAX + 1)
            .text("rest", FieldType.BYTES, Encoding.REST, 400, 0)
            .computed("foreign", FieldType.STRING, (any, out) -> out.append('x'))
            .computed(
                "derived",
                FieldType.STRING,
                (FieldFormatter.OfField) (any, out) -> out.appendDecimal(any.longAt(0)))
            .number("n", FieldType.UINT8, "", 16)
            .view();
    assertThat(view.watch(fields(view, name))).isNull();
    assertThat(view.watch(fields(view, "n", name))).isNull();
    assertThat(view.watch(fields(view, "n"))).isNotNull();
    assertThat(view.source().schema().fields().get(6).origin())
        .as("made of the timestamp")
        .isEqualTo(new FieldOrigin.Computed("test", 0, ""));
  }
}
