// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.container;

import java.util.Map;

/**
 * Which containers somebody means. Immutable.
 *
 * @param host true: everything on the host, container or not; the other parts are then ignored
 * @param names container names; an id or the beginning of one (12 characters or more) counts as a
 *     name
 * @param images image names
 * @param runtimes runtime names
 * @param podNames pod names
 * @param namespaces Kubernetes namespaces
 * @param labels pod labels that must have one of the values; unmodifiable
 */
public record ContainerSelector(
    boolean host,
    ValueList names,
    ValueList images,
    ValueList runtimes,
    ValueList podNames,
    ValueList namespaces,
    Map<String, ValueList> labels) {

  /** All containers, but not the host. */
  public static final ContainerSelector ALL_CONTAINERS =
      new ContainerSelector(
          false,
          ValueList.ANY,
          ValueList.ANY,
          ValueList.ANY,
          ValueList.ANY,
          ValueList.ANY,
          Map.of());

  /** Everything on the host. */
  public static final ContainerSelector HOST =
      new ContainerSelector(
          true,
          ValueList.ANY,
          ValueList.ANY,
          ValueList.ANY,
          ValueList.ANY,
          ValueList.ANY,
          Map.of());

  private static final int ID_PREFIX_LENGTH_MIN = 12;

  public ContainerSelector {
    labels = Map.copyOf(labels);
  }

  /** The containers of these names. */
  public static ContainerSelector ofNames(ValueList names) {
    return new ContainerSelector(
        false, names, ValueList.ANY, ValueList.ANY, ValueList.ANY, ValueList.ANY, Map.of());
  }

  /** True if the container is meant. */
  public boolean matches(ContainerInfo container) {
    if (host) {
      return true;
    }
    PodInfo pod = container.pod();
    return matchesName(container)
        && images.matches(container.runtime().imageName())
        && runtimes.matches(container.runtime().runtimeName())
        && podNames.matches(pod.podName())
        && namespaces.matches(pod.namespace())
        && labels.entrySet().stream()
            .allMatch(e -> e.getValue().matches(pod.labels().getOrDefault(e.getKey(), "")));
  }

  private boolean matchesName(ContainerInfo container) {
    if (names.isAny()) {
      return true;
    }
    for (String excluded : names.excluded()) {
      if (named(container, excluded)) {
        return false;
      }
    }
    return names.included().isEmpty()
        || names.included().stream().anyMatch(wanted -> named(container, wanted));
  }

  /**
   * True for what may be the beginning of a long id; a name that only begins like another is its
   * own.
   */
  private static boolean isIdPrefix(String wanted) {
    return wanted.length() >= ID_PREFIX_LENGTH_MIN
        && wanted.chars().allMatch(c -> Character.digit(c, 16) >= 0);
  }

  private static boolean named(ContainerInfo container, String wanted) {
    ValueList one = new ValueList(java.util.List.of(wanted), java.util.List.of());
    String podName = container.pod().containerName();
    return one.matches(container.name())
        || (!podName.isEmpty() && one.matches(podName))
        || one.matches(container.id())
        || (isIdPrefix(wanted) && container.id().startsWith(wanted));
  }
}
