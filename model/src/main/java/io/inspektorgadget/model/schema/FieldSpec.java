// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One leaf of an event.
 *
 * @param index position in {@link EventSchema#fields()}, the number by which views are asked for it
 * @param name full name, groups separated by dots, such as {@code proc.parent.comm}
 * @param type how its value is read
 * @param semantics the typedef that gives the value its meaning, such as {@code gadget_errno} or
 *     {@code gadget_comm}, or the name of an enumeration; empty if it has none
 * @param origin where its value comes from
 * @param annotations what gadget.yaml and the type say of it ({@code description}, {@code
 *     columns.width} …); unmodifiable
 */
public record FieldSpec(
    int index,
    String name,
    FieldType type,
    String semantics,
    FieldOrigin origin,
    Map<String, String> annotations) {

  public FieldSpec {
    Objects.requireNonNull(name, "name");
    annotations = Map.copyOf(annotations);
  }

  /** The annotation's value, or the empty string. */
  public String annotation(String key) {
    return annotations.getOrDefault(key, "");
  }

  /** One sentence on what the value is; may be empty. */
  public String description() {
    return annotation("description");
  }

  /** The only values it can have, where {@code value.one-of} says so; empty if it does not. */
  public List<String> possibleValues() {
    List<String> values = new ArrayList<>();
    for (String value : annotation("value.one-of").split(",", -1)) {
      if (!value.isBlank()) {
        values.add(value.strip());
      }
    }
    return values;
  }

  /** True if a table leaves the field out unless it is asked for. */
  public boolean isHidden() {
    return annotation("columns.hidden").equals("true");
  }
}
