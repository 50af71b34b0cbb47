// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.event;

import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.FieldOrigin;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.schema.FieldType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final String TIMESTAMP = "gadget_timestamp";

  private final DataSource source;
  private final BootClock clock;
  private final FieldType[] types;
  private final FieldOrigin.@Nullable Stored[] stored;
  private final @Nullable FieldFormatter[] formatters;
  private final boolean[] isTimestamp;
  private MemorySegment memory = MemorySegment.NULL;
  private long base;
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
    for (FieldSpec field : fields) {
      types[field.index()] = field.type();
      isTimestamp[field.index()] = field.semantics().equals(TIMESTAMP);
      if (field.origin() instanceof FieldOrigin.Stored origin) {
        stored[field.index()] = origin;
      }
    }
  }

  private RecordView(RecordView original) {
    this.source = original.source;
    this.clock = original.clock;
    this.types = original.types;
    this.stored = original.stored;
    this.formatters = original.formatters;
    this.isTimestamp = original.isTimestamp;
  }

  /** Puts the view on the record of {@code length} bytes at {@code offset} of {@code segment}. */
  public void wrap(MemorySegment segment, long offset, int length, @Nullable ContainerInfo owner) {
    this.memory = segment;
    this.base = offset;
    this.lengthBytes = length;
    this.container = owner;
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
    long at = base + origin.offsetBytes();
    long value =
        switch (types[field]) {
          case BOOL -> memory.get(ValueLayout.JAVA_BYTE, at) == 0 ? 0 : 1;
          case INT8 -> memory.get(ValueLayout.JAVA_BYTE, at);
          case UINT8 -> memory.get(ValueLayout.JAVA_BYTE, at) & 0xff;
          case INT16 -> memory.get(SHORT, at);
          case UINT16 -> memory.get(SHORT, at) & 0xffff;
          case INT32 -> memory.get(INT, at);
          case UINT32 -> memory.get(INT, at) & 0xffff_ffffL;
          case INT64, UINT64 -> memory.get(LONG, at);
          case FLOAT32 -> (long) Float.intBitsToFloat(memory.get(INT, at));
          case FLOAT64 -> (long) Double.longBitsToDouble(memory.get(LONG, at));
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
    long at = base + origin.offsetBytes();
    return switch (types[field]) {
      case FLOAT32 -> Float.intBitsToFloat(memory.get(INT, at));
      case FLOAT64 -> Double.longBitsToDouble(memory.get(LONG, at));
      default -> longAt(field);
    };
  }

  private boolean fits(FieldOrigin.Stored origin) {
    return origin.offsetBytes() + origin.sizeBytes() <= lengthBytes;
  }

  @Override
  public void textAt(int field, TextBuffer out) {
    FieldFormatter formatter = formatters[field];
    if (formatter != null) {
      formatter.format(this, out);
      return;
    }
    FieldOrigin.Stored origin = stored[field];
    if (origin != null) {
      long range = range(origin);
      copy(base + start(range), length(range), out);
    }
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
    long end = base + start(range) + length(range);
    for (long at = base + start(range); at < end; at = afterNul(at, end)) {
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
    long end = base + start(range) + length(range);
    long at = base + start(range);
    for (int i = 0; i < element && at < end; i++) {
      at = afterNul(at, end);
    }
    copy(at, (int) (nul(at, end) - at), out);
  }

  @Override
  public long slotAt(int field, int slot) {
    FieldOrigin.Stored origin = stored[field];
    if (origin == null || slot >= elementCount(field)) {
      return 0;
    }
    long at = base + origin.offsetBytes() + (long) slot * origin.elementSizeBytes();
    return origin.elementSizeBytes() == Integer.BYTES
        ? memory.get(INT, at) & 0xffff_ffffL
        : memory.get(LONG, at);
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
      case FIXED -> pack(offset, Math.max(0, Math.min(origin.sizeBytes(), lengthBytes - offset)));
      case NUL_TERMINATED -> {
        int size = Math.max(0, Math.min(origin.sizeBytes(), lengthBytes - offset));
        long end = base + offset + size;
        yield pack(offset, (int) (nul(base + offset, end) - base - offset));
      }
      case REST -> pack(offset, Math.max(0, lengthBytes - offset));
      case TAIL -> {
        if (!fits(origin)) {
          yield 0;
        }
        int start = memory.get(SHORT, base + offset) & 0xffff;
        int length = memory.get(SHORT, base + offset + Short.BYTES) & 0xffff;
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

  private long nul(long from, long end) {
    long at = from;
    while (at < end && memory.get(ValueLayout.JAVA_BYTE, at) != 0) {
      at++;
    }
    return at;
  }

  private long afterNul(long from, long end) {
    return nul(from, end) + 1;
  }

  private void copy(long at, int count, TextBuffer out) {
    if (count > 0) {
      byte[] target = out.reserve(count);
      MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at, target, out.length(), count);
      out.advance(count);
    }
  }
}
