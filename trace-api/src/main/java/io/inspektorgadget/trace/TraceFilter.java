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
 * @param labels what labels of the pods must be, by key, written likewise; {@code *} is any value,
 *     {@code !*} none; an empty text is an empty value. Unmodifiable
 * @param containerName names of containers, written likewise
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record TraceFilter(
    @JsonPropertyDescription("Namespaces of the pods, separated by commas.") String namespace,
    @JsonPropertyDescription("Names of the pods, separated by commas.") String podname,
    @JsonPropertyDescription(
            "Labels that the pods have, by key: a value, or values separated by commas; !value for"
                + " all but that one, * for any, !* for pods without the label.")
        Map<String, String> labels,
    @JsonPropertyDescription("Names of the containers, separated by commas.")
        String containerName) {

  /** Matches everything. */
  public static final TraceFilter ALL = new TraceFilter("", "", Map.of(), "");

  /** Labels may be empty, and then it is that what a filter asks for. */
  private static final ValueList EMPTY_VALUE = new ValueList(List.of(""), List.of());

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
    labels.forEach((key, value) -> wanted.put(key, value.isEmpty() ? EMPTY_VALUE : list(value)));
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
