// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a Trace wishes. Every member may be absent; texts and maps are then empty.
 *
 * @param node the node that has to perform it; nobody performs one without
 * @param gadget a gadget of the catalog, by its name or a further name such as {@code execsnoop}
 * @param runMode who starts it; null if absent
 * @param filter the containers to trace; null: all of the node
 * @param outputMode how the result is delivered; null if absent
 * @param output where to, for output modes that need a place
 * @param parameters the gadget's parameters by name; unmodifiable
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record TraceSpec(
    @JsonPropertyDescription("The node that performs this Trace.") String node,
    @JsonPropertyDescription("The gadget: its name in the catalog, or a further name of it.")
        String gadget,
    @JsonPropertyDescription(
            "Who starts it: Manual waits for the annotation gadget.kinvolk.io/operation, Auto"
                + " starts at once and goes on until it is deleted.")
        @Nullable RunMode runMode,
    @JsonPropertyDescription("The containers to trace; without it all of the node.")
        @Nullable TraceFilter filter,
    @JsonPropertyDescription(
            "How the result is delivered: Status puts it into this resource, Stream lets it be"
                + " read in the gadget pod of the node.")
        @Nullable TraceOutputMode outputMode,
    @JsonPropertyDescription("The place of the result, for output modes that need one.")
        String output,
    @JsonPropertyDescription("Parameters of the gadget by name.") Map<String, String> parameters) {

  /** Wishes nothing. */
  public static final TraceSpec EMPTY = new TraceSpec("", "", null, null, null, "", Map.of());

  public TraceSpec(
      @Nullable String node,
      @Nullable String gadget,
      @Nullable RunMode runMode,
      @Nullable TraceFilter filter,
      @Nullable TraceOutputMode outputMode,
      @Nullable String output,
      @Nullable Map<String, String> parameters) {
    this.node = TraceText.orEmpty(node);
    this.gadget = TraceText.orEmpty(gadget);
    this.runMode = runMode;
    this.filter = filter;
    this.outputMode = outputMode;
    this.output = TraceText.orEmpty(output);
    this.parameters = TraceText.orEmpty(parameters);
  }
}
