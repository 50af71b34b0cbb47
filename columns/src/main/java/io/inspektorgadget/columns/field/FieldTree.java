// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.field;

import io.inspektorgadget.model.schema.EventSchema;
import io.inspektorgadget.model.schema.FieldSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Fields as nested groups, the children of a group in alphabetical order: the shape of JSON and
 * YAML. A field whose name is also that of a group (an endpoint's one-line form) is represented by
 * the group. Fields with the annotation {@code json.skip: true} are left out.
 */
public sealed interface FieldTree {

  /** A field. */
  record Leaf(FieldSpec field) implements FieldTree {}

  /** A group; the children by their short names, unmodifiable. */
  record Group(SortedMap<String, FieldTree> children) implements FieldTree {}

  /** The tree of the fields chosen from a schema. */
  static Group of(EventSchema schema, Collection<FieldSpec> chosen) {
    List<FieldSpec> fields = new ArrayList<>();
    for (FieldSpec field : chosen) {
      String prefix = field.name().concat(".");
      boolean isGroup = false;
      for (FieldSpec member : schema.fields()) {
        if (member.name().startsWith(prefix)) {
          isGroup = true;
          fields.add(member);
        }
      }
      if (!isGroup) {
        fields.add(field);
      }
    }
    TreeMap<String, FieldTree> root = new TreeMap<>();
    for (FieldSpec field : fields) {
      if (!field.annotation("json.skip").equals("true")) {
        insert(root, field.name(), field);
      }
    }
    return new Group(root);
  }

  private static void insert(SortedMap<String, FieldTree> group, String name, FieldSpec field) {
    int dot = name.indexOf('.');
    if (dot < 0) {
      group.putIfAbsent(name, new Leaf(field));
      return;
    }
    FieldTree child = group.get(name.substring(0, dot));
    Group inner = child instanceof Group existing ? existing : new Group(new TreeMap<>());
    group.put(name.substring(0, dot), inner);
    insert(inner.children(), name.substring(dot + 1), field);
  }
}
