// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.trace;

import io.inspektorgadget.columns.field.FieldNames;
import io.inspektorgadget.columns.sort.EventOrder;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.trace.TraceRun;
import java.util.ArrayList;
import java.util.List;

/** The order of rows that a Trace asks for, as far as the gadget has such columns. */
final class RowOrder {
  private RowOrder() {}

  /**
   * The columns that every data source can be sorted by, in their order; for others a warning is
   * added, because manifests name some that never had an effect.
   */
  static String of(TraceRun run, List<String> warnings) {
    List<String> order = new ArrayList<>();
    for (String entry : run.sort().split(",", -1)) {
      if (entry.isEmpty()) {
        continue;
      }
      if (sorts(run.request().gadget(), entry)) {
        order.add(entry);
      } else {
        warnings.add("sorting by \"" + entry + "\" has no effect: there is no such column");
      }
    }
    return String.join(",", order);
  }

  private static boolean sorts(GadgetSpec gadget, String entry) {
    String name = entry.startsWith("-") ? entry.substring(1) : entry;
    for (GadgetSpec.SourceSpec source : gadget.sources()) {
      if (FieldNames.find(source.source().schema(), name) == null) {
        return false;
      }
      try {
        EventOrder.parse(entry, source.source());
      } catch (IllegalArgumentException e) {
        // A list of values has no order.
        return false;
      }
    }
    return true;
  }
}
