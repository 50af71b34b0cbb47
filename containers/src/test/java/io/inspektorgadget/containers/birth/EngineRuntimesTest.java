// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.birth;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.kernel.host.HostFilesystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where engines find their runtimes, by the processes of a host that is made up. */
class EngineRuntimesTest {
  @TempDir Path host;
  private EngineRuntimes engines = new EngineRuntimes(new HostFilesystem(Path.of("/")));

  @BeforeEach
  void lookAtTheFolder() {
    engines = new EngineRuntimes(new HostFilesystem(host));
  }

  private void process(int pid, String comm, List<String> words, List<String> environment)
      throws IOException {
    Path folder = Files.createDirectories(host.resolve("proc/" + pid));
    Files.writeString(folder.resolve("comm"), comm + "\n");
    Files.writeString(folder.resolve("cmdline"), String.join("\0", words) + "\0");
    Files.writeString(folder.resolve("environ"), String.join("\0", environment) + "\0");
  }

  @Test
  void takesTheRuntimeThatConmonIsTold() throws IOException {
    process(10, "conmon", List.of("conmon", "-c", "1", "-r", "/opt/crun", "-b", "/x"), List.of());
    process(11, "conmon", List.of("conmon", "--runtime", "/opt/youki"), List.of());
    process(12, "conmon", List.of("conmon", "-r", "relative", "-r"), List.of());
    process(13, "other", List.of("other", "-r", "/opt/none"), List.of());
    engines.look();
    assertThat(engines.paths()).containsExactlyInAnyOrder("/opt/crun", "/opt/youki");
    assertThat(engines.folders()).isEmpty();
  }

  @Test
  void takesTheFoldersInWhichAShimLooks() throws IOException {
    List<String> environment = List.of("MYPATH=/none", "PATH=/opt/bin:relative:/usr/bin", "A=b");
    process(20, "containerd-shim", List.of("/usr/bin/containerd-shim-runc-v2"), environment);
    process(21, "containerd", List.of("containerd"), List.of("PATH=/none"));
    engines.look();
    assertThat(engines.folders()).containsExactlyInAnyOrder("/opt/bin", "/usr/bin");
    assertThat(engines.paths()).isEmpty();
  }

  @Test
  void keepsWhatItFoundWhenTheProcessHasEnded() throws IOException {
    process(30, "conmon", List.of("conmon", "-r", "/opt/crun"), List.of());
    engines.look();
    Files.writeString(host.resolve("proc/30/comm"), "gone\n");
    engines.look();
    assertThat(engines.paths()).containsExactly("/opt/crun");
  }

  @Test
  void theirRuntimesJoinThoseAtTheUsualPlaces() throws IOException {
    for (String path : List.of("usual/runc", "opt/crun", "opt/other")) {
      Path file = host.resolve(path);
      Files.createDirectories(host.resolve(path).resolveSibling("."));
      Files.createFile(file);
    }
    process(40, "containerd-shim", List.of("shim"), List.of("PATH=/opt"));
    process(41, "conmon", List.of("conmon", "-r", "/opt/other"), List.of());
    RuntimeBinaries usual =
        new RuntimeBinaries(new HostFilesystem(host), List.of("/usual"), List.of());
    assertThat(usual.withThoseOfEngines().files())
        .containsExactly(
            host.resolve("usual/runc"), host.resolve("opt/crun"), host.resolve("opt/other"));
  }
}
