// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What several nodes say, each message once. Immutable.
 *
 * @param nodesByMessage who says it; in the order of the nodes
 * @param nodeCount how many nodes there are
 */
record NodeMessages(Map<String, List<String>> nodesByMessage, int nodeCount) {
  /** True of most nodes whenever somebody looks for one pod. */
  private static final String NO_MATCH = "No container matches the requested filter";

  /** The messages of nodes; those that say nothing have an empty one. */
  static NodeMessages of(List<NodeState> states, Function<NodeState, String> message) {
    Map<String, List<String>> nodes = new LinkedHashMap<>();
    for (NodeState state : states) {
      String text = message.apply(state);
      if (!text.isEmpty()) {
        nodes.computeIfAbsent(text, key -> new ArrayList<>()).add(state.node());
      }
    }
    return new NodeMessages(nodes, states.size());
  }

  /** True if nobody says anything. */
  boolean isEmpty() {
    return nodesByMessage.isEmpty();
  }

  /** True if every node says something. */
  boolean isOfAll() {
    return nodesByMessage.values().stream().mapToInt(List::size).sum() == nodeCount;
  }

  /** A line for each that matters; the nodes are named unless it is all of them. */
  List<String> warnings() {
    List<String> lines = new ArrayList<>();
    nodesByMessage.forEach((message, nodes) -> {
      boolean isOfAllNodes = nodes.size() == nodeCount;
      if (isOfAllNodes || !message.equals(NO_MATCH)) {
        lines.add(isOfAllNodes ? message : String.join(", ", nodes) + ": " + message);
      }
    });
    return lines;
  }

  /** All of them as one error of a command. */
  String error(String command) {
    List<String> parts = new ArrayList<>();
    nodesByMessage.forEach((message, nodes) ->
        parts.add(
            "on "
                + (nodes.size() < nodeCount || nodeCount == 1
                    ? String.join(", ", nodes)
                    : "all nodes")
                + ": "
                + message));
    return "running " + command + " " + String.join("; ", parts);
  }
}
