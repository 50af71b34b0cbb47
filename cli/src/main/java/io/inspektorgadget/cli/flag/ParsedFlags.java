// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.flag;

import java.util.List;
import java.util.Map;

/**
 * The flags and words of a command line, understood. Flags are asked for by their long name.
 *
 * @param values the texts given to each flag; switches that are on have {@code true}; unmodifiable
 * @param words what is no flag and belongs to none, in order; unmodifiable
 */
public record ParsedFlags(Map<String, List<String>> values, List<String> words) {

  public ParsedFlags {
    values = Map.copyOf(values);
    words = List.copyOf(words);
  }

  /** True if the flag was given. */
  public boolean has(Flag flag) {
    return values.containsKey(flag.name());
  }

  /** True if the switch is on. */
  public boolean isOn(Flag flag) {
    return text(flag).equals("true");
  }

  /** The flag's text, the repeated ones joined by commas; empty if it was not given. */
  public String text(Flag flag) {
    return String.join(",", texts(flag));
  }

  /** The flag's texts, one for each time it was given; unmodifiable. */
  public List<String> texts(Flag flag) {
    return values.getOrDefault(flag.name(), List.of());
  }
}
