// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.container;

import java.util.List;
import java.util.Map;

/**
 * Which containers somebody means. Immutable.
 *
 * @param host true: everything on the host, container or not; the other parts are then ignored
 * @param names container names; an id or the beginning of one (12 characters or more) counts as a
 *     name
 * @param images image names, with or without registry and tag; or digests
 * @param runtimes runtime names
 * @param podNames pod names
 * @param namespaces Kubernetes namespaces
 * @param labels what the labels must be, by key: those of the pod, else those that the engine knows
 *     the container by; unmodifiable
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

  /** The same, with these demands on labels. */
  public ContainerSelector withLabels(Map<String, ValueList> newLabels) {
    return new ContainerSelector(host, names, images, runtimes, podNames, namespaces, newLabels);
  }

  /** True if the container is meant. */
  public boolean matches(ContainerInfo container) {
    if (host) {
      return true;
    }
    PodInfo pod = container.pod();
    return matchesName(container)
        && (images.isAny() || images.matchesOneOf(imageNames(container.runtime())))
        && runtimes.matches(container.runtime().runtimeName())
        && podNames.matches(pod.podName())
        && namespaces.matches(pod.namespace())
        && matchesLabels(container);
  }

  private boolean matchesLabels(ContainerInfo container) {
    for (Map.Entry<String, ValueList> wanted : labels.entrySet()) {
      String key = wanted.getKey();
      Map<String, String> ofPod = container.pod().labels();
      String value =
          ofPod.containsKey(key) ? ofPod.get(key) : container.runtime().labels().get(key);
      ValueList values = wanted.getValue();
      if (value == null ? !values.matchesAbsence() : !values.matches(value)) {
        return false;
      }
    }
    return true;
  }

  /** {@code docker.io/library/nginx:1} is called {@code nginx} too. */
  private static List<String> imageNames(ContainerInfo.RuntimeInfo runtime) {
    String whole = runtime.imageName();
    int digest = whole.indexOf('@');
    String tagged = digest < 0 ? whole : whole.substring(0, digest);
    int slash = tagged.lastIndexOf('/');
    int colon = tagged.indexOf(':', slash + 1);
    String untagged = colon < 0 ? tagged : tagged.substring(0, colon);
    return List.of(
        whole,
        tagged,
        untagged,
        tagged.substring(slash + 1),
        untagged.substring(slash + 1),
        runtime.imageDigest());
  }

  private boolean matchesName(ContainerInfo container) {
    if (names.isAny()) {
      return true;
    }
    String podName = container.pod().containerName();
    List<String> called =
        podName.isEmpty()
            ? List.of(container.name(), container.id())
            : List.of(container.name(), container.id(), podName);
    if (names.excluded().stream().anyMatch(one -> isIdPrefix(one, container.id()))) {
      return false;
    }
    return names.matchesOneOf(called)
        || (names.included().stream().anyMatch(one -> isIdPrefix(one, container.id()))
            && new ValueList(List.of(), names.excluded()).matchesOneOf(called));
  }

  /** True for the beginning of a long id; a name that only begins like another is its own. */
  private static boolean isIdPrefix(String wanted, String id) {
    return wanted.length() >= ID_PREFIX_LENGTH_MIN
        && wanted.chars().allMatch(c -> Character.digit(c, 16) >= 0)
        && id.startsWith(wanted);
  }
}
