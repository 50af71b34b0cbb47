// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.ig.IgProgram.Ending;
import io.inspektorgadget.testing.TimeLimit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ig doctor} says about the containers of this host. */
@Tag("cli")
@Timeout(120)
class DoctorProgramTest {
  @TempDir Path folder;

  private static String line(Ending end, String name) {
    return end.out()
        .lines()
        .filter(line -> line.matches("(ok|absent|MISSING|unknown) +" + name + " .*"))
        .findFirst()
        .orElse("");
  }

  @Test
  void listsTheBinariesWhoseStartsAreHeld() throws Exception {
    List<String> installed =
        Stream.of("/usr/bin/runc", "/usr/sbin/runc", "/usr/bin/crun", "/usr/local/bin/runc")
            .filter(path -> Files.isRegularFile(Path.of(path)))
            .toList();
    assertThat(installed).isNotEmpty();
    Ending end = IgProgram.ig("doctor");
    assertThat(line(end, "OCI runtimes")).startsWith("ok ").contains(installed);
    boolean holds = line(end, "fanotify permissions").startsWith("ok ");
    assertThat(line(end, "OCI runtimes"))
        .contains(holds ? "their starts are held" : "their starts are noticed, not held");
  }

  @Test
  void saysThatStartsAreNotHeldWhereTheyCannotBe() throws Exception {
    Ending end =
        IgProgram.run(
            List.of("setpriv", "--bounding-set", "-sys_admin", IgProgram.path(), "doctor"));
    assertThat(line(end, "OCI runtimes"))
        .startsWith("ok ")
        .contains("their starts are noticed, not held");
  }

  @Test
  void warnsOfRunningContainersThatNoRuntimeExplains() throws Exception {
    Path rootfs = folder.resolve("rootfs");
    Files.createDirectories(rootfs.resolve("bin"));
    Files.copy(Path.of("/bin/busybox"), rootfs.resolve("bin/busybox"));
    Process stranger =
        new ProcessBuilder(
                "unshare", "-m", "-R", rootfs.toString(), "/bin/busybox", "sleep", "1000")
            .start();
    try {
      TimeLimit.usual()
          .await("a process in a root of its own", () -> command(stranger).contains("sleep"));
      Path link = Path.of("/proc/" + stranger.pid() + "/ns/mnt");
      String number = Files.readSymbolicLink(link).toString().replaceAll("\\D", "");
      Ending end = IgProgram.ig("doctor");
      assertThat(line(end, "known containers"))
          .startsWith("absent ")
          .contains("no runtime explains", "unknown-" + number, "--runtime-path");
      assertThat(end.status()).isEqualTo(end.out().contains("MISSING ") ? 1 : 0);
    } finally {
      stranger.destroyForcibly().waitFor();
    }
  }

  private static String command(Process process) {
    try {
      String words = Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
      return words.startsWith("unshare") ? "" : words;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
