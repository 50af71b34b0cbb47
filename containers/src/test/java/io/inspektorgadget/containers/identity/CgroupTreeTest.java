// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.containers.FakeHost;
import io.inspektorgadget.model.container.ContainerInfo.Cgroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Control groups of processes, as a tree in a folder, seen by the host and from inside a pod. */
class CgroupTreeTest {
  private static final String OWN = "/kubepods/pod1/agent";
  private static final String OTHER = "/kubepods/pod2/web";

  @TempDir Path folder;
  private FakeHost host = new FakeHost(Path.of("/"));

  @BeforeEach
  void makeHost() throws IOException {
    host = new FakeHost(folder);
    host.process(7, OTHER, 1);
    host.process(8, OWN, 1);
    host.process(9, OWN + "/inner", 1);
  }

  private Path group(String path) {
    return folder.resolve("sys/fs/cgroup" + path);
  }

  private static List<String> told(String path) {
    return List.of("0::" + path);
  }

  private long inode(String path) throws IOException {
    return (Long) Files.getAttribute(group(path), "unix:ino");
  }

  @Test
  void theHostsOwnPathsAreTaken() throws IOException {
    host.process(1, "/init.scope", 1);
    CgroupTree tree = new CgroupTree(host.filesystem(), group(OWN));
    assertThat(tree.ofProcess(told(OTHER))).isEqualTo(new Cgroup(inode(OTHER), OTHER));
    assertThat(tree.processes(tree.ofProcess(told(OTHER)))).containsExactly(7L);
    assertThat(tree.ofProcess(told("/"))).isEqualTo(CgroupTree.UNKNOWN);
  }

  @Test
  void pathsFromInsideAPodAreThoseOfTheHost() throws IOException {
    host.write("/proc/1/cgroup", "0::/../../../init.scope\n");
    CgroupTree tree = new CgroupTree(host.filesystem(), group(OWN));
    assertThat(tree.ofProcess(told("/../../pod2/web"))).isEqualTo(new Cgroup(inode(OTHER), OTHER));
    assertThat(tree.processes(tree.ofProcess(told("/../../pod2/web")))).containsExactly(7L);
    assertThat(tree.ofProcess(told("/"))).isEqualTo(new Cgroup(inode(OWN), OWN));
    assertThat(tree.ofProcess(told("/inner")).path()).isEqualTo(OWN + "/inner");
    assertThat(tree.ofProcess(told("/../../.."))).isEqualTo(CgroupTree.UNKNOWN);
  }

  @Test
  void aPathThatLeadsOutOfTheHostsTreeIsUnknown() throws IOException {
    host.write("/proc/1/cgroup", "0::/../../../init.scope\n");
    CgroupTree tree = new CgroupTree(host.filesystem(), group(OWN));
    assertThat(tree.ofProcess(told("/../../../../etc"))).isEqualTo(CgroupTree.UNKNOWN);
    // Where the own group cannot be found nothing is guessed.
    CgroupTree lost = new CgroupTree(host.filesystem(), folder.resolve("nowhere"));
    assertThat(lost.ofProcess(told("/../../pod2/web"))).isEqualTo(CgroupTree.UNKNOWN);
  }

  @Test
  void eachHierarchyHasItsOwnPaths() throws IOException {
    host.write("/proc/1/cgroup", "4:pids:/../../init\n0::/\n");
    host.write("/sys/fs/cgroup/pids/a/agent/cgroup.procs", "8");
    host.write("/sys/fs/cgroup/pids/b/cgroup.procs", "7");
    Path own = Files.createDirectories(folder.resolve("own"));
    Files.createSymbolicLink(own.resolve("pids"), group("/pids/a/agent"));
    CgroupTree tree = new CgroupTree(host.filesystem(), own);
    Cgroup other = tree.ofProcess(List.of("4:pids:/../../b", "0::/"));
    assertThat(other).isEqualTo(new Cgroup(inode("/pids/b"), "/b"));
    assertThat(tree.processes(other)).containsExactly(7L);
  }
}
