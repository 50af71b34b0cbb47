// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * How many of the process's open files may be those of containers: one that is watched has one for
 * its process and one for its namespace. The rest of the limit is kept, because everything else,
 * such as finding out who the next container is, needs open files too. Used by the roster only.
 */
final class DescriptorBudget {
  private static final int KEPT_MAX = 256;
  private static final int OF_A_CONTAINER = 2;

  private final LongSupplier limit;
  private final Consumer<String> warnings;
  private boolean isExhausted;

  /**
   * A budget.
   *
   * @param limit how many files this process may have open at the moment
   * @param warnings told when the budget is used up
   */
  DescriptorBudget(LongSupplier limit, Consumer<String> warnings) {
    this.limit = limit;
    this.warnings = warnings;
  }

  /** How many files containers may have open. */
  long most() {
    long files = limit.getAsLong();
    return files - Math.min(files / 2, KEPT_MAX);
  }

  /** True if one more can be watched. */
  boolean hasRoom(long used) {
    return used + OF_A_CONTAINER <= most();
  }

  /**
   * As {@link #hasRoom}, for a container that is to be watched. Says so if it is not: once, and
   * again when there was room for many meanwhile.
   */
  boolean takes(String container, long used) {
    long most = most();
    if (used + OF_A_CONTAINER <= most) {
      isExhausted &= used > most - most / 4;
      return true;
    }
    if (!isExhausted) {
      isExhausted = true;
      warnings.accept(
          "watching container "
              + container
              + ": of the "
              + limit.getAsLong()
              + " files that this process may have open, those of containers are "
              + used
              + " (raise the limit, by ulimit -n or LimitNOFILE=; until then ends of further"
              + " containers are noticed within a second, and their namespaces' numbers may be used"
              + " again)");
    }
    return false;
  }
}
