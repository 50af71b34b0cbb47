// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.flag;

import java.util.List;

/**
 * The flags of programs that look for containers themselves: how they are noticed, and who is asked
 * about them. None of them selects containers.
 */
public final class DiscoveryFlags {

  /** Where containerd is asked. */
  public static final Flag CONTAINERD_SOCKET =
      socket("containerd", "containerd").withOtherNames("--containerd-socketpath");

  /** Where CRI-O, or containerd about pods, is asked. */
  public static final Flag CRI_SOCKET =
      socket("cri", "the CRI (CRI-O, or containerd for pods)").withOtherNames("--crio-socketpath");

  /** Where Docker is asked. */
  public static final Flag DOCKER_SOCKET =
      socket("docker", "Docker").withOtherNames("--docker-socketpath");

  /** Where podman is asked. */
  public static final Flag PODMAN_SOCKET =
      socket("podman", "podman's service").withOtherNames("--podman-socketpath");

  private DiscoveryFlags() {}

  private static Flag socket(String engine, String who) {
    return Flag.ofValue(
        FlagGroup.CONTAINERS,
        "--" + engine + "-socket",
        "PATH",
        "socket at which " + who + " is asked for names, images and labels");
  }

  /** All of them. */
  public static List<Flag> all() {
    return List.of(
        ContainerFlags.RUNTIME_PATHS, CONTAINERD_SOCKET, CRI_SOCKET, DOCKER_SOCKET, PODMAN_SOCKET);
  }
}
