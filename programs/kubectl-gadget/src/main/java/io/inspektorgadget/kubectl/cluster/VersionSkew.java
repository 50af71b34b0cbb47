// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.cluster;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Gadget pods of another version than this program's, or of several. */
public final class VersionSkew {
  private VersionSkew() {}

  /**
   * What to tell the user.
   *
   * @param pods the gadget pods; those that do not say their version do not count
   * @param version of this program
   * @return null if there is nothing to tell
   */
  public static @Nullable String warning(Collection<GadgetPod> pods, String version) {
    Set<String> versions = new TreeSet<>();
    for (GadgetPod pod : pods) {
      if (!pod.version().isEmpty()) {
        versions.add(pod.version());
      }
    }
    if (versions.isEmpty() || versions.equals(Set.of(version))) {
      return null;
    }
    return (versions.size() == 1
            ? "the gadget pods are of version "
            : "the gadget pods are of the versions ")
        + String.join(", ", versions)
        + " and this program is of version "
        + version
        + "; kubectl gadget deploy makes them the same";
  }
}
