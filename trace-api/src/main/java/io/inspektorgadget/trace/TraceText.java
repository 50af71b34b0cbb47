// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is absent in a resource is empty here. */
final class TraceText {
  private TraceText() {}

  static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** Unmodifiable and in the order of the resource; a key without a value has an empty one. */
  static Map<String, String> orEmpty(@Nullable Map<String, String> texts) {
    if (texts == null) {
      return Map.of();
    }
    Map<String, String> copy = new LinkedHashMap<>(texts);
    copy.replaceAll((key, value) -> orEmpty((@Nullable String) value));
    return Collections.unmodifiableMap(copy);
  }
}
