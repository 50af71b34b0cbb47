// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.kernel.bpf.BpfMap;
import io.inspektorgadget.kernel.bpf.BpfObject;
import io.inspektorgadget.model.gadget.GadgetException;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.gadget.ParamSpec;
import io.inspektorgadget.model.gadget.ParameterValue;
import io.inspektorgadget.model.text.NearestName;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The values of a run's parameters, checked, and the ways they reach the kernel: variables are set
 * before the object is loaded, list filters are filled into maps after it.
 */
final class ParameterValues {
  private static final String MAP_SIZE_SUFFIX = "_max_entries";

  private final Map<ParamSpec, byte[]> variables = new LinkedHashMap<>();
  private final List<ListFilter> filters = new ArrayList<>();
  private final Map<String, String> texts = new HashMap<>();

  private ParameterValues() {}

  /**
   * Checks what a user wrote.
   *
   * @throws GadgetException if a key is unknown, a value does not fit its parameter, or a mandatory
   *     one is missing
   */
  static ParameterValues parse(GadgetSpec spec, Map<String, String> given) {
    Map<String, ParamSpec> known = new LinkedHashMap<>();
    spec.parameters().forEach(parameter -> known.put(parameter.key(), parameter));
    for (String key : given.keySet()) {
      if (!known.containsKey(key)) {
        throw unknown(spec, key, known);
      }
    }
    ParameterValues values = new ParameterValues();
    for (ParamSpec parameter : spec.parameters()) {
      String value = given.getOrDefault(parameter.key(), parameter.defaultValue());
      if (value.isEmpty()) {
        if (parameter.mandatory()) {
          throw new GadgetException(
              "starting " + spec.name() + ": --" + parameter.key() + " is needed");
        }
        continue;
      }
      values.add(parameter, value);
    }
    return values;
  }

  private static GadgetException unknown(
      GadgetSpec spec, String key, Map<String, ParamSpec> known) {
    String nearest = NearestName.of(key, known.keySet());
    return new GadgetException(
        "starting "
            + spec.name()
            + ": it has no parameter "
            + key
            + (nearest == null ? "" : "; did you mean " + nearest + "?"));
  }

  private void add(ParamSpec parameter, String written) {
    ParameterValue value = ParameterValue.parse(parameter, "--" + parameter.key(), written);
    texts.put(parameter.key(), value.text());
    // A switch over types is linked when it first runs, which takes milliseconds of every start.
    if (value instanceof ParameterValue.Numbers numbers) {
      filters.add(ListFilter.of(parameter, numbers));
    } else if (value instanceof ParameterValue.Names names) {
      filters.add(ListFilter.of(parameter, names));
    } else {
      variables.put(parameter, ParameterEncoding.encode(parameter, value));
    }
  }

  /**
   * The value of that parameter, given or default, in its one written form; empty if it has none.
   */
  String text(String key) {
    return texts.getOrDefault(key, "");
  }

  /**
   * Sizes the maps that a parameter sizes: a variable called {@code MAP_max_entries} belongs to the
   * map {@code MAP}. Before the object is loaded.
   */
  void sizeMaps(BpfObject object) {
    for (Map.Entry<ParamSpec, byte[]> entry : variables.entrySet()) {
      ParamSpec parameter = entry.getKey();
      String variable = parameter.variable();
      if (!variable.endsWith(MAP_SIZE_SUFFIX)) {
        continue;
      }
      BpfMap map =
          object.findMap(variable.substring(0, variable.length() - MAP_SIZE_SUFFIX.length()));
      if (map == null) {
        continue;
      }
      long entries = number(entry.getValue());
      if (entries < 1 || entries > Integer.MAX_VALUE) {
        throw new GadgetException(
            "setting --"
                + parameter.key()
                + " to \""
                + text(parameter.key())
                + "\": map "
                + map.name()
                + " has 1 to "
                + Integer.MAX_VALUE
                + " entries");
      }
      map.setMaxEntries(entries);
    }
  }

  /** The unsigned number in a variable of up to eight bytes. */
  private static long number(byte[] variable) {
    long value = 0;
    for (int i = 0; i < variable.length; i++) {
      boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
      value =
          (value << Byte.SIZE) | Byte.toUnsignedInt(variable[little ? variable.length - 1 - i : i]);
    }
    return value;
  }

  /** Writes the variables; before the object is loaded. */
  void setVariables(BpfObject object) {
    variables.forEach((parameter, value) -> object.setVariable(parameter.variable(), value));
    ListFilter.setSwitches(object, filters);
  }

  /** Fills the filter maps; after the object is loaded and before its programs are attached. */
  void fillFilters(BpfObject object) {
    filters.forEach(filter -> filter.fill(object));
  }
}
