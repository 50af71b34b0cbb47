// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns.filter;

import io.inspektorgadget.columns.field.RawText;
import io.inspektorgadget.columns.text.SafeText;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.model.schema.EventSchema;
import io.inspektorgadget.model.schema.FieldOrigin;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.schema.FieldType;
import io.inspektorgadget.model.text.NearestName;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** A term made ready for one field of a schema. */
sealed interface TermTest {

  boolean test(EventView event);

  /**
   * Makes a term ready.
   *
   * @throws FilterException if the operator or the value does not suit the field
   */
  static TermTest of(FilterTerm term, FieldSpec field, EventSchema schema) {
    if (field.type() == FieldType.HISTOGRAM) {
      throw term.problem(field.name() + " is a histogram, which nothing can be compared with");
    }
    if (term.operator().isRegex()) {
      return regex(term, field);
    }
    checkPossible(term, field);
    if (field.type().isFloat()) {
      return new FloatTest(field.index(), term.operator(), floatValue(term, field));
    }
    if (field.type().isNumeric()) {
      return integerTest(term, field);
    }
    if (field.type() == FieldType.STRING_LIST && term.operator().isOrder()) {
      throw term.problem(
          field.name() + " is a list, which has no order; write == != ~ or !~ for its elements");
    }
    FieldSpec source = numberBehind(field, schema);
    if (source != null && term.operator().isOrder() && looksLikeInteger(term.value())) {
      return integerTest(term, source);
    }
    return new TextTest(field, term.operator(), term.value().getBytes(StandardCharsets.UTF_8));
  }

  /** A value that the field never has would silently show nothing, or everything. */
  private static void checkPossible(FilterTerm term, FieldSpec field) {
    List<String> possible = field.possibleValues();
    String value = term.value();
    if (!possible.isEmpty()
        && !term.operator().isOrder()
        && !value.isEmpty()
        && !possible.contains(value)) {
      throw term.problem(
          field.name()
              + " is never \""
              + SafeText.of(value)
              + "\", only "
              + SafeText.of(String.join(", ", possible))
              + NearestName.suggestion(value, possible));
    }
  }

  private static TermTest regex(FilterTerm term, FieldSpec field) {
    if (field.type() != FieldType.STRING && field.type() != FieldType.STRING_LIST) {
      throw term.problem(
          "a regular expression needs a text and "
              + field.name()
              + " is "
              + typeName(field)
              + "; write == != >= <= > or <");
    }
    try {
      return new RegexTest(field, term.operator(), Pattern.compile(term.value()));
    } catch (PatternSyntaxException e) {
      throw term.problem(
          "\""
              + SafeText.of(term.value())
              + "\" is no regular expression: "
              + e.getDescription()
              + " at character "
              + (e.getIndex() + 1));
    }
  }

  private static IntegerTest integerTest(FilterTerm term, FieldSpec field) {
    return new IntegerTest(field.index(), field.type(), term.operator(), integer(term, field));
  }

  /** The integer that a formatted text was made from, or null. */
  private static @Nullable FieldSpec numberBehind(FieldSpec field, EventSchema schema) {
    if (field.type() == FieldType.STRING
        && field.origin() instanceof FieldOrigin.Computed computed
        && computed.sourceIndex() >= 0) {
      FieldSpec source = schema.fields().get(computed.sourceIndex());
      return source.type().isNumeric() && !source.type().isFloat() ? source : null;
    }
    return null;
  }

