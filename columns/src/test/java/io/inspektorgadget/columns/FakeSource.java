// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns;

import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.EventSchema;
import io.inspektorgadget.model.schema.FieldOrigin;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.schema.FieldType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Builds a data source field by field. */
final class FakeSource {
  private final String name;
  private final DataSource.Kind kind;
  private final List<FieldSpec> fields = new ArrayList<>();
  private final Map<String, String> annotations = new HashMap<>();

  private FakeSource(String name, DataSource.Kind kind) {
    this.name = name;
    this.kind = kind;
  }

  static FakeSource stream(String name) {
    return new FakeSource(name, DataSource.Kind.STREAM);
  }

  static FakeSource snapshot(String name) {
    return new FakeSource(name, DataSource.Kind.SNAPSHOT);
  }

  static FakeSource interval(String name) {
    return new FakeSource(name, DataSource.Kind.INTERVAL);
  }

  /** A field that lies in the record; annotations as key, value, key, value. */
  FakeSource field(String fieldName, FieldType type, String semantics, String... keyValues) {
    FieldOrigin origin = new FieldOrigin.Stored(FieldOrigin.Encoding.FIXED, 0, 8, 8);
    return add(fieldName, type, semantics, origin, keyValues);
  }

  /** A text made from another field. */
  FakeSource computed(String fieldName, String formatter, String source, String... keyValues) {
    int sourceIndex = -1;
    for (FieldSpec field : fields) {
      sourceIndex = field.name().equals(source) ? field.index() : sourceIndex;
    }
    FieldOrigin origin = new FieldOrigin.Computed(formatter, sourceIndex, "");
    return add(fieldName, FieldType.STRING, "", origin, keyValues);
  }

  private FakeSource add(
      String fieldName, FieldType type, String semantics, FieldOrigin origin, String... pairs) {
    Map<String, String> own = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      own.put(pairs[i], pairs[i + 1]);
    }
    fields.add(new FieldSpec(fields.size(), fieldName, type, semantics, origin, own));
    return this;
  }

  FakeSource annotation(String key, String value) {
    annotations.put(key, value);
    return this;
  }

  DataSource build() {
    return new DataSource(name, kind, new EventSchema(fields), annotations);
  }
}
