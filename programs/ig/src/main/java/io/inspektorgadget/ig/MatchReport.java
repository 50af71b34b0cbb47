// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.text.NearestName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is said when no container that runs is one of those that the user asked for. */
final class MatchReport {
  private static final String WAYS_ON =
      " (--host traces the whole host, ig list-containers shows what runs)";

  private MatchReport() {}

  /**
   * The line for a gadget, or null if a container matches.
   *
   * @param running all containers that run
   * @param waitsForNewOnes false if the gadget looks only at what is there now
   */
  static @Nullable String ofRun(
      Collection<ContainerInfo> running, ContainerSelector selector, boolean waitsForNewOnes) {
    if (running.stream().anyMatch(selector::matches)) {
      return null;
    }
    String nearest = nearestName(running, selector);
    String comment = problem(selector) + (nearest == null ? "" : "; did you mean " + nearest + "?");
    if (waitsForNewOnes) {
      comment += (nearest == null ? "; new" : " New") + " ones are traced from their start";
    }
    return comment + WAYS_ON;
  }

  /**
   * The line for a list, or null if a container matches.
   *
   * @param running all containers that run
   */
  static @Nullable String ofList(Collection<ContainerInfo> running, ContainerSelector selector) {
    if (running.stream().anyMatch(selector::matches)) {
      return null;
    }
    String nearest = nearestName(running, selector);
    if (nearest != null) {
      return problem(selector) + "; did you mean " + nearest + "?";
    }
    return problem(selector)
        + (running.isEmpty()
            ? " (ig list-containers --watch tells of new ones)"
            : " (ig list-containers without filters shows all)");
  }

  private static String problem(ContainerSelector selector) {
    return selector.equals(ContainerSelector.ALL_CONTAINERS)
        ? "no container runs yet"
        : "no running container matches";
  }

  private static @Nullable String nearestName(
      Collection<ContainerInfo> running, ContainerSelector selector) {
    List<String> names = new ArrayList<>();
    for (ContainerInfo container : running) {
      names.add(container.name());
    }
    for (String wanted : selector.names().included()) {
      String nearest = NearestName.of(wanted, names);
      if (nearest != null && !names.contains(wanted)) {
        return nearest;
      }
    }
    return null;
  }
}
