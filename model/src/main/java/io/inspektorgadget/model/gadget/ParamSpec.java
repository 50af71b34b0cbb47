// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.gadget;

import java.util.List;

/**
 * A knob of a gadget that is set before its programs are loaded.
 *
 * @param key the flag's name, without dashes
 * @param variable the {@code const volatile} variable that takes the value; empty for a list filter
 * @param kind what values are allowed, and how they reach the kernel
 * @param sizeBytes size of the variable, in bytes; 0 for a list filter
 * @param defaultValue the value if none is given; empty means the variable is left as it was
 *     compiled
 * @param description one sentence
 * @param alias one-letter flag; empty if it has none
 * @param mandatory true if a run without it is refused
 * @param possibleValues the only allowed values; empty if free; unmodifiable
 */
public record ParamSpec(
    String key,
    String variable,
    Kind kind,
    int sizeBytes,
    String defaultValue,
    String description,
    String alias,
    boolean mandatory,
    List<String> possibleValues) {

  public ParamSpec {
    possibleValues = List.copyOf(possibleValues);
  }

  /** What values a parameter takes. */
  public enum Kind {
    /** {@code true} or {@code false}. */
    BOOL,
    /** A signed integer of the variable's size. */
    INT,
    /** An unsigned integer of the variable's size. */
    UINT,
    /** A signal, by its number or its name such as {@code SIGTERM}; 0 is none. */
    SIGNAL,
    /** A float or double. */
    FLOAT,
    /** Bytes of a {@code char[]}, at most its size less one. */
    STRING,
    /** An IPv4 or IPv6 address of a {@code gadget_l3endpoint_t}. */
    IP_ADDRESS,
    /** A list of unsigned integers, {@code !} excludes: the map {@code gadget_filter_<key>}. */
    UINT_LIST,
    /**
     * A list of names of at most 15 bytes, {@code !} excludes: the map {@code gadget_filter_<key>}.
     */
    NAME_LIST
  }
}
