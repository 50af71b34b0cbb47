// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.schema;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of an event, in order. Immutable; safe for concurrent use. */
public final class EventSchema {
  private final List<FieldSpec> fields;
  private final Map<String, FieldSpec> byName;

  /**
   * A schema of the given fields.
   *
   * @throws IllegalArgumentException if a field's index is not its position, or a name occurs twice
   */
  public EventSchema(List<FieldSpec> fields) {
    this.fields = List.copyOf(fields);
    this.byName = HashMap.newHashMap(fields.size());
    for (int i = 0; i < fields.size(); i++) {
      FieldSpec field = fields.get(i);
      if (field.index() != i) {
        throw new IllegalArgumentException(
            "building a schema: field "
                + field.name()
                + " has index "
                + field.index()
                + " at position "
                + i);
      }
      if (byName.put(field.name(), field) != null) {
        throw new IllegalArgumentException(
            "building a schema: the field name " + field.name() + " occurs twice");
      }
    }
  }

  /** All fields; the position in the list is the field's index. Unmodifiable. */
  public List<FieldSpec> fields() {
    return fields;
  }

  /** The field of that full name, or null. */
  public @Nullable FieldSpec field(String name) {
    return byName.get(name);
  }

  /** The first field with that meaning, or null. */
  public @Nullable FieldSpec fieldBySemantics(String semantics) {
    for (FieldSpec field : fields) {
      if (field.semantics().equals(semantics)) {
        return field;
      }
    }
    return null;
  }
}
