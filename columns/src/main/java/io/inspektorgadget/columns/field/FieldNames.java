// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.field;

import io.inspektorgadget.columns.text.SafeText;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.EventSchema;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.text.NearestName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The two names of a field: its full name ({@code proc.comm}) and the alias of its column ({@code
 * comm}, from the annotation {@code columns.alias}). Case does not count, full names win.
 */
public final class FieldNames {
  private FieldNames() {}

  /** The name over the field's column: its alias, else its full name. */
  public static String columnName(FieldSpec field) {
    String alias = field.annotation("columns.alias");
    return alias.isEmpty() ? field.name() : alias;
  }

  /** The field of either name, or null. */
  public static @Nullable FieldSpec find(EventSchema schema, String name) {
    FieldSpec exact = schema.field(name);
    if (exact != null) {
      return exact;
    }
    for (FieldSpec field : schema.fields()) {
      if (field.name().equalsIgnoreCase(name)) {
        return field;
      }
    }
    for (FieldSpec field : schema.fields()) {
      if (field.annotation("columns.alias").equalsIgnoreCase(name)) {
        return field;
      }
    }
    return null;
  }

  /**
   * The field of either name.
   *
   * @param doing what the name is needed for, such as {@code sorting by pid}; begins the message
   * @throws UnknownFieldException if the source has no such field
   */
  public static FieldSpec require(DataSource source, String name, String doing) {
    FieldSpec field = find(source.schema(), name);
    if (field == null) {
      throw unknown(source, name, doing);
    }
    return field;
  }

  /** The error for a name that the source does not have. */
  static UnknownFieldException unknown(DataSource source, String name, String doing) {
    return new UnknownFieldException(
        doing
            + ": "
            + source.name()
            + " has no field \""
            + SafeText.of(name)
            + '"'
            + NearestName.suggestion(name, all(source.schema())));
  }

  /** All names of all fields: each full name, and each alias. */
  public static List<String> all(EventSchema schema) {
    List<String> names = new ArrayList<>();
    for (FieldSpec field : schema.fields()) {
      String alias = field.annotation("columns.alias");
      if (!alias.isEmpty()) {
        names.add(alias);
      }
      names.add(field.name());
    }
    return names;
  }
}
