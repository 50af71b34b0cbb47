// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.kernel.OpenDescriptors;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.kernel.io.SystemCallException;
import io.inspektorgadget.kernel.proc.Procfs;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NamespaceFdTest {
  private final long self = ProcessHandle.current().pid();

  @ParameterizedTest
  @EnumSource
  void opensEachKindOfThisProcess(NamespaceFd.Kind kind) {
    List<String> before = OpenDescriptors.kernelObjects();
    try (NamespaceFd namespace = NamespaceFd.open(self, kind)) {
      assertThat(namespace.inode()).isPositive();
      assertThat(namespace.fd()).isPositive();
    }
    assertThat(OpenDescriptors.kernelObjects()).isEqualTo(before);
  }

  @Test
  void agreesWithProcfs() {
    Procfs procfs = new Procfs(new HostFilesystem(Path.of("/")));
    try (NamespaceFd mounts = NamespaceFd.open(self, NamespaceFd.Kind.MNT);
        NamespaceFd network = NamespaceFd.open(self, NamespaceFd.Kind.NET)) {
      assertThat(mounts.inode()).isEqualTo(procfs.mountNs(self).inode());
      assertThat(network.inode()).isEqualTo(procfs.netNs(self).inode());
    }
  }

  @Test
  void namesTheErrorForAProcessThatIsGone() throws Exception {
    Process child = new ProcessBuilder("true").start();
    child.waitFor();
    assertThatThrownBy(() -> NamespaceFd.open(child.pid(), NamespaceFd.Kind.MNT))
        .isInstanceOf(SystemCallException.class)
        .hasMessage("opening /proc/" + child.pid() + "/ns/mnt: ENOENT");
  }

  @Test
  @Tag("kernel")
  void tellsNewNamespacesApart() throws Exception {
    Process child =
        new ProcessBuilder("unshare", "--mount", "sh", "-c", "echo ready; read line").start();
    try (BufferedReader out = child.inputReader()) {
      assertThat(out.readLine()).isEqualTo("ready");
      try (NamespaceFd own = NamespaceFd.open(self, NamespaceFd.Kind.MNT);
          NamespaceFd same = NamespaceFd.open(self, NamespaceFd.Kind.MNT);
          NamespaceFd other = NamespaceFd.open(child.pid(), NamespaceFd.Kind.MNT)) {
        assertThat(same.uniqueId()).isEqualTo(own.uniqueId());
        assertThat(other.inode()).isNotEqualTo(own.inode());
        if (own.uniqueId() != 0) {
          assertThat(other.uniqueId()).isPositive().isNotEqualTo(own.uniqueId());
        }
      }
      child.getOutputStream().close();
    } finally {
      child.destroyForcibly().waitFor();
    }
  }
}
