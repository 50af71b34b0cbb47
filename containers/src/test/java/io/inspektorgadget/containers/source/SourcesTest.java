// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.containers.FakeHost;
import io.inspektorgadget.containers.identity.HostProcesses;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerInfo.MountNs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runtimes leave on disk, as trees in a folder. */
class SourcesTest {
  private static final String TASKS = "/run/containerd/io.containerd.runtime.v2.task";
  private static final String POD_CONFIG =
      """
      {"ociVersion":"1.0.2","process":{"args":["x"]},"annotations":{
       "io.kubernetes.cri.container-type":"container",
       "io.kubernetes.cri.container-name":"nginx",
       "io.kubernetes.cri.sandbox-name":"web-0",
       "io.kubernetes.cri.sandbox-namespace":"shop"}}
      """;

  @TempDir Path folder;
  private FakeHost host = new FakeHost(Path.of("/"));

  @BeforeEach
  void makeHost() {
    host = new FakeHost(folder);
  }

  private List<ContainerInfo> runc() {
    HostProcesses processes = new HostProcesses(host.filesystem());
    return new RuncStates(host.filesystem(), processes, List.of("/srv/states")).scan();
  }

  private List<ContainerInfo> containerd() {
    HostProcesses processes = new HostProcesses(host.filesystem());
    return new ContainerdTasks(host.filesystem(), processes, List.of(TASKS)).scan();
  }

  private static String state(String id, long pid, long startTicks, String bundle) {
    return """
    {"id":"%s","init_process_pid":%d,"init_process_start":%d,
     "created":"2026-01-02T03:04:05.5Z","config":{"labels":["x","bundle=%s"]}}
    """
        .formatted(id, pid, startTicks, bundle);
  }

  @Test
  void readsStatesOfRunc() throws IOException {
    host.process(12, "/web", 500);
    host.write("/run/runc/web/state.json", state("web", 12, 500, "/srv/web"));
    host.write("/srv/web/config.json", "{\"annotations\":{\"k\":\"v\"}}");
    host.process(13, "/own", 600);
    host.write("/srv/states/own/state.json", state("own", 13, 600, "/none"));
    assertThat(runc()).hasSize(2);
    ContainerInfo web = runc().getFirst();
    assertThat(web.id()).isEqualTo("web");
    assertThat(web.pid()).isEqualTo(12);
    assertThat(web.mountNs()).isEqualTo(new MountNs(1012, 0));
    assertThat(web.netNsId()).isEqualTo(2012);
    assertThat(web.cgroup().path()).isEqualTo("/web");
    assertThat(web.cgroup().id())
        .isEqualTo(Files.getAttribute(folder.resolve("sys/fs/cgroup/web"), "unix:ino"));
    assertThat(web.bundle()).isEqualTo("/srv/web");
    assertThat(web.annotations()).containsEntry("k", "v");
    assertThat(web.runtime().runtimeName()).isEqualTo("runc");
    assertThat(web.runtime().startedAtNs()).isEqualTo(1_767_323_045_500_000_000L);
    assertThat(runc().getLast().id()).isEqualTo("own");
  }

  @Test
  void leavesOutContainersWhoseProcessIsGoneOrAnother() throws IOException {
    host.write("/run/runc/gone/state.json", state("gone", 20, 1, "/b"));
    host.write("/run/runc/stopped/state.json", state("stopped", 0, 0, "/b"));
    host.process(21, "/other", 999);
    host.write("/run/runc/reused/state.json", state("reused", 21, 500, "/b"));
    assertThat(runc()).isEmpty();
  }

  @Test
  void readsTasksOfEveryNamespace() throws IOException {
    host.write("/proc/stat", "cpu 1\nbtime 1000\n");
    host.process(30, "/k8s/pod/abc", 250);
    host.write(TASKS + "/k8s.io/abc/config.json", POD_CONFIG);
    host.write(TASKS + "/k8s.io/abc/init.pid", "30");
    host.process(31, "/moby/def", 1);
    host.write(TASKS + "/moby/def/config.json", "{}");
    host.write(TASKS + "/moby/def/init.pid", "31\n");
    assertThat(containerd()).hasSize(2);
    ContainerInfo nginx = containerd().getFirst();
    assertThat(nginx.name()).isEqualTo("nginx");
    assertThat(nginx.pod().podName()).isEqualTo("web-0");
    assertThat(nginx.pod().namespace()).isEqualTo("shop");
    assertThat(nginx.runtime().runtimeName()).isEqualTo("containerd");
    assertThat(nginx.runtime().startedAtNs()).isEqualTo(1_002_500_000_000L);
    assertThat(containerd().getLast().runtime().runtimeName()).isEqualTo("docker");
  }

  @Test
  void leavesOutSandboxes() throws IOException {
    host.process(40, "/pause", 1);
    host.write(
        TASKS + "/k8s.io/pause/config.json",
        "{\"annotations\":{\"io.kubernetes.cri.container-type\":\"sandbox\"}}");
    host.write(TASKS + "/k8s.io/pause/init.pid", "40");
    assertThat(containerd()).isEmpty();
  }

  @Test
  void survivesHostileTrees() throws IOException {
    host.write("/run/runc/file", "no folder");
    host.write("/run/runc/a/state.json", "{\"id\":");
    host.write("/run/runc/b/state.json", "{\"init_process_pid\":\"12\",\"config\":[]}");
    host.write("/run/runc/c/state.json/folder", "");
    host.write("/run/runc/d/state.json", "{\"init_process_pid\":-1}");
    host.process(50, "/e", 7);
    host.write("/run/runc/e/state.json", "{\"init_process_pid\":50,\"created\":\"yesterday\"}");
    host.write(TASKS + "/ns/f/init.pid", "99999999999999999999999");
    host.write(TASKS + "/ns/g/init.pid", "x".repeat(1000));
    host.write(TASKS + "/ns/h/init.pid", "-5");
    host.write(TASKS + "/ns/i/init.pid/folder", "");
    host.process(51, "/../../etc", 7);
    host.write(TASKS + "/ns/j/init.pid", "51");
    host.write(TASKS + "/ns/j/config.json", "[[[[");
    assertThat(runc()).extracting(ContainerInfo::id).containsExactly("e");
    assertThat(containerd()).extracting(ContainerInfo::id).containsExactly("j");
    assertThat(containerd().getFirst().cgroup().id()).isZero();
  }

  @Test
  void findsNothingWhereNothingIsInstalled() {
    assertThat(runc()).isEmpty();
    assertThat(containerd()).isEmpty();
  }
}
