// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace;

import io.inspektorgadget.model.run.RunRequest;
import java.util.List;

/**
 * The run that a Trace wishes.
 *
 * @param request what is to be run
 * @param sort order of the rows of a table, such as {@code -io,comm}; empty: the gadget's own
 * @param rowsMax rows of a table at most; negative: all
 * @param warnings what was not understood and is left out; unmodifiable
 */
public record TraceRun(RunRequest request, String sort, int rowsMax, List<String> warnings) {
  public TraceRun {
    warnings = List.copyOf(warnings);
  }
}
