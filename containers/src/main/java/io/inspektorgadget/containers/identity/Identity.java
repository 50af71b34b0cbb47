// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.identity;

import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerInfo.Cgroup;
import io.inspektorgadget.model.container.ContainerInfo.MountNs;
import io.inspektorgadget.model.container.ContainerInfo.RuntimeInfo;
import io.inspektorgadget.model.container.PodInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Who a container is, without anything about its processes. Immutable.
 *
 * @param runtime its runtime's side
 * @param pod its pod
 * @param bundle its bundle's path on the host
 * @param annotations its OCI annotations; unmodifiable
 * @param isSandbox true if it only holds the namespaces of a pod
 */
public record Identity(
    RuntimeInfo runtime,
    PodInfo pod,
    String bundle,
    Map<String, String> annotations,
    boolean isSandbox) {

  /** The folder by which containerd's bundles are known: its subfolders are namespaces. */
  private static final String CONTAINERD_TASKS = "/io.containerd.runtime.v2.task/";

  private static final String DOCKER_NAMESPACE = "moby/";

  public Identity {
    annotations = Map.copyOf(annotations);
  }

  /** Completes what the runtime says by what the bundle says, as far as it can be read. */
  public static Identity of(HostFilesystem host, HostProcesses processes, Candidate candidate) {
    OciConfig config = config(host, processes, candidate);
    RuntimeInfo runtime =
        new RuntimeInfo(
            runtimeName(candidate, config),
            candidate.id(),
            config.containerName(),
            config.imageName(),
            config.imageDigest(),
            candidate.startedAtNs());
    return new Identity(
        runtime, config.pod(), candidate.bundle(), config.annotations(), config.isSandbox());
  }

  /** The container of this identity. */
  public ContainerInfo container(long pid, MountNs mountNs, long netNs, Cgroup cgroup) {
    return new ContainerInfo(runtime, pid, mountNs, netNs, cgroup, bundle, pod, annotations);
  }

  private static OciConfig config(
      HostFilesystem host, HostProcesses processes, Candidate candidate) {
    String bundle = candidate.bundle();
    if (!bundle.startsWith("/")) {
      return OciConfig.EMPTY;
    }
    if (candidate.runtimePid() != 0) {
      try {
        // A runtime may live in a mount namespace of its own, as rootless podman's does.
        Path root = processes.root(candidate.runtimePid());
        return OciConfig.ofBundle(root.resolve(bundle.substring(1)));
      } catch (IOException e) {
        // The runtime has ended: its view was the host's nearly always, so look there.
      }
    }
    try {
      return OciConfig.ofBundle(host.resolve(bundle));
    } catch (IOException e) {
      // Gone or unreadable: the container keeps what its runtime said about it.
      return OciConfig.EMPTY;
    }
  }

  private static String runtimeName(Candidate candidate, OciConfig config) {
    if (!config.engine().isEmpty()) {
      return config.engine();
    }
    int tasks = candidate.bundle().indexOf(CONTAINERD_TASKS);
    if (tasks >= 0) {
      return candidate.bundle().startsWith(DOCKER_NAMESPACE, tasks + CONTAINERD_TASKS.length())
          ? "docker"
          : "containerd";
    }
    return candidate.runtimeName();
  }
}
