// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.inspektorgadget.containers.FakeHost;
import io.inspektorgadget.containers.identity.HostProcesses;
import io.inspektorgadget.containers.identity.MountView;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerInfo.MountNs;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

  private List<ContainerInfo> states() {
    return scan(new RuntimeStates(List.of("/srv/states")), 0);
  }

  private List<ContainerInfo> containerd() {
    return scan(new ContainerdTasks(List.of(TASKS)), 0);
  }

  private List<ContainerInfo> scan(ContainerSource source, long viewPid) {
    HostProcesses processes = new HostProcesses(host.filesystem());
    MountView view =
        viewPid == 0
            ? MountView.ofHost(host.filesystem())
            : MountView.ofProcess(processes, viewPid);
    FoundContainers found = new FoundContainers(host.filesystem(), processes, view, inode -> false);
    source.scan(found);
    return found.containers();
  }

  private static String state(String id, long pid, long startTicks, String bundle) {
    return """
    {"id":"%s","init_process_pid":%d,"init_process_start":%d,
     "created":"2026-01-02T03:04:05.5Z","config":{"labels":["x","bundle=%s"]}}
    """
        .formatted(id, pid, startTicks, bundle);
  }

  private long firstProcess(String root, String id) {
    return RuntimeStates.firstProcess(
        new HostProcesses(host.filesystem()), MountView.ofHost(host.filesystem()), root, id);
  }

  @Test
  void readsTheFirstProcessOfOneContainer() throws IOException {
    host.process(12, "/web", 500);
    host.process(13, "/shop", 600);
    host.process(14, "/users", 700);
    host.write("/run/runc/web/state.json", state("web", 12, 500, "/srv/web"));
    host.write("/run/crun/shop/status", "{\"pid\":13,\"process-start-time\":600}");
    host.write("/run/user/1000/runc/users/state.json", state("users", 14, 700, "/none"));
    host.write("/srv/states/web/state.json", state("web", 13, 600, "/none"));
    assertThat(firstProcess("", "web")).isEqualTo(12);
    assertThat(firstProcess("/srv/states", "web")).isEqualTo(13);
    assertThat(firstProcess("", "shop")).isEqualTo(13);
    assertThat(firstProcess("", "users")).isEqualTo(14);
    assertThat(firstProcess("", "none")).isZero();
    assertThat(firstProcess("/srv/states", "shop")).isZero();
  }

  @Test
  void givesNoFirstProcessWhereTheNumberIsAnothersByNow() throws IOException {
    host.process(12, "/web", 501);
    host.write("/run/runc/web/state.json", state("web", 12, 500, "/srv/web"));
    host.write("/run/runc/gone/state.json", state("gone", 99, 500, "/srv/web"));
    host.write("/run/runc/broken/state.json", "{\"id\":");
    assertThat(firstProcess("", "web")).isZero();
    assertThat(firstProcess("", "gone")).isZero();
    assertThat(firstProcess("", "broken")).isZero();
  }

  @Test
  void readsStatesOfRunc() throws IOException {
    host.process(12, "/web", 500);
    host.write("/run/runc/web/state.json", state("web", 12, 500, "/srv/web"));
    host.write("/srv/web/config.json", "{\"annotations\":{\"k\":\"v\"}}");
    host.process(13, "/own", 600);
    host.write("/srv/states/own/state.json", state("own", 13, 600, "/none"));
    assertThat(states()).hasSize(2);
    ContainerInfo web = states().getFirst();
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
    assertThat(states().getLast().id()).isEqualTo("own");
  }

  @Test
  void leavesOutContainersWhoseProcessIsGoneOrAnother() throws IOException {
    host.write("/run/runc/gone/state.json", state("gone", 20, 1, "/b"));
    host.write("/run/runc/stopped/state.json", state("stopped", 0, 0, "/b"));
    host.process(21, "/other", 999);
    host.write("/run/runc/reused/state.json", state("reused", 21, 500, "/b"));
    assertThat(states()).isEmpty();
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
    assertThat(states()).extracting(ContainerInfo::id).containsExactly("e");
    assertThat(containerd()).extracting(ContainerInfo::id).containsExactly("j");
    assertThat(containerd().getFirst().cgroup().id()).isZero();
  }

  @Test
  void findsNothingWhereNothingIsInstalled() {
    assertThat(states()).isEmpty();
    assertThat(containerd()).isEmpty();
  }

  @Test
  void readsStatusesOfCrun() throws IOException {
    host.process(60, "/box", 700);
    host.write("/run/crun/box/status", status(60, 700, "/srv/box"));
    host.write("/srv/box/config.json", "{}");
    host.process(61, "/of-user", 5);
    host.write("/run/user/1000/crun/mine/status", status(61, 5, "/home/u/mine"));
    host.process(62, "/reused", 6);
    host.write("/run/crun/reused/status", status(62, 999, "/srv/box"));
    assertThat(states()).extracting(ContainerInfo::id).containsExactly("box", "mine");
    ContainerInfo box = states().getFirst();
    assertThat(box.runtime().runtimeName()).isEqualTo("crun");
    assertThat(box.bundle()).isEqualTo("/srv/box");
    assertThat(box.runtime().startedAtNs()).isEqualTo(1_767_323_045_500_000_000L);
  }

  private static String status(long pid, long startTicks, String bundle) {
    return """
    {"pid":%d,"process-start-time":%d,"cgroup-path":"/x","scope":"","rootfs":"/r",
     "systemd-cgroup":false,"bundle":"%s","created":"2026-01-02T03:04:05.500000Z"}
    """
        .formatted(pid, startTicks, bundle);
  }

  @Test
  void readsStateOfYouki() throws IOException {
    host.process(63, "/y", 1);
    host.write(
        "/run/youki/y/state.json",
        "{\"ociVersion\":\"v1\",\"id\":\"y\",\"status\":\"running\",\"pid\":63,\"bundle\":\"/b\"}");
    assertThat(states()).extracting(ContainerInfo::id).containsExactly("y");
    assertThat(states().getFirst().runtime().runtimeName()).isEqualTo("youki");
  }

  @Test
  void namesContainersOfDockerWithAFolderOfItsOwn() throws IOException {
    String id = "d".repeat(64);
    String bundle = "/run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby/" + id;
    host.process(64, "/docker/" + id, 9);
    host.write("/run/docker/runtime-runc/moby/" + id + "/state.json", state(id, 64, 9, bundle));
    host.write(bundle + "/config.json", "{\"root\":{\"path\":\"/data/overlay2/00ff/merged\"}}");
    host.write(
        "/data/containers/" + id + "/config.v2.json",
        """
        {"ID":"%s","Name":"/web","Image":"sha256:aa","Driver":"overlay2",
         "Config":{"Image":"nginx:1","Labels":{"app":"web","tier":"front"}}}
        """
            .formatted(id));
    host.write(
        "/data/image/overlay2/repositories.json",
        """
        {"Repositories":{"nginx":{"nginx:1":"sha256:aa","nginx@sha256:77":"sha256:aa",
         "nginx@sha256:88":"sha256:bb"}}}
        """);
    ContainerInfo web = states().getFirst();
    assertThat(web.name()).isEqualTo("web");
    assertThat(web.runtime().runtimeName()).isEqualTo("docker");
    assertThat(web.runtime().imageName()).isEqualTo("nginx:1");
    assertThat(web.runtime().imageDigest()).isEqualTo("sha256:77");
    assertThat(web.runtime().labels()).containsEntry("app", "web").containsEntry("tier", "front");
  }

  @Test
  void namesPodsOfDockersKubelet() throws IOException {
    String id = "e".repeat(64);
    String bundle = "/run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby/" + id;
    host.process(65, "/docker/" + id, 9);
    host.write("/run/docker/runtime-runc/moby/" + id + "/state.json", state(id, 65, 9, bundle));
    host.write(bundle + "/config.json", "{\"root\":{\"path\":\"/nowhere\"}}");
    host.write(
        "/var/lib/docker/containers/" + id + "/config.v2.json",
        """
        {"Name":"/k8s_nginx_web-0_shop_u_0","Config":{"Image":"nginx","Labels":{
         "io.kubernetes.container.name":"nginx","io.kubernetes.pod.name":"web-0",
         "io.kubernetes.pod.namespace":"shop","io.kubernetes.pod.uid":"u"}}}
        """);
    ContainerInfo nginx = states().getFirst();
    assertThat(nginx.name()).isEqualTo("nginx");
    assertThat(nginx.pod().podName()).isEqualTo("web-0");
    assertThat(nginx.pod().namespace()).isEqualTo("shop");
  }

  @Test
  void namesContainersOfPodman() throws IOException {
    String bundle = "/var/lib/containers/storage/overlay-containers/";
    long pid = 70;
    for (String name : List.of("one", "two", "nobody")) {
      pid++;
      host.process(pid, "/libpod/" + name, 1);
      host.write(
          "/run/crun/id-" + name + "/status", status(pid, 1, bundle + "id-" + name + "/userdata"));
      host.write(
          bundle + "id-" + name + "/userdata/config.json",
          "{\"annotations\":{\"io.container.manager\":\"libpod\"}}");
    }
    host.write(
        bundle + "containers.json",
        """
        [7,{"id":"id-zero"},{"id":"id-one","names":["web"],"image":"aa",
         "metadata":"{\\"image-name\\":\\"quay.io/web:1\\",\\"name\\":\\"web\\"}"}]
        """);
    host.write(
        bundle + "volatile-containers.json",
        "[{\"id\":\"id-two\",\"names\":[\"job\"],\"image\":\"aa\",\"metadata\":\"?\"}]");
    host.write(
        "/var/lib/containers/storage/overlay-images/images.json",
        "[{\"id\":\"aa\",\"digest\":\"sha256:99\",\"names\":[\"quay.io/web:1\"]}]");
    assertThat(states())
        .extracting(ContainerInfo::name, c -> c.runtime().imageName())
        .containsExactlyInAnyOrder(
            tuple("web", "quay.io/web:1"), tuple("job", "quay.io/web:1"), tuple("id-nobody", ""));
    ContainerInfo web =
        states().stream().filter(c -> c.name().equals("web")).findFirst().orElseThrow();
    assertThat(web.runtime().runtimeName()).isEqualTo("podman");
    assertThat(web.runtime().imageDigest()).isEqualTo("sha256:99");
  }

  @Test
  void readsStateAsCriOWritesIt() throws Exception {
    URL tree = Objects.requireNonNull(SourcesTest.class.getResource("crio"));
    host.copyOf(Path.of(tree.toURI()));
    host.process(4101, "/kubepods.slice/crio-5f0.scope", 300);
    host.process(4177, "/kubepods.slice/crio-9ab.scope", 350);
    assertThat(states()).hasSize(1);
    ContainerInfo database = states().getFirst();
    assertThat(database.name()).isEqualTo("database");
    assertThat(database.runtime().runtimeName()).isEqualTo("cri-o");
    assertThat(database.runtime().imageName()).isEqualTo("quay.io/example/postgres:16");
    assertThat(database.runtime().imageDigest()).isEqualTo("sha256:" + "4d".repeat(32));
    assertThat(database.pod().podName()).isEqualTo("orders-db-0");
    assertThat(database.pod().namespace()).isEqualTo("orders");
    assertThat(database.pod().podUid()).isEqualTo("0b6a4f0e-3f53-4c6c-9d55-5b8f1f6a7c21");
    assertThat(database.pod().labels())
        .containsExactlyInAnyOrderEntriesOf(Map.of("app", "orders-db", "tier", "storage"));
  }

  @Test
  void readsStatesInsideANodeThatIsAContainer() throws IOException {
    host.process(80, "/docker/node", 1);
    host.pidNamespace(80, 1, 900, 80, 1);
    host.process(81, "/docker/node/shim", 1);
    host.pidNamespace(81, 80, 900, 81, 6);
    host.process(82, "/docker/node/kubelet/pod/abc", 1);
    host.pidNamespace(82, 81, 901, 82, 33, 1);
    host.process(83, "/elsewhere", 1);
    host.pidNamespace(83, 1, 902, 83, 34);
    String node = "/proc/80/root";
    host.write(node + TASKS + "/k8s.io/abc/init.pid", "33");
    host.write(node + TASKS + "/k8s.io/abc/config.json", POD_CONFIG);
    host.write(node + TASKS + "/k8s.io/stolen/init.pid", "34");
    List<ContainerInfo> found = scan(new ContainerdTasks(List.of(TASKS)), 80);
    assertThat(found).extracting(ContainerInfo::name).containsExactly("nginx");
    assertThat(found.getFirst().pid()).isEqualTo(82);
    assertThat(found.getFirst().mountNs().inode()).isEqualTo(1082);
    assertThat(found.getFirst().pod().podName()).isEqualTo("web-0");
  }

  @Test
  void doesNotReadAgainWhatIsKnown() throws IOException {
    host.process(90, "/web", 500);
    host.write("/run/runc/web/state.json", state("web", 90, 500, "/srv/web"));
    HostProcesses processes = new HostProcesses(host.filesystem());
    FoundContainers found =
        new FoundContainers(
            host.filesystem(),
            processes,
            MountView.ofHost(host.filesystem()),
            inode -> inode == 1090);
    new RuntimeStates(List.of()).scan(found);
    assertThat(found.containers()).isEmpty();
    assertThat(found.mountNamespaces()).containsExactly(1090L);
  }
}
