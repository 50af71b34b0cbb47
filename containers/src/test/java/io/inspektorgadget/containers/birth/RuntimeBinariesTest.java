// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.birth;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.kernel.host.HostFilesystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeBinariesTest {
  @TempDir Path root;

  private void install(String path) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "");
  }

  @Test
  void findsEachBinaryOnce() throws IOException {
    install("usr/sbin/runc");
    install("usr/local/bin/crun");
    install("opt/mine");
    Files.createDirectories(root.resolve("usr/bin"));
    Files.createSymbolicLink(root.resolve("usr/bin/runc"), Path.of("../sbin/runc"));
    RuntimeBinaries binaries =
        new RuntimeBinaries(
            new HostFilesystem(root),
            RuntimeBinaries.USUAL_FOLDERS,
            List.of("/opt/mine", "/opt/none"));
    assertThat(binaries.installed()).hasSize(3);
    Object runcInode = Files.getAttribute(root.resolve("usr/sbin/runc"), "unix:ino");
    assertThat(binaries.installed()).anyMatch(binary -> runcInode.equals(binary.inode()));
  }

  @Test
  void encodesDevicesAsTheKernelDoes() {
    assertThat(RuntimeBinaries.kernelDevice(0xfe01)).isEqualTo(0xfe << 20 | 1);
    // Major 0, minor 300: an overlay or a container's own file system.
    assertThat(RuntimeBinaries.kernelDevice(0x10002cL)).isEqualTo(300);
    assertThat(RuntimeBinaries.kernelDevice(0x801L)).isEqualTo(8 << 20 | 1);
  }
}
