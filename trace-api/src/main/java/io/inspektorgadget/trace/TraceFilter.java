// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.ValueList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The containers that a Trace is about. What is empty matches all; what is given must all match.
 *
 * @param namespace namespaces of pods: {@code a,b} is any of them, {@code !a} all others
 * @param podname names of pods, written likewise
 * @param labels labels that a pod must have with these values; unmodifiable
 * @param containerName names of containers, written likewise
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record TraceFilter(
    @JsonPropertyDescription("Namespaces of the pods, separated by commas.") String namespace,
    @JsonPropertyDescription("Names of the pods, separated by commas.") String podname,
    @JsonPropertyDescription("Labels that the pods have.") Map<String, String> labels,
    @JsonPropertyDescription("Names of the containers, separated by commas.")
        String containerName) {

  /** Matches everything. */
  public static final TraceFilter ALL = new TraceFilter("", "", Map.of(), "");

  public TraceFilter(
      @Nullable String namespace,
      @Nullable String podname,
      @Nullable Map<String, String> labels,
      @Nullable String containerName) {
    this.namespace = TraceText.orEmpty(namespace);
    this.podname = TraceText.orEmpty(podname);
    this.labels = TraceText.orEmpty(labels);
    this.containerName = TraceText.orEmpty(containerName);
  }

  /**
   * The same wish as a run understands it.
   *
   * @throws TraceException if a list has an empty element
   */
  public ContainerSelector selector() {
    Map<String, ValueList> wanted = HashMap.newHashMap(labels.size());
    // A label is compared as it is: its value is no list.
    labels.forEach((key, value) -> wanted.put(key, new ValueList(List.of(value), List.of())));
    return new ContainerSelector(
        false,
        list(containerName),
        ValueList.ANY,
        ValueList.ANY,
        list(podname),
        list(namespace),
        wanted);
  }

  private static ValueList list(String text) {
    if (text.isEmpty()) {
      return ValueList.ANY;
    }
    try {
      return ValueList.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TraceException("Invalid filter: " + e.getMessage(), e);
    }
  }
}
