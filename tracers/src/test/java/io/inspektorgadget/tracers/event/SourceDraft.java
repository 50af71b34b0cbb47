// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.event;

import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.EventSchema;
import io.inspektorgadget.model.schema.FieldOrigin;
import io.inspektorgadget.model.schema.FieldOrigin.Encoding;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.schema.FieldType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A data source that grows field by field. */
public final class SourceDraft {
  private static final BootClock CLOCK = new BootClock(() -> 0, () -> 1_000);

  private final List<FieldSpec> fields = new ArrayList<>();
  private final Map<Integer, FieldFormatter> formatters = new HashMap<>();

  /** Adds a number; its index is that of the call. */
  public SourceDraft number(String name, FieldType type, String semantics, int offsetBytes) {
    int size = type.sizeBytes();
    return add(name, type, semantics, new FieldOrigin.Stored(Encoding.FIXED, offsetBytes, size, 0));
  }

  /** Adds a text, bytes or a list. */
  public SourceDraft text(
      String name, FieldType type, Encoding encoding, int offsetBytes, int sizeBytes) {
    return add(name, type, "", new FieldOrigin.Stored(encoding, offsetBytes, sizeBytes, 1));
  }

  /** Adds a histogram. */
  public SourceDraft histogram(String name, int offsetBytes, int slots, int slotSizeBytes) {
    int size = slots * slotSizeBytes;
    return add(
        name,
        FieldType.HISTOGRAM,
        "",
        new FieldOrigin.Stored(Encoding.FIXED, offsetBytes, size, slotSizeBytes));
  }

  /** Adds a field that a formatter makes. */
  public SourceDraft computed(String name, FieldType type, FieldFormatter formatter) {
    formatters.put(fields.size(), formatter);
    return add(name, type, "", new FieldOrigin.Computed("test", 0, ""));
  }

  /** Adds any field. */
  public SourceDraft add(String name, FieldType type, String semantics, FieldOrigin origin) {
    fields.add(new FieldSpec(fields.size(), name, type, semantics, origin, Map.of()));
    return this;
  }

  /** The schema so far. */
  public EventSchema schema() {
    return new EventSchema(fields);
  }

  /** A view of the source so far; boot time is 1,000 ns behind wall-clock time. */
  public RecordView view() {
    List<@Nullable FieldFormatter> byIndex = new ArrayList<>();
    for (FieldSpec field : fields) {
      byIndex.add(formatters.get(field.index()));
    }
    return view(byIndex);
  }

  /** The same with the formatters given, by index. */
  public RecordView view(List<@Nullable FieldFormatter> byIndex) {
    DataSource source = new DataSource("test", DataSource.Kind.STREAM, schema(), Map.of());
    return new RecordView(source, byIndex, CLOCK);
  }
}
