// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.field;

import io.inspektorgadget.columns.text.SafeText;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.FieldSpec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Which fields a user wants to see: {@code a,b} (these, in this order), {@code +x,-y} (the usual
 * ones and x, without y), {@code ds:a,b;ds2:+c} (for one data source each). A name may be that of a
 * group ({@code proc}) and then means all fields in it. Immutable.
 */
public final class FieldSelection {
  /** The usual fields. */
  public static final FieldSelection USUAL = new FieldSelection("");

  private final String text;

  private FieldSelection(String text) {
    this.text = text;
  }

  /** A selection as the user wrote it; names are checked by {@link #apply}. */
  public static FieldSelection of(String text) {
    return text.isBlank() ? USUAL : new FieldSelection(text);
  }

  /** True if nothing is asked for. */
  public boolean isUsual() {
    return text.isEmpty();
  }

  /**
   * The fields of a source that are wanted, in the order wanted.
   *
   * @param usual the fields shown if nothing is asked for
   * @throws UnknownFieldException if a name is neither a field nor a group, or is empty
   * @throws IllegalArgumentException if no field is left
   */
  public List<FieldSpec> apply(DataSource source, List<FieldSpec> usual) {
    String wanted = partFor(source.name());
    if (wanted.isEmpty()) {
      return usual;
    }
    String doing = "choosing the fields " + SafeText.of(wanted);
    String[] names = wanted.split(",", -1);
    LinkedHashSet<FieldSpec> fields = new LinkedHashSet<>();
    boolean relative = true;
    for (String name : names) {
      relative &= name.strip().startsWith("+") || name.strip().startsWith("-");
    }
    if (relative) {
      fields.addAll(usual);
    }
    for (String entry : names) {
      String name = entry.strip();
      if (name.startsWith("-")) {
        matching(source, name.substring(1), doing).forEach(fields::remove);
      } else {
        fields.addAll(matching(source, name.startsWith("+") ? name.substring(1) : name, doing));
      }
    }
    if (fields.isEmpty()) {
      throw new IllegalArgumentException(doing + ": nothing is left to show; name a field");
    }
    return List.copyOf(fields);
  }

  private String partFor(String sourceName) {
    String general = "";
    for (String part : text.split(";", -1)) {
      int colon = part.indexOf(':');
      if (colon < 0) {
        general = part.strip();
      } else if (part.substring(0, colon).strip().equals(sourceName)) {
        return part.substring(colon + 1).strip();
      }
    }
    return general;
  }

  private static List<FieldSpec> matching(DataSource source, String name, String doing) {
    FieldSpec field = FieldNames.find(source.schema(), name);
    if (field != null) {
      return List.of(field);
    }
    List<FieldSpec> group = new ArrayList<>();
    for (FieldSpec candidate : source.schema().fields()) {
      if (!name.isEmpty() && candidate.name().startsWith(name + ".")) {
        group.add(candidate);
      }
    }
    if (group.isEmpty()) {
      throw FieldNames.unknown(source, name, doing);
    }
    return group;
  }
}
