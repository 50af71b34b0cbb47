// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.kernel.bpf.BpfMap;
import io.inspektorgadget.kernel.bpf.BpfObject;
import io.inspektorgadget.model.gadget.GadgetException;
import io.inspektorgadget.model.gadget.ParamSpec;
import io.inspektorgadget.model.gadget.ParameterValue;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * A filter that takes a list and works in the kernel: the map {@code gadget_filter_<key>} holds the
 * values, two bits of {@code gadget_filter_flags} say whether any is wanted or unwanted. Mirrors
 * gadgets/include/gadget/filter.h.
 */
final class ListFilter {
  private static final String MAP_PREFIX = "gadget_filter_";
  private static final String SWITCHES = "gadget_filter_flags";
  private static final byte INCLUDE = 1;
  private static final byte EXCLUDE = 2;
  private static final int COMM_SIZE_BYTES = 16;

  /** Position in the list is the number of the filter in the switches. */
  private static final List<String> ORDER = List.of("pid", "tid", "uid", "gid", "comm");

  private final ParamSpec parameter;
  private final List<byte[]> included;
  private final List<byte[]> excluded;

  private ListFilter(ParamSpec parameter, List<byte[]> included, List<byte[]> excluded) {
    this.parameter = parameter;
    this.included = included;
    this.excluded = excluded;
  }

  static ListFilter of(ParamSpec parameter, ParameterValue.Numbers numbers) {
    return new ListFilter(
        parameter,
        keys(numbers.included(), ListFilter::key),
        keys(numbers.excluded(), ListFilter::key));
  }

  static ListFilter of(ParamSpec parameter, ParameterValue.Names names) {
    return new ListFilter(
        parameter,
        keys(names.included(), ListFilter::key),
        keys(names.excluded(), ListFilter::key));
  }

  private static <T> List<byte[]> keys(List<T> values, Function<T, byte[]> key) {
    List<byte[]> keys = new ArrayList<>();
    for (T value : values) {
      keys.add(key.apply(value));
    }
    return keys;
  }

  private static byte[] key(Long number) {
    return ByteBuffer.allocate(Integer.BYTES)
        .order(ByteOrder.nativeOrder())
        .putInt(number.intValue())
        .array();
  }

  private static byte[] key(String name) {
    return Arrays.copyOf(name.getBytes(StandardCharsets.UTF_8), COMM_SIZE_BYTES);
  }

  /** Tells the programs which filters are in use; before the object is loaded. */
  static void setSwitches(BpfObject object, List<ListFilter> filters) {
    int switches = 0;
    for (ListFilter filter : filters) {
      int number = ORDER.indexOf(filter.parameter.key());
      if (!filter.included.isEmpty()) {
        switches |= 1 << (2 * number);
      }
      if (!filter.excluded.isEmpty()) {
        switches |= 1 << (2 * number + 1);
      }
    }
    if (switches != 0) {
      object.setVariable(
          SWITCHES,
          ByteBuffer.allocate(Integer.BYTES)
              .order(ByteOrder.nativeOrder())
              .putInt(switches)
              .array());
    }
  }

  /** Writes the values into the map; after the object is loaded. */
  void fill(BpfObject object) {
    BpfMap map = object.map(MAP_PREFIX + parameter.key());
    int count = included.size() + excluded.size();
    if (count > map.maxEntries()) {
      throw new GadgetException(
          "setting --"
              + parameter.key()
              + ": "
              + count
              + " values, the filter holds "
              + map.maxEntries());
    }
    try (Arena arena = Arena.ofConfined()) {
      for (byte[] key : included) {
        put(map, arena, key, INCLUDE);
      }
      for (byte[] key : excluded) {
        put(map, arena, key, EXCLUDE);
      }
    }
  }

  private static void put(BpfMap map, Arena arena, byte[] key, byte verdict) {
    MemorySegment keySegment = arena.allocateFrom(ValueLayout.JAVA_BYTE, key);
    MemorySegment value = arena.allocate(map.valueSizeBytes());
    value.set(ValueLayout.JAVA_BYTE, 0, verdict);
    map.update(keySegment, value);
  }
}
