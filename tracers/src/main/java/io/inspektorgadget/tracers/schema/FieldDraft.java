// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.schema;

import io.inspektorgadget.model.schema.FieldOrigin;
import io.inspektorgadget.model.schema.FieldType;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A field before its place in the schema is known: what it is computed from is a name, not an
 * index.
 *
 * @param origin where its value comes from
 * @param semantics the typedef that gives it its meaning; empty if none
 * @param annotations what its type and gadget.yaml say of it
 */
record FieldDraft(
    String name, FieldType type, String semantics, Origin origin, Map<String, String> annotations) {

  /** Where a value comes from. */
  sealed interface Origin {
    /** It lies in the record; {@code enumeration} is the id of its BTF enumeration, else 0. */
    record InRecord(FieldOrigin.Stored stored, int enumeration) implements Origin {}

    /** It is made from the field of that name. */
    record Made(String formatter, String source, String argument) implements Origin {}
  }

  /** A field that a formatter makes from another one. */
  static FieldDraft made(String name, String formatter, FieldDraft source, String argument) {
    return new FieldDraft(
        name,
        FieldType.STRING,
        source.semantics(),
        new Origin.Made(formatter, source.name(), argument),
        Map.of());
  }

  /** The value of an annotation, or the empty string. */
  String annotation(String key) {
    return annotations.getOrDefault(key, "");
  }

  /** The same with further annotations, which win. */
  FieldDraft with(Map<String, String> more) {
    Map<String, String> merged = new LinkedHashMap<>(annotations);
    merged.putAll(more);
    return new FieldDraft(name, type, semantics, origin, merged);
  }

  /** The same with further annotations where it has none. */
  FieldDraft withDefaults(Map<String, String> defaults) {
    Map<String, String> merged = new LinkedHashMap<>(defaults);
    merged.putAll(annotations);
    return new FieldDraft(name, type, semantics, origin, merged);
  }

  /** The group's name with its dot; empty for a field of no group. */
  String prefix() {
    return name.substring(0, name.lastIndexOf('.') + 1);
  }

  /** The name in its group. */
  String shortName() {
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
