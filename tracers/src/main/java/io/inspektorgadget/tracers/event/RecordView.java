// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.event;

import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.FieldWatch;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.FieldOrigin;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.schema.FieldType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The record of one event, in the ring it was written to or in a copy of it, read through its
 * schema.
 *
 * <p>A flyweight: {@link #wrap} puts it on the next record. Reads are bounded by the record: a
 * field that lies behind its end (an older or shorter record) reads as zero or empty. Numbers are
 * in the machine's byte order. Single thread: the run's event loop.
 */
public final class RecordView implements EventView {
  private static final String TIMESTAMP = "gadget_timestamp";
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final DataSource source;
  private final BootClock clock;
  private final FieldType[] types;
  private final FieldOrigin.@Nullable Stored[] stored;
  private final @Nullable FieldFormatter[] formatters;
  private final boolean[] isTimestamp;
  private MemorySegment memory = MemorySegment.NULL;

  /** The same memory: a buffer's accessors are quick also where they are not compiled well. */
  private ByteBuffer bytes = NOTHING;

  /** The beginning of the record, where its numbers are. */
  private final RecordWords words;

  private int base;
  private int lengthBytes;
  private @Nullable ContainerInfo container;

  /**
   * A view that reads records of {@code source}.
   *
   * @param formatters the formatter of each computed field, by the field's index; null elsewhere
   * @param clock turns times since boot into wall-clock time
   */
  public RecordView(DataSource source, List<@Nullable FieldFormatter> formatters, BootClock clock) {
    this.source = source;
    this.clock = clock;
    List<FieldSpec> fields = source.schema().fields();
    this.types = new FieldType[fields.size()];
    this.stored = new FieldOrigin.@Nullable Stored[fields.size()];
    this.formatters = formatters.toArray(new @Nullable FieldFormatter[0]);
    this.isTimestamp = new boolean[fields.size()];
    int endBytes = 0;
    for (FieldSpec field : fields) {
      types[field.index()] = field.type();
      isTimestamp[field.index()] = field.semantics().equals(TIMESTAMP);
      if (field.origin() instanceof FieldOrigin.Stored origin) {
        stored[field.index()] = origin;
        endBytes = Math.max(endBytes, endBytes(origin));
      }
    }
    this.words = new RecordWords(endBytes);
  }

  /** Where ends what is read from its words: all but texts at the end that are mostly long. */
  private static int endBytes(FieldOrigin.Stored origin) {
    return switch (origin.encoding()) {
      case FIXED, OPTIONAL, NUL_TERMINATED -> origin.offsetBytes() + origin.sizeBytes();
      case TAIL -> RecordWords.BYTES_MAX;
      case REST -> origin.offsetBytes();
      case COUNTED_REST -> origin.elementSizeBytes() + origin.sizeBytes();
    };
  }

  private RecordView(RecordView original) {
    this.source = original.source;
    this.clock = original.clock;
    this.types = original.types;
    this.stored = original.stored;
    this.formatters = original.formatters;
    this.isTimestamp = original.isTimestamp;
    this.words = new RecordWords(original.words);
  }

  /**
   * Puts the view on the record of {@code length} bytes at {@code offset} of {@code segment}, which
   * is at most 2 GiB long, and in which the record does not change while the view is on it. Another
   * segment than the last one costs an allocation.
   */
  // Equal segments may have different lives.
  @SuppressWarnings({"ReferenceEquality", "MemorySegmentReferenceEquality"})
  public void wrap(MemorySegment segment, long offset, int length, @Nullable ContainerInfo owner) {
    if (segment != memory) {
      this.bytes = segment.asByteBuffer().order(ByteOrder.nativeOrder());
      this.memory = segment;
      words.memory(bytes);
    }
    this.base = (int) offset;
    this.lengthBytes = length;
    this.container = owner;
    words.load(base, length);
  }

  /** Names the container that the record belongs to. */
  public void assign(@Nullable ContainerInfo owner) {
    this.container = owner;
  }

  /** The container that the event happened in, or null. */
  public @Nullable ContainerInfo container() {
    return container;
  }

  /** The record's length, in bytes. */
  public int lengthBytes() {
    return lengthBytes;
  }

  @Override
  public DataSource source() {
    return source;
  }

  @Override
  public boolean isPresent(int field) {
    FieldFormatter formatter = formatters[field];
    return formatter == null || formatter.isPresent(this);
  }

  @Override
  public long longAt(int field) {
    FieldOrigin.Stored origin = stored[field];
    if (origin == null) {
      FieldFormatter formatter = formatters[field];
      return formatter == null ? 0 : formatter.number(this);
    }
    if (!fits(origin)) {
      return 0;
    }
    int at = origin.offsetBytes();
    long value =
        switch (types[field]) {
          case BOOL -> words.unsigned(at, Byte.BYTES) == 0 ? 0 : 1;
          case INT8 -> (byte) words.unsigned(at, Byte.BYTES);
          case UINT8 -> words.unsigned(at, Byte.BYTES);
          case INT16 -> (short) words.unsigned(at, Short.BYTES);
          case UINT16 -> words.unsigned(at, Short.BYTES);
          case INT32 -> (int) words.unsigned(at, Integer.BYTES);
          case UINT32 -> words.unsigned(at, Integer.BYTES);
          case INT64, UINT64 -> words.unsigned(at, Long.BYTES);
          case FLOAT32 -> (long) floatAt(at);
          case FLOAT64 -> (long) Double.longBitsToDouble(words.unsigned(at, Long.BYTES));
          case STRING, BYTES, STRING_LIST, HISTOGRAM -> 0;
        };
    return isTimestamp[field] ? clock.wallNs(value) : value;
  }

  @Override
  public double doubleAt(int field) {
    FieldOrigin.Stored origin = stored[field];
    if (origin == null || !fits(origin)) {
      return 0;
    }
    int at = origin.offsetBytes();
    return switch (types[field]) {
      case FLOAT32 -> floatAt(at);
      case FLOAT64 -> Double.longBitsToDouble(words.unsigned(at, Long.BYTES));
      default -> longAt(field);
    };
  }

  private float floatAt(int at) {
    return Float.intBitsToFloat((int) words.unsigned(at, Integer.BYTES));
  }

  private boolean fits(FieldOrigin.Stored origin) {
    int end = origin.offsetBytes() + origin.sizeBytes();
    return end <= lengthBytes
        && (origin.encoding() != FieldOrigin.Encoding.OPTIONAL
            || end <= words.unsigned(origin.elementSizeBytes(), Short.BYTES));
  }

  @Override
  public void textAt(int field, TextBuffer out) {
    FieldFormatter formatter = formatters[field];
    if (formatter != null) {
      formatter.format(this, out);
      return;
    }
    FieldOrigin.Stored origin = stored[field];
    if (origin == null) {
      return;
    }
    int start = out.length();
    boolean terminated = origin.encoding() == FieldOrigin.Encoding.NUL_TERMINATED;
    long range = terminated ? fixedRange(origin) : range(origin);
    copy(base + start(range), length(range), out);
    if (terminated) {
      // Looked for in the copy: a byte of an array costs a fraction of one of a buffer.
      out.truncate(nul(out.array(), start, out.length()));
    }
  }

  private static int nul(byte[] text, int from, int end) {
    int at = from;
    while (at < end && text[at] != 0) {
      at++;
    }
    return at;
  }

  private long fixedRange(FieldOrigin.Stored origin) {
    int offset = origin.offsetBytes();
    return pack(offset, Math.max(0, Math.min(origin.sizeBytes(), lengthBytes - offset)));
  }

  @Override
  public int elementCount(int field) {
    FieldOrigin.Stored origin = stored[field];
    if (origin == null) {
      return 0;
    }
    if (types[field] == FieldType.HISTOGRAM) {
      return fits(origin) ? origin.sizeBytes() / origin.elementSizeBytes() : 0;
    }
    long range = range(origin);
    int count = 0;
    int end = base + start(range) + length(range);
    for (int at = base + start(range); at < end; at = afterNul(at, end)) {
      count++;
    }
    return count;
  }

  @Override
  public void elementAt(int field, int element, TextBuffer out) {
    FieldOrigin.Stored origin = stored[field];
    if (origin == null) {
      return;
    }
    long range = range(origin);
    int end = base + start(range) + length(range);
    int at = base + start(range);
    for (int i = 0; i < element && at < end; i++) {
      at = afterNul(at, end);
    }
    copy(at, nul(at, end) - at, out);
  }

  @Override
  public long slotAt(int field, int slot) {
    FieldOrigin.Stored origin = stored[field];
    if (origin == null || slot >= elementCount(field)) {
      return 0;
    }
    int size = origin.elementSizeBytes();
    return words.unsigned(
        origin.offsetBytes() + slot * size, size == Integer.BYTES ? size : Long.BYTES);
  }

  @Override
  public @Nullable FieldWatch watch(List<FieldSpec> fields) {
    BitSet places = new BitSet();
    boolean ofContainer = false;
    for (FieldSpec field : fields) {
      FieldFormatter formatter = formatters[field.index()];
      if (formatter instanceof FieldFormatter.OfContainer) {
        ofContainer = true;
      } else if (!(formatter instanceof FieldFormatter.Absent)
          && !addPlaces(field, formatter, places)) {
        return null;
      }
    }
    return places.length() > words.sizeBytes() ? null : new RecordWatch(places, ofContainer);
  }

  /** Adds where a field's bytes lie; false if that is not all that its value depends on. */
  private boolean addPlaces(FieldSpec field, @Nullable FieldFormatter formatter, BitSet places) {
    int index = field.index();
    if (formatter instanceof FieldFormatter.OfField
        && field.origin() instanceof FieldOrigin.Computed computed) {
      index = computed.sourceIndex();
    } else if (formatter != null) {
      return false;
    }
    FieldOrigin.Stored origin = stored[index];
    if (origin == null || isTimestamp[index]) {
      return false;
    }
    places.set(origin.offsetBytes(), origin.offsetBytes() + origin.sizeBytes());
    return switch (origin.encoding()) {
      case FIXED, NUL_TERMINATED -> true;
      case OPTIONAL, REST, COUNTED_REST, TAIL -> false;
    };
  }

  /** The answer of {@link FieldWatch#slot} for this record. */
  int slot(RecordWatch watch) {
    return watch.slot(words, lengthBytes, container);
  }

  @Override
  public EventView detached() {
    RecordView copy = new RecordView(this);
    MemorySegment segment = Arena.ofAuto().allocate(Math.max(1, lengthBytes), Long.BYTES);
    MemorySegment.copy(memory, base, segment, 0, lengthBytes);
    copy.wrap(segment, 0, lengthBytes, container);
    return copy;
  }

  /** The memory that holds the record; see {@link #recordOffset}. */
  public MemorySegment memory() {
    return memory;
  }

  /** Offset of the record in {@link #memory()}. */
  public long recordOffset() {
    return base;
  }

  /**
   * Start and length of a text, relative to the record, in one long so that nothing is allocated.
   */
  private long range(FieldOrigin.Stored origin) {
    int offset = origin.offsetBytes();
    return switch (origin.encoding()) {
      case FIXED -> fixedRange(origin);
      case OPTIONAL -> fits(origin) ? fixedRange(origin) : 0;
      case NUL_TERMINATED -> {
        int size = Math.max(0, Math.min(origin.sizeBytes(), lengthBytes - offset));
        yield pack(offset, nul(base + offset, base + offset + size) - base - offset);
      }
      case REST -> pack(offset, Math.max(0, lengthBytes - offset));
      case COUNTED_REST -> {
        int end = origin.elementSizeBytes() + origin.sizeBytes();
        long counted =
            end > lengthBytes ? 0 : words.unsigned(origin.elementSizeBytes(), origin.sizeBytes());
        int rest = Math.max(0, lengthBytes - offset);
        yield pack(offset, counted < 0 ? rest : (int) Math.min(counted, rest));
      }
      case TAIL -> {
        if (!fits(origin)) {
          yield 0;
        }
        int start = (int) words.unsigned(offset, Short.BYTES);
        int length = (int) words.unsigned(offset + Short.BYTES, Short.BYTES);
        yield pack(start, Math.max(0, Math.min(length, lengthBytes - start)));
      }
    };
  }

  private static long pack(int start, int length) {
    return (long) start << Integer.SIZE | length;
  }

  private static int start(long range) {
    return (int) (range >>> Integer.SIZE);
  }

  private static int length(long range) {
    return (int) range;
  }

  private int nul(int from, int end) {
    int at = from;
    while (at < end && bytes.get(at) != 0) {
      at++;
    }
    return at;
  }

  private int afterNul(int from, int end) {
    return nul(from, end) + 1;
  }

  private void copy(int at, int count, TextBuffer out) {
    if (count > 0) {
      byte[] target = out.reserve(count);
      if (!words.copy(at - base, count, target, out.length())) {
        bytes.get(at, target, out.length(), count);
      }
      out.advance(count);
    }
  }
}
