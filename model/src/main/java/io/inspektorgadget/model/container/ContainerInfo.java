// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.model.container;

import java.util.Map;

/**
 * Who a container is. Immutable. Texts that nobody knows are empty, numbers 0, so a container that
 * is only half identified is still one.
 *
 * @param runtime who runs it and what it is called there
 * @param pid process id of its first process in the initial PID namespace
 * @param mountNs its mount namespace
 * @param netNsId inode of its network namespace
 * @param cgroup its control group
 * @param bundle directory of its OCI bundle on the host
 * @param pod its pod, {@link PodInfo#NONE} outside Kubernetes
 * @param annotations OCI annotations of its configuration; unmodifiable
 */
public record ContainerInfo(
    RuntimeInfo runtime,
    long pid,
    MountNs mountNs,
    long netNsId,
    Cgroup cgroup,
    String bundle,
    PodInfo pod,
    Map<String, String> annotations) {

  public ContainerInfo {
    annotations = Map.copyOf(annotations);
  }

  /** The same container, its pod known better. */
  public ContainerInfo withPod(PodInfo better) {
    return new ContainerInfo(runtime, pid, mountNs, netNsId, cgroup, bundle, better, annotations);
  }

  /** The same container, looked at through another process and mount namespace. */
  public ContainerInfo seenThrough(long otherPid, MountNs otherMountNs) {
    return new ContainerInfo(
        runtime, otherPid, otherMountNs, netNsId, cgroup, bundle, pod, annotations);
  }

  /** Its id at the runtime. */
  public String id() {
    return runtime.id();
  }

  /** What people call it: its name at the runtime, else its id. */
  public String name() {
    return runtime.name().isEmpty() ? runtime.id() : runtime.name();
  }

  /**
   * The runtime's side of a container.
   *
   * @param runtimeName {@code runc}, {@code containerd}, {@code docker}, {@code podman}, {@code
   *     cri-o} …
   * @param id the container's id
   * @param name its name; empty if the runtime gives it none
   * @param imageName the image it was made from
   * @param imageDigest the image's digest
   * @param startedAtNs when it was started, ns since 1970; 0 if unknown
   * @param labels the labels that its engine knows it by; unmodifiable
   */
  public record RuntimeInfo(
      String runtimeName,
      String id,
      String name,
      String imageName,
      String imageDigest,
      long startedAtNs,
      Map<String, String> labels) {

    public RuntimeInfo {
      labels = Map.copyOf(labels);
    }

    /** One without labels. */
    public RuntimeInfo(
        String runtimeName,
        String id,
        String name,
        String imageName,
        String imageDigest,
        long startedAtNs) {
      this(runtimeName, id, name, imageName, imageDigest, startedAtNs, Map.of());
    }
  }

  /**
   * A mount namespace.
   *
   * @param inode its number in /proc/PID/ns/mnt, which the kernel gives out again at once
   * @param uniqueId an id that is never used again; 0 if the kernel has none
   */
  public record MountNs(long inode, long uniqueId) {}

  /**
   * A control group.
   *
   * @param id its id in the cgroup v2 tree, else that of its v1 pids hierarchy
   * @param path its path in that tree
   */
  public record Cgroup(long id, String path) {}
}
