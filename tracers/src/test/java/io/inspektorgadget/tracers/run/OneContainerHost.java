// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.containers.CollectionOptions;
import io.inspektorgadget.containers.ContainerCollection;
import io.inspektorgadget.kernel.host.HostFilesystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder that looks like the root of a host where runc has one container, {@code web}. Its first
 * process is this JVM, so that it lives as long as the test.
 */
record OneContainerHost(Path root) {
  static final long MOUNT_NS = 4_026_532_001L;
  static final long NET_NS = 4_026_532_002L;
  private static final long START_TICKS = 500;

  static OneContainerHost make(Path root) throws IOException {
    OneContainerHost host = new OneContainerHost(root);
    long pid = ProcessHandle.current().pid();
    host.write("proc/" + pid + "/cgroup", "0::/web\n");
    host.write(
        "proc/" + pid + "/stat",
        pid + " (java) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 " + START_TICKS + " 0 0\n");
    host.link("proc/" + pid + "/ns/mnt", "mnt:[" + MOUNT_NS + "]");
    host.link("proc/" + pid + "/ns/net", "net:[" + NET_NS + "]");
    host.link("proc/self/ns/net", "net:[" + NET_NS + "]");
    host.write("sys/fs/cgroup/cgroup.controllers", "");
    host.write("sys/fs/cgroup/web/cgroup.procs", pid + "\n");
    host.write("etc/passwd", "root:x:0:0::/root:/bin/sh\nweb:x:33:33::/:/bin/sh\n");
    host.write("etc/group", "root:x:0:\nweb:x:33:\n");
    host.write(
        "run/runc/web/state.json",
        "{\"id\":\"web\",\"init_process_pid\":"
            + pid
            + ",\"init_process_start\":"
            + START_TICKS
            + ",\"created\":\"2026-01-02T03:04:05Z\",\"config\":{\"labels\":[\"bundle=/web\"]}}");
    return host;
  }

  HostFilesystem filesystem() {
    return new HostFilesystem(root);
  }

  /** Knows the container from its state, without any kernel program. */
  ContainerCollection containers() {
    return ContainerCollection.start(filesystem(), CollectionOptions.DEFAULTS.withoutBirths());
  }

  private Path place(String path) throws IOException {
    Path file = root.resolve(path);
    Path folder = file.getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    return file;
  }

  private void write(String path, String content) throws IOException {
    Files.writeString(place(path), content);
  }

  private void link(String path, String target) throws IOException {
    Files.createSymbolicLink(place(path), Path.of(target));
  }
}
