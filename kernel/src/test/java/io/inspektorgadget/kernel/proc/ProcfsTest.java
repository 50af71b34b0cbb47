// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.proc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.kernel.host.HostFilesystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcfsTest {
  private final Procfs procfs = new Procfs(new HostFilesystem(Path.of("/")));
  private final long self = ProcessHandle.current().pid();

  @Test
  void readsThisProcess() {
    assertThat(procfs.processes()).contains(self).isSorted();
    ProcessStatus status = procfs.status(self).orElseThrow();
    assertThat(status.tgid()).isEqualTo(self);
    assertThat(status.parentPid())
        .isEqualTo(ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L));
    assertThat(status.threads()).isGreaterThan(1);
    assertThat(status.pidsInNamespaces()).endsWith(self);
    assertThat(procfs.comm(self)).contains("java");
    assertThat(procfs.cmdline(self)).first().asString().endsWith("java");
    assertThat(procfs.cgroup(self)).isNotEmpty().allMatch(line -> line.contains(":"));
    assertThat(procfs.mountNs(self).isKnown()).isTrue();
    assertThat(procfs.netNs(self)).isNotEqualTo(procfs.mountNs(self));
    assertThat(procfs.mountPoints(self))
        .anyMatch(mount -> mount.path().equals("/proc") && mount.type().equals("proc"));
  }

  @Test
  void tellsWhenAProcessStarted() throws Exception {
    long beforeMs = System.currentTimeMillis();
    Process child = new ProcessBuilder("sleep", "60").start();
    try {
      long startedMs = procfs.startTimeNs(child.pid()).orElseThrow() / 1_000_000;
      // The kernel's boot time is a whole second.
      assertThat(startedMs).isBetween(beforeMs - 2_000, System.currentTimeMillis() + 2_000);
      assertThat(procfs.startTicks(child.pid()).orElseThrow())
          .isGreaterThanOrEqualTo(procfs.startTicks(self).orElseThrow());
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  @Test
  void hasNothingToSayAboutAProcessThatIsGone() throws Exception {
    Process child = new ProcessBuilder("true").start();
    child.waitFor();
    long pid = child.pid();
    assertThat(procfs.status(pid)).isEmpty();
    assertThat(procfs.comm(pid)).isEmpty();
    assertThat(procfs.cmdline(pid)).isEmpty();
    assertThat(procfs.cgroup(pid)).isEmpty();
    assertThat(procfs.startTicks(pid)).isEmpty();
    assertThat(procfs.mountPoints(pid)).isEmpty();
    assertThat(procfs.mountNs(pid)).isEqualTo(new NamespaceId(0, "process " + pid + " is gone"));
  }

  @Test
  void readsHostileNames(@TempDir Path root) throws IOException {
    Path process = Files.createDirectories(root.resolve("proc/77"));
    Files.writeString(root.resolve("proc/stat"), "cpu 1 2\nbtime 1000\n");
    Files.writeString(process.resolve("stat"), "77 (a) R (b\n) S 1 " + "0 ".repeat(17) + "250 9");
    Files.write(process.resolve("comm"), new byte[] {'a', (byte) 0xff, '\n', 'b', '\n'});
    Files.write(process.resolve("cmdline"), "x\0\0two words\0".getBytes(StandardCharsets.UTF_8));
    Files.writeString(
        process.resolve("mountinfo"),
        "5 4 0:1 /a\\040b /mnt\\134x\\011y rw shared:1 - ext4 /dev/s\\040a rw\nbroken line\n");
    Procfs other = new Procfs(new HostFilesystem(root));
    assertThat(other.processes()).containsExactly(77);
    assertThat(other.startTicks(77)).hasValue(250);
    assertThat(other.startTimeNs(77)).hasValue(1002_500_000_000L);
    assertThat(other.comm(77)).contains("a\uFFFD\nb");
    assertThat(other.cmdline(77)).containsExactly("x", "", "two words");
    assertThat(other.mountPoints(77))
        .isEqualTo(List.of(new MountPoint(5, 4, "/a b", "/mnt\\x\ty", "ext4", "/dev/s a")));
  }

  @Test
  void needsProcToListProcesses(@TempDir Path root) {
    Procfs none = new Procfs(new HostFilesystem(root));
    assertThatThrownBy(none::processes)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("mount proc");
  }
}
