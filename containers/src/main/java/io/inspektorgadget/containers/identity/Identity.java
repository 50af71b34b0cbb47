// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.identity;

import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerInfo.Cgroup;
import io.inspektorgadget.model.container.ContainerInfo.MountNs;
import io.inspektorgadget.model.container.ContainerInfo.RuntimeInfo;
import io.inspektorgadget.model.container.PodInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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

  public Identity {
    annotations = Map.copyOf(annotations);
  }

  /** Completes what the runtime says by what bundle and engine say, as far as it can be read. */
  public static Identity of(HostFilesystem host, HostProcesses processes, Candidate candidate) {
    return of(bundle(views(host, processes, candidate), candidate), candidate);
  }

  /** As the other, with a bundle's configuration that has been read already. */
  public static Identity of(
      HostFilesystem host, HostProcesses processes, Candidate candidate, OciConfig config) {
    return of(new Bundle(config, views(host, processes, candidate).getFirst()), candidate);
  }

  private static Identity of(Bundle bundle, Candidate candidate) {
    String engine = runtimeName(candidate, bundle.config());
    EngineRecord record = EngineRecord.of(bundle.view(), engine, candidate, bundle.config());
    OciConfig config = bundle.config().with(record.labels());
    RuntimeInfo runtime =
        new RuntimeInfo(
            engine,
            candidate.id(),
            first(config.containerName(), record.name()),
            first(config.imageName(), record.imageName()),
            first(config.imageDigest(), record.imageDigest()),
            candidate.startedAtNs(),
            record.labels());
    return new Identity(
        runtime,
        config.pod(sandbox(bundle, candidate)),
        candidate.bundle(),
        bundle.config().annotations(),
        config.isSandbox());
  }

  private static String first(String one, String other) {
    return one.isEmpty() ? other : one;
  }

  /** The container of this identity. */
  public ContainerInfo container(long pid, MountNs mountNs, long netNs, Cgroup cgroup) {
    return new ContainerInfo(runtime, pid, mountNs, netNs, cgroup, bundle, pod, annotations);
  }

  /** A bundle's configuration and how its runtime sees files. */
  private record Bundle(OciConfig config, MountView view) {}

  /** How the runtime sees files, the likeliest view first. */
  private static List<MountView> views(
      HostFilesystem host, HostProcesses processes, Candidate candidate) {
    List<MountView> views = new ArrayList<>();
    for (long pid : candidate.viewPids()) {
      // A runtime may live in a mount namespace of its own, as rootless podman's does.
      if (pid != 0) {
        views.add(MountView.ofProcess(processes, pid));
      }
    }
    // It may have ended by now; its view was the host's nearly always.
    views.add(MountView.ofHost(host));
    return views;
  }

  private static Bundle bundle(List<MountView> views, Candidate candidate) {
    if (candidate.bundle().startsWith("/")) {
      for (MountView view : views) {
        try {
          return new Bundle(OciConfig.ofBundle(view.resolve(candidate.bundle())), view);
        } catch (IOException e) {
          // Not in this view, or gone: the container keeps what its runtime said about it.
        }
      }
    }
    return new Bundle(OciConfig.EMPTY, views.getLast());
  }

  /** CRI-O keeps a pod's labels with its sandbox, whose bundle lies beside the container's. */
  private static OciConfig sandbox(Bundle bundle, Candidate candidate) {
    String id = bundle.config().sandboxId();
    if (id.isEmpty() || id.contains("/") || !candidate.bundle().contains(candidate.id())) {
      return bundle.config();
    }
    String path = candidate.bundle().replace(candidate.id(), id);
    try {
      return OciConfig.ofBundle(bundle.view().resolve(path));
    } catch (IOException e) {
      // A pod without one, or of an engine that keeps its bundles elsewhere.
      return OciConfig.EMPTY;
    }
  }

  private static String runtimeName(Candidate candidate, OciConfig config) {
    if (!config.engine().isEmpty()) {
      return config.engine();
    }
    String ofTask = TaskBundle.engine(candidate.bundle());
    return ofTask.isEmpty() ? candidate.runtimeName() : ofTask;
  }
}
