// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns;

import io.inspektorgadget.columns.text.SafeText;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.text.NearestName;
import java.util.ArrayList;
import java.util.List;

/** How events are shown. */
public enum OutputMode {
  /** What suits the data source: its own default, a histogram if it has one, else columns. */
  USUAL(""),
  COLUMNS("columns"),
  JSON("json"),
  JSON_PRETTY("jsonpretty"),
  YAML("yaml"),
  HISTOGRAM("histogram"),
  TREE("tree"),
  NONE("none");

  /** The names of all modes, in the order in which help shows them. */
  public static final List<String> NAMES =
      List.of("columns", "json", "jsonpretty", "yaml", "histogram", "tree", "none");

  private static final String SUPPORTED = "cli.supported-output-modes";
  private static final String COLUMNS_PREFIX = "columns=";

  private final String word;

  OutputMode(String word) {
    this.word = word;
  }

  /** Its name on the command line; empty for {@link #USUAL}. */
  public String word() {
    return word;
  }

  /** True for the modes that programs read. */
  public boolean isJson() {
    return this == JSON || this == JSON_PRETTY;
  }

  /**
   * The mode that a user asks for. {@code columns=a,b} is {@link #COLUMNS}; {@link #columnsOf} has
   * the rest of it. The empty text is {@link #USUAL}.
   *
   * @throws IllegalArgumentException if there is no such mode; names the nearest
   */
  public static OutputMode parse(String text) {
    if (text.startsWith(COLUMNS_PREFIX)) {
      return COLUMNS;
    }
    for (OutputMode mode : values()) {
      if (mode.word.equals(text)) {
        return mode;
      }
    }
    throw new IllegalArgumentException(
        "choosing the output mode: there is no mode \""
            + SafeText.of(text)
            + "\", only "
            + String.join(", ", NAMES)
            + NearestName.suggestion(text, NAMES));
  }

  /**
   * The names of the modes in which a data source may be shown: what its annotation {@code
   * cli.supported-output-modes} names, else all. Names that are no modes of ours belong to parts of
   * gadgets that do not run here; where it has no others, it says nothing. {@link #NONE} shows
   * nothing and suits everything.
   */
  public static List<String> namesFor(DataSource source) {
    List<String> names = new ArrayList<>();
    for (String name : source.annotation(SUPPORTED).split(",", -1)) {
      if (NAMES.contains(name.strip())) {
        names.add(name.strip());
      }
    }
    return names.isEmpty() ? NAMES : List.copyOf(names);
  }

  /** True if a data source says in which modes it may be shown. */
  public static boolean areSaidBy(DataSource source) {
    return !source.annotation(SUPPORTED).isEmpty();
  }

  /** True if a data source may be shown so. */
  public boolean suits(DataSource source) {
    return this == USUAL || this == NONE || namesFor(source).contains(word);
  }

  /** The fields named in {@code columns=a,b}; empty if there are none. */
  public static String columnsOf(String text) {
    return text.startsWith(COLUMNS_PREFIX) ? text.substring(COLUMNS_PREFIX.length()) : "";
  }
}
