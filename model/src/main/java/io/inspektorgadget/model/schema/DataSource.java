// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.schema;

import java.util.Map;

/**
 * A named, typed stream of events of a gadget.
 *
 * @param name its name in the gadget, such as {@code open}
 * @param kind how its events leave the kernel
 * @param schema the fields of its events
 * @param annotations what gadget.yaml says of it ({@code cli.clear-screen-before}, {@code sort} …);
 *     unmodifiable
 */
public record DataSource(
    String name, Kind kind, EventSchema schema, Map<String, String> annotations) {

  public DataSource {
    annotations = Map.copyOf(annotations);
  }

  /** The annotation's value, or the empty string. */
  public String annotation(String key) {
    return annotations.getOrDefault(key, "");
  }

  /** How events leave the kernel, and so how they are grouped. */
  public enum Kind {
    /** One by one, from a ring buffer, as they happen. */
    STREAM,
    /** All at once, from an iterator; one batch is one snapshot. */
    SNAPSHOT,
    /**
     * A map that is read, and emptied, at each interval or at the end; one batch is one interval.
     */
    INTERVAL
  }

  /**
   * True if the events between two ends of a batch belong together: printed as one table or one
   * JSON array.
   */
  public boolean isArray() {
    return kind != Kind.STREAM;
  }
}
