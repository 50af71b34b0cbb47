// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.engine;

/** Ids of containers, which are made by others, in what we write. */
final class EngineIds {
  private EngineIds() {}

  /** True if an id can stand in a path or a header as it is. */
  static boolean isPlain(String id) {
    return !id.isEmpty()
        && !id.startsWith(".")
        && id.chars()
            .allMatch(c ->
                (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "-_.:".indexOf(c) >= 0);
  }
}
