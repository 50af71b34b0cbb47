// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.run;

import io.inspektorgadget.cli.flag.ParsedFlags;
import io.inspektorgadget.cli.flag.StandardFlags;
import io.inspektorgadget.cli.flag.UsageException;
import java.util.List;

/**
 * How events are to be printed, as the user wrote it.
 *
 * @param mode {@code columns}, {@code json} …; empty: what the gadget says
 * @param fields which fields, {@code a,b} or {@code +a,-b}; empty: the usual ones
 * @param filters all must hold; unmodifiable
 * @param sort fields in order of importance, {@code -} for descending; empty: as the gadget says
 * @param maxEntries rows of a table at most; negative: all
 */
public record OutputOptions(
    String mode, String fields, List<String> filters, String sort, int maxEntries) {
  private static final String COLUMNS_PREFIX = "columns=";

  public OutputOptions {
    filters = List.copyOf(filters);
  }

  /**
   * Reads the output flags.
   *
   * @throws UsageException if a number is none, or the columns are given in two ways
   */
  public static OutputOptions of(ParsedFlags flags) {
    String mode = flags.text(StandardFlags.OUTPUT);
    String fields = flags.text(StandardFlags.FIELDS);
    if (flags.has(StandardFlags.OUTPUT) && mode.isEmpty()) {
      throw new UsageException("reading --output: its value is empty; write columns or json");
    }
    if (mode.startsWith(COLUMNS_PREFIX)) {
      if (!fields.isEmpty()) {
        throw new UsageException(
            "reading --output: " + mode + " and --fields both choose columns; give one of them");
      }
      fields = mode.substring(COLUMNS_PREFIX.length());
      mode = "columns";
      if (fields.isEmpty()) {
        throw new UsageException("reading --output: no column behind columns=; write columns=a,b");
      }
    }
    return new OutputOptions(
        mode,
        fields,
        flags.texts(StandardFlags.FILTER),
        flags.text(StandardFlags.SORT),
        maxEntries(flags.text(StandardFlags.MAX_ENTRIES)));
  }

  private static int maxEntries(String text) {
    if (text.isEmpty() || text.equals("-1")) {
      return -1;
    }
    try {
      int value = Integer.parseInt(text);
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw wrongMaxEntries(text);
    }
    throw wrongMaxEntries(text);
  }

  private static UsageException wrongMaxEntries(String text) {
    return new UsageException(
        "reading --max-entries: \"" + text + "\" is no number of rows; write 20, or -1 for all");
  }
}
