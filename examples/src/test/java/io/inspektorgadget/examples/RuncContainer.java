// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A bundle of which runc makes a container with namespaces of its own; busybox is all that lies in
 * it. Closing deletes the container.
 *
 * @param bundle folder of the bundle
 * @param name name of the container
 */
record RuncContainer(Path bundle, String name) implements AutoCloseable {
  private static final Path BUSYBOX = Path.of("/bin/busybox");
  private static final long LIMIT_SECONDS = 30;

  /** Writes the bundle; the container runs a script of busybox's shell. */
  static RuncContainer prepare(Path folder, String name, String script) throws IOException {
    for (String directory : List.of("bin", "proc", "dev")) {
      Files.createDirectories(folder.resolve("rootfs").resolve(directory));
    }
    Files.copy(BUSYBOX, folder.resolve("rootfs/bin/busybox"));
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"ociVersion": "1.0.2",
         "process": {"terminal": false, "user": {"uid": 0, "gid": 0}, "cwd": "/",
          "args": ["/bin/busybox", "sh", "-c", "%s"], "env": ["PATH=/bin"]},
         "root": {"path": "rootfs"},
         "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"},
          {"destination": "/dev", "type": "tmpfs", "source": "tmpfs"}],
         "linux": {"namespaces": [{"type": "pid"}, {"type": "mount"}, {"type": "uts"},
          {"type": "ipc"}, {"type": "network"}]}}
        """
            .formatted(script));
    return new RuncContainer(folder, name);
  }

  /** Runs the container to its end. */
  void run() throws IOException, InterruptedException {
    Path log = bundle.resolve("log");
    Process runc =
        new ProcessBuilder("runc", "run", name)
            .directory(bundle.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(runc.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as("%s ends", name).isTrue();
    assertThat(runc.exitValue()).as(Files.readString(log)).isZero();
  }

  @Override
  public void close() throws IOException {
    Process runc =
        new ProcessBuilder("runc", "delete", "--force", name)
            .redirectErrorStream(true)
            .redirectOutput(bundle.resolve("log-delete").toFile())
            .start();
    runc.onExit().join();
  }
}
