// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.container;

import java.util.ArrayList;
import java.util.List;

/**
 * A list of wanted and unwanted texts, as a user writes it: {@code a,b} (one of these), {@code
 * !a,!b} (none of these), {@code a*} (globs with {@code *} and {@code ?}).
 *
 * @param included one of these must match, unless the list is empty; unmodifiable
 * @param excluded none of these may match; unmodifiable
 */
public record ValueList(List<String> included, List<String> excluded) {

  /** Matches everything. */
  public static final ValueList ANY = new ValueList(List.of(), List.of());

  public ValueList {
    included = List.copyOf(included);
    excluded = List.copyOf(excluded);
  }

  /**
   * Reads a list.
   *
   * @throws IllegalArgumentException if an element is empty
   */
  public static ValueList parse(String text) {
    List<String> included = new ArrayList<>();
    List<String> excluded = new ArrayList<>();
    for (String element : text.split(",", -1)) {
      String value = element.strip();
      boolean negated = value.startsWith("!");
      String name = negated ? value.substring(1) : value;
      if (name.isEmpty()) {
        throw new IllegalArgumentException(
            "reading the list \"" + text + "\": an element is empty; write a,b or !a");
      }
      (negated ? excluded : included).add(name);
    }
    return new ValueList(included, excluded);
  }

  /** The list as {@link #parse} reads it; empty if it asks for nothing. */
  public String text() {
    List<String> elements = new ArrayList<>(included);
    excluded.forEach(element -> elements.add("!" + element));
    return String.join(",", elements);
  }

  /** True if the list asks for nothing. */
  public boolean isAny() {
    return included.isEmpty() && excluded.isEmpty();
  }

  /** True if the value is wanted. */
  public boolean matches(String value) {
    return matchesOneOf(List.of(value));
  }

  /** The same for something that has several names: none may be unwanted, one must be wanted. */
  public boolean matchesOneOf(List<String> values) {
    return !hasOneOf(excluded, values) && (included.isEmpty() || hasOneOf(included, values));
  }

  /** True if something that has no such value is wanted: nothing is asked for but what is not. */
  public boolean matchesAbsence() {
    return included.isEmpty();
  }

  private static boolean hasOneOf(List<String> patterns, List<String> values) {
    for (String pattern : patterns) {
      for (String value : values) {
        if (glob(pattern, value)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean glob(String pattern, String value) {
    int p = 0;
    int v = 0;
    int star = -1;
    int resume = 0;
    while (v < value.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = v;
      } else if (p < pattern.length()
          && (pattern.charAt(p) == '?' || pattern.charAt(p) == value.charAt(v))) {
        p++;
        v++;
      } else if (star >= 0) {
        p = star + 1;
        v = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
