// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HostFilesystemTest {
  @Test
  void isTheOwnRootWithoutVariable() {
    HostFilesystem host = HostFilesystem.ofEnvironment(Map.of());
    assertThat(host.root()).isEqualTo(Path.of("/"));
    assertThat(host.resolve("/run/runc/x")).isEqualTo(Path.of("/run/runc/x"));
    assertThat(host.proc()).isEqualTo(Path.of("/proc"));
    assertThat(HostFilesystem.ofEnvironment(Map.of("HOST_ROOT", ""))).isEqualTo(host);
  }

  @Test
  void putsEveryPathBelowTheRoot() {
    HostFilesystem host = HostFilesystem.ofEnvironment(Map.of("HOST_ROOT", "/host/"));
    assertThat(host.resolve("/")).isEqualTo(Path.of("/host"));
    assertThat(host.sysFs()).isEqualTo(Path.of("/host/sys"));
    assertThat(host.run()).isEqualTo(Path.of("/host/run"));
    assertThat(host.resolve("/run/../../../etc/passwd")).isEqualTo(Path.of("/host/etc/passwd"));
  }

  @Test
  void startsEveryPathAtTheHostsRootWhichIsAbsolute() {
    HostFilesystem host = new HostFilesystem(Path.of("/host"));
    assertThat(host.resolve("etc/passwd")).isEqualTo(Path.of("/host/etc/passwd"));
    assertThat(host.resolve("../etc")).isEqualTo(Path.of("/host/etc"));
    assertThat(host.resolve("")).isEqualTo(Path.of("/host"));
    assertThatThrownBy(() -> HostFilesystem.ofEnvironment(Map.of("HOST_ROOT", "host")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("HOST_ROOT");
  }
}
