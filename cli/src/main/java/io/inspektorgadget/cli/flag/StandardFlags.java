// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.flag;

import io.inspektorgadget.cli.flag.Flag.Completion;
import io.inspektorgadget.model.run.RunLimits;
import java.util.List;

/** The flags that every program and every gadget has. */
public final class StandardFlags {

  /** Prints the help. */
  public static final Flag HELP =
      Flag.ofSwitch(FlagGroup.GENERAL, "--help", "print this help").withLetter("-h");

  /** Says more on standard error. */
  public static final Flag VERBOSE =
      Flag.ofSwitch(
              FlagGroup.GENERAL,
              "--verbose",
              "say on standard error what is done; with an error, its whole story")
          .withLetter("-v");

  /** Form of the output. */
  public static final Flag OUTPUT =
      Flag.ofValue(
              FlagGroup.OUTPUT, "--output", "MODE", "columns, columns=a,b, json, jsonpretty, yaml")
          .withLetter("-o")
          .completedBy(Completion.OUTPUT);

  /** Which fields are put out. */
  public static final Flag FIELDS =
      Flag.ofValue(
              FlagGroup.OUTPUT,
              "--fields",
              "LIST",
              "only these fields (a,b), or more and fewer than usual (+a,-b); in JSON too")
          .completedBy(Completion.FIELDS);

  /** Which events are put out. */
  public static final Flag FILTER =
      Flag.ofValue(
              FlagGroup.OUTPUT,
              "--filter",
              "FILTER",
              "only events with FIELD==VALUE, !=, >=, >, <=, <, ~REGEX or !~REGEX; a comma is \"and\"")
          .withLetter("-F")
          .repeatable()
          .completedBy(Completion.FILTER);

  /** Order of the rows of a table. */
  public static final Flag SORT =
      Flag.ofValue(
              FlagGroup.OUTPUT, "--sort", "LIST", "order of the rows by fields; -FIELD: descending")
          .completedBy(Completion.FIELDS);

  /** Length of a table. */
  public static final Flag MAX_ENTRIES =
      Flag.ofValue(FlagGroup.OUTPUT, "--max-entries", "N", "at most so many rows an interval")
          .withLetter("-m")
          .withOtherNames("--max-rows");

  /** Length of the run. */
  public static final Flag TIMEOUT =
      Flag.ofValue(
              FlagGroup.RUN, "--timeout", "SECONDS", "end after so long (30, 500ms, 2m); 0: never")
          .withLetter("-t");

  /** Time between two readings. */
  public static final Flag INTERVAL =
      Flag.ofValue(FlagGroup.RUN, "--interval", "SECONDS", "time between two tables (1, 500ms, 2m)")
          .withOtherNames("--map-fetch-interval");

  /** Size of the ring buffer. */
  public static final Flag RING_SIZE =
      Flag.ofValue(
          FlagGroup.RUN, "--ring-size", "SIZE", "size of the ring buffer, a power of two (8MiB)");

  private StandardFlags() {}

  /** The flags of whatever prints events. */
  public static List<Flag> output() {
    return List.of(OUTPUT, FIELDS, FILTER, SORT, MAX_ENTRIES);
  }

  /** The flags of a run. */
  public static List<Flag> run() {
    return List.of(TIMEOUT, INTERVAL, RING_SIZE);
  }

  /** The flags of every command. */
  public static List<Flag> general() {
    return List.of(VERBOSE, HELP);
  }

  /**
   * The limits that were given.
   *
   * @throws UsageException if a duration or size is none
   */
  public static RunLimits limits(ParsedFlags flags) {
    return new RunLimits(
        Quantity.durationMs(TIMEOUT, flags.text(TIMEOUT)),
        Quantity.durationMs(INTERVAL, flags.text(INTERVAL)),
        Quantity.ringSizeBytes(RING_SIZE, flags.text(RING_SIZE)));
  }
}
