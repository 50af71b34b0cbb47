// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.table;

import io.inspektorgadget.columns.field.FieldNames;
import io.inspektorgadget.columns.text.DisplayWidth;
import io.inspektorgadget.columns.text.SafeText;
import io.inspektorgadget.model.schema.EventSchema;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.schema.FieldType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a field looks as a column: what its annotations {@code columns.*} say, else its template,
 * else its type.
 *
 * @param field what is shown; where the annotation {@code columns.replace} names another field,
 *     that one, under the name and with the looks of the field that has the annotation
 * @param header name over the column, upper case, safe for a terminal
 * @param widths its width and the limits of it
 * @param cell how a value is laid into it
 */
public record ColumnSpec(FieldSpec field, String header, Widths widths, CellStyle cell) {
  private static final int WIDTH_DEFAULT = 16;
  private static final int PRECISION_DEFAULT = 2;

  /**
   * Widths in cells.
   *
   * @param usual width when there is no limit on the table's
   * @param min smallest width, at least 1
   * @param max largest width, at least {@code min}; {@link Integer#MAX_VALUE}: no limit
   * @param fixed true: always the usual width
   */
  public record Widths(int usual, int min, int max, boolean fixed) {}

  /**
   * How a value is laid into a cell.
   *
   * @param alignment side on which a short value stands
   * @param ellipsis where a long value is cut
   * @param hex true: integers are written in hexadecimal
   * @param precision decimals of a float; negative: as many as needed
   */
  public record CellStyle(Alignment alignment, Ellipsis ellipsis, boolean hex, int precision) {}

  /** The side on which a value stands. */
  public enum Alignment {
    LEFT,
    RIGHT
  }

  /** Where a value that is too long is cut, and the sign for it stands. */
  public enum Ellipsis {
    END,
    START,
    MIDDLE,
    /** Cut at the end, without a sign. */
    NONE
  }

  /** The column of a field of that schema. */
  public static ColumnSpec of(FieldSpec field, EventSchema schema) {
    FieldSpec replacement = schema.field(field.annotation("columns.replace"));
    FieldSpec shown = replacement == null ? field : replacement;
    ColumnTemplate template = ColumnTemplate.of(field);
    String header = SafeText.of(FieldNames.columnName(field).toUpperCase(Locale.ROOT));
    return new ColumnSpec(
        shown, header, widths(field, shown.type(), template, header), cell(field, template));
  }

  /** How the header is laid out: aligned as the values, but cut at its end. */
  CellStyle headerStyle() {
    return new CellStyle(cell.alignment(), Ellipsis.END, false, 0);
  }

  /** The fields that a table shows if nobody says which. */
  public static List<FieldSpec> usualFields(EventSchema schema) {
    List<FieldSpec> visible = new ArrayList<>();
    for (FieldSpec field : schema.fields()) {
      if (!isHidden(field)) {
        visible.add(field);
      }
    }
    return visible;
  }

  /** True if the field is shown only if asked for. */
  public static boolean isHidden(FieldSpec field) {
    String hidden = field.annotation("columns.hidden");
    return hidden.isEmpty() ? ColumnTemplate.of(field).hidden() : hidden.equals("true");
  }

  private static Widths widths(
      FieldSpec field, FieldType type, ColumnTemplate template, String header) {
    byte[] headerBytes = header.getBytes(StandardCharsets.UTF_8);
    int headerWidth = DisplayWidth.of(headerBytes, 0, headerBytes.length);
    int typeWidth = typeWidth(type);
    int min = width(field, "columns.minwidth", template.widthMin());
    int usual = width(field, "columns.width", template.width());
    int max = width(field, "columns.maxwidth", template.widthMax());
    if (max == 0 && typeWidth > 0) {
      // A number never needs more; but its header, if longer, is worth the room.
      max = Math.max(Math.max(typeWidth, headerWidth), Math.max(min, usual));
    }
    if (max == 0) {
      max = Integer.MAX_VALUE;
    }
    if (usual == 0) {
      usual = Math.min(WIDTH_DEFAULT, max);
    }
    usual = Math.max(usual, Math.max(min, 1));
    boolean fixed = field.annotation("columns.fixed").equals("true");
    return new Widths(usual, Math.max(min, 1), Math.max(max, usual), fixed);
  }

  /** A width from an annotation: a number, or {@code type} for the longest number of the type. */
  private static int width(FieldSpec field, String key, int otherwise) {
    String text = field.annotation(key);
    return text.equals("type") ? typeWidth(field.type()) : number(text, otherwise);
  }

  private static int number(String text, int otherwise) {
    if (text.isEmpty() || text.length() > 6) {
      return otherwise;
    }
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return otherwise;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  private static int typeWidth(FieldType type) {
    return switch (type) {
      case BOOL -> 5;
      case UINT8 -> 3;
      case INT8 -> 4;
      case UINT16 -> 5;
      case INT16 -> 6;
      case UINT32 -> 10;
      case INT32 -> 11;
      case UINT64, INT64 -> 20;
      default -> 0;
    };
  }

  private static CellStyle cell(FieldSpec field, ColumnTemplate template) {
    Alignment alignment =
        switch (field.annotation("columns.alignment")) {
          case "left" -> Alignment.LEFT;
          case "right" -> Alignment.RIGHT;
          default -> template.alignment();
        };
    Ellipsis ellipsis =
        switch (field.annotation("columns.ellipsis")) {
          case "end" -> Ellipsis.END;
          case "start" -> Ellipsis.START;
          case "middle" -> Ellipsis.MIDDLE;
          case "none" -> Ellipsis.NONE;
          default -> template.ellipsis();
        };
    String precision = field.annotation("columns.precision");
    return new CellStyle(
        alignment,
        ellipsis,
        field.annotation("columns.hex").equals("true"),
        precision.equals("-1") ? -1 : number(precision, PRECISION_DEFAULT));
  }
}
