// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace;

import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.gadget.ParamSpec;
import io.inspektorgadget.model.run.RunLimits;
import io.inspektorgadget.model.text.NearestName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a Trace in the words of the catalog.
 *
 * <p>A name is looked for in the gadget's annotations {@code trace.parameter.NAME}, whose value is
 * the gadget's own key, or {@code KEY=VALUE} where the mere presence of the name sets that value;
 * then among the gadget's own keys (a dash and an underscore are the same); then among those of
 * every gadget: {@code ring_size} (bytes), and of every gadget with periodic tables: {@code
 * interval} (seconds), {@code max_rows}, {@code sort_by}. Annotations {@code trace.column.NAME}
 * translate the columns of {@code sort_by}.
 */
final class TraceParameters {
  private static final String PARAMETER = "trace.parameter.";
  private static final String COLUMN = "trace.column.";
  private static final long MS_PER_SECOND = 1_000;
  private static final long PAGE_BYTES = 4_096;

  private final GadgetSpec spec;
  private final Map<String, ParamSpec> known = new LinkedHashMap<>();
  private final Map<String, String> values = new LinkedHashMap<>();
  private final List<String> warnings = new ArrayList<>();
  private long intervalMs;
  private long ringSizeBytes;
  private int rowsMax = -1;
  private String sort = "";

  private TraceParameters(GadgetSpec spec) {
    this.spec = spec;
    spec.parameters().forEach(parameter -> known.put(parameter.key(), parameter));
  }

  /**
   * Translates them.
   *
   * @param calledName what the user calls the gadget
   * @throws TraceException if a number is none
   */
  static TraceParameters of(GadgetSpec spec, String calledName, Map<String, String> given) {
    TraceParameters parameters = new TraceParameters(spec);
    given.forEach((name, value) -> parameters.add(calledName, name, value));
    return parameters;
  }

  /** Values by the gadget's keys. */
  Map<String, String> values() {
    return values;
  }

  RunLimits limits() {
    return new RunLimits(0, intervalMs, ringSizeBytes);
  }

  String sort() {
    return sort;
  }

  int rowsMax() {
    return rowsMax;
  }

  List<String> warnings() {
    return warnings;
  }

  private void add(String calledName, String name, String value) {
    String annotated = spec.annotations().get(PARAMETER + name);
    if (annotated != null) {
      int equals = annotated.indexOf('=');
      if (equals > 0) {
        values.put(annotated.substring(0, equals), annotated.substring(equals + 1));
      } else {
        put(annotated, value);
      }
      return;
    }
    String key = known.containsKey(name) ? name : name.replace('_', '-');
    if (known.containsKey(key)) {
      put(key, value);
    } else if (key.equals("ring-size")) {
      ringSizeBytes = value.isBlank() ? 0 : ringSizeBytes(name, value.strip());
    } else if (!hasTables() || !addOfTables(name, value.strip())) {
      warnings.add(
          "parameter \""
              + name
              + "\" has no effect: gadget \""
              + calledName
              + "\" does not have it"
              + NearestName.suggestion(name, known.keySet()));
    }
  }

  private void put(String key, String value) {
    ParamSpec parameter = known.get(key);
    boolean list = parameter != null && parameter.kind() == ParamSpec.Kind.UINT_LIST;
    boolean ofProcess = key.equals("pid") || key.equals("tid");
    // Old manifests say 0 for every process, and an empty text for the default.
    if (!value.isBlank() && !(list && ofProcess && value.strip().equals("0"))) {
      values.put(key, value);
    }
  }

  private boolean hasTables() {
    return spec.sources().stream().anyMatch(s -> TraceGadget.isPeriodic(s.source()));
  }

  /** False if tables have no such parameter. */
  private boolean addOfTables(String name, String value) {
    switch (name) {
      case "interval" -> intervalMs = value.isEmpty() ? 0 : intervalMs(name, value);
      case "max_rows", "max-rows" -> rowsMax = value.isEmpty() ? -1 : (int) number(name, value);
      case "sort_by", "sort-by" -> sort = translatedColumns(value);
      default -> {
        return false;
      }
    }
    return true;
  }

  private String translatedColumns(String order) {
    List<String> columns = new ArrayList<>();
    for (String entry : order.split(",", -1)) {
      String column = entry.strip();
      boolean descending = column.startsWith("-");
      String name = descending ? column.substring(1) : column;
      if (!name.isEmpty()) {
        columns.add((descending ? "-" : "") + spec.annotations().getOrDefault(COLUMN + name, name));
      }
    }
    return String.join(",", columns);
  }

  private static long intervalMs(String name, String value) {
    if (value.endsWith("ms")) {
      return number(name, value.substring(0, value.length() - 2));
    }
    boolean unit = value.endsWith("s");
    return number(name, unit ? value.substring(0, value.length() - 1) : value) * MS_PER_SECOND;
  }

  /** A size that the kernel takes: a power of two, at least a page. */
  private static long ringSizeBytes(String name, String value) {
    long sizeBytes = number(name, value);
    if (sizeBytes < PAGE_BYTES || Long.bitCount(sizeBytes) != 1) {
      throw new TraceException(
          "Invalid parameter \""
              + name
              + "\": \""
              + value
              + "\" is no power of two of 4096 or more");
    }
    return sizeBytes;
  }

  private static long number(String name, String value) {
    try {
      int number = Integer.parseInt(value);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw noNumber(name, value, e);
    }
    throw noNumber(name, value, null);
  }

  private static TraceException noNumber(String name, String value, @Nullable Exception cause) {
    String message = "Invalid parameter \"" + name + "\": \"" + value + "\" is no number above 0";
    return cause == null ? new TraceException(message) : new TraceException(message, cause);
  }
}