  private static boolean looksLikeInteger(String value) {
    return !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static double floatValue(FilterTerm term, FieldSpec field) {
    try {
      return Double.parseDouble(term.value());
    } catch (NumberFormatException e) {
      throw wrongType(term, field);
    }
  }

  private static long integer(FilterTerm term, FieldSpec field) {
    String value = term.value();
    if (field.type() == FieldType.BOOL) {
      return switch (value) {
        case "true", "1" -> 1;
        case "false", "0" -> 0;
        default -> throw wrongType(term, field);
      };
    }
    boolean hex = value.startsWith("0x") || value.startsWith("0X");
    try {
      if (hex) {
        return inRange(Long.parseUnsignedLong(value, 2, value.length(), 16), term, field);
      }
      return field.type() == FieldType.UINT64
          ? Long.parseUnsignedLong(value)
          : inRange(Long.parseLong(value), term, field);
    } catch (NumberFormatException e) {
      throw wrongType(term, field);
    }
  }

  private static long inRange(long value, FilterTerm term, FieldSpec field) {
    int bits = 8 * field.type().sizeBytes();
    if (bits == 64) {
      return value;
    }
    long low = field.type().isUnsigned() ? 0 : -(1L << (bits - 1));
    long high = field.type().isUnsigned() ? (1L << bits) - 1 : (1L << (bits - 1)) - 1;
    if (value < low || value > high) {
      throw term.problem(field.name() + " is a number from " + low + " to " + high);
    }
    return value;
  }

  private static FilterException wrongType(FilterTerm term, FieldSpec field) {
    return term.problem(
        "\"" + SafeText.of(term.value()) + "\" is not " + typeName(field) + " as " + field.name());
  }

  private static String typeName(FieldSpec field) {
    return switch (field.type()) {
      case BOOL -> "true or false";
      case FLOAT32, FLOAT64 -> "a number";
      case UINT8, UINT16, UINT32, UINT64 -> "an integer of at least 0";
      case INT8, INT16, INT32, INT64 -> "an integer";
      case STRING -> "a text";
      case STRING_LIST -> "a list of texts";
      case BYTES -> "bytes (compared in hexadecimal)";
      case HISTOGRAM -> "a histogram";
    };
  }

  /** Compares an integer or boolean. */
  record IntegerTest(int index, FieldType type, Operator operator, long wanted)
      implements TermTest {
    @Override
    public boolean test(EventView event) {
      if (!event.isPresent(index)) {
        return operator.isNegative();
      }
      long value = event.longAt(index);
      return operator.accepts(
          type.isUnsigned()
              ? Long.compareUnsigned(RawText.unsigned(type, value), wanted)
              : Long.compare(value, wanted));
    }
  }

  /** Compares a float; NaN equals nothing and has no order. */
  record FloatTest(int index, Operator operator, double wanted) implements TermTest {
    @Override
    public boolean test(EventView event) {
      double value = event.isPresent(index) ? event.doubleAt(index) : Double.NaN;
      if (Double.isNaN(value) || Double.isNaN(wanted)) {
        return operator.isNegative();
      }
      return operator.accepts(value < wanted ? -1 : value > wanted ? 1 : 0);
    }
  }

  /** Compares a text, or each element of a list, byte by byte. */
  final class TextTest implements TermTest {
    private final FieldSpec field;
    private final Operator operator;
    private final byte[] wanted;
    private final TextBuffer text = new TextBuffer(256);

    TextTest(FieldSpec field, Operator operator, byte[] wanted) {
      this.field = field;
      this.operator = operator;
      this.wanted = wanted;
    }

    @Override
    public boolean test(EventView event) {
      if (field.type() == FieldType.STRING_LIST) {
        return anyElementEquals(event) == (operator == Operator.EQUAL);
      }
      text.clear();
      RawText.append(event, field, text);
      return operator.accepts(compare());
    }

    private boolean anyElementEquals(EventView event) {
      int count = event.isPresent(field.index()) ? event.elementCount(field.index()) : 0;
      for (int element = 0; element < count; element++) {
        text.clear();
        event.elementAt(field.index(), element, text);
        if (compare() == 0) {
          return true;
        }
      }
      return false;
    }

    private int compare() {
      return Arrays.compareUnsigned(text.array(), 0, text.length(), wanted, 0, wanted.length);
    }
  }

  /** Looks for a regular expression anywhere in a text, or in an element of a list. */
  final class RegexTest implements TermTest {
    private final FieldSpec field;
    private final Operator operator;
    private final Pattern pattern;
    private final TextBuffer text = new TextBuffer(256);

    RegexTest(FieldSpec field, Operator operator, Pattern pattern) {
      this.field = field;
      this.operator = operator;
      this.pattern = pattern;
    }

    @Override
    public boolean test(EventView event) {
      return found(event) == (operator == Operator.MATCHES);
    }

    private boolean found(EventView event) {
      if (field.type() != FieldType.STRING_LIST) {
        text.clear();
        RawText.append(event, field, text);
        return pattern.matcher(text.toString()).find();
      }
      int count = event.isPresent(field.index()) ? event.elementCount(field.index()) : 0;
      for (int element = 0; element < count; element++) {
        text.clear();
        event.elementAt(field.index(), element, text);
        if (pattern.matcher(text.toString()).find()) {
          return true;
        }
      }
      return false;
    }
  }
}
