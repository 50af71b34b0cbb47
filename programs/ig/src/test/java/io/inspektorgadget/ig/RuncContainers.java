// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.ig.IgProgram.Ending;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Containers of runc that a test starts; they run a shell of busybox. Their names begin with one
 * word of this process's own.
 */
final class RuncContainers {
  private final Path folder;
  private final String runtime;
  private final String prefix = "igt" + ProcessHandle.current().pid() + "-";
  private final List<String> started = new ArrayList<>();

  /** Containers whose bundles lie in that folder. */
  RuncContainers(Path folder) throws IOException {
    this(folder, "runc");
  }

  /** The same, started by this binary of runc. */
  RuncContainers(Path folder, String runtime) throws IOException {
    this.folder = folder;
    this.runtime = runtime;
    for (String directory : List.of("bin", "proc", "dev")) {
      Files.createDirectories(folder.resolve("rootfs").resolve(directory));
    }
    Files.copy(Path.of("/bin/busybox"), folder.resolve("rootfs/bin/busybox"));
  }

  /** The whole name of one of them. */
  String name(String shortName) {
    return prefix + shortName;
  }

  /** Makes a bundle whose program is a script of the shell. */
  Path bundle(String name, String script) throws IOException {
    Path bundle = Files.createDirectory(folder.resolve(name));
    Files.writeString(
        bundle.resolve("config.json"),
        """
        {"ociVersion":"1.0.2",
         "process":{"terminal":false,"user":{"uid":0,"gid":0},
          "args":["/bin/busybox","sh","-c","%s"],"env":["PATH=/bin"],"cwd":"/"},
         "root":{"path":"%s"},
         "mounts":[{"destination":"/proc","type":"proc","source":"proc"},
          {"destination":"/dev","type":"tmpfs","source":"tmpfs"}],
         "linux":{"namespaces":[{"type":"pid"},{"type":"mount"},{"type":"uts"},{"type":"ipc"}]}}
        """
            .formatted(script, folder.resolve("rootfs")));
    return bundle;
  }

  /** Runs a container to its end. */
  void runToEnd(String shortName, String script) throws Exception {
    runc("run", shortName, script);
  }

  /** Starts a container; returns when its process runs. */
  void start(String shortName, String script) throws Exception {
    started.add(name(shortName));
    runc("run --detach", shortName, script);
  }

  private void runc(String command, String shortName, String script) throws Exception {
    Path bundle = bundle(name(shortName), script);
    // Without the pipes of this process, which a container would hold open.
    String line = "exec \"$2\" " + command + " --bundle \"$0\" \"$1\" </dev/null >\"$0/log\" 2>&1";
    Ending end =
        IgProgram.run(List.of("sh", "-c", line, bundle.toString(), name(shortName), runtime));
    String log = Files.readString(bundle.resolve("log"));
    // The container's own status is that of its last command.
    assertThat(log).as("status %d", end.status()).doesNotContain("level=error");
  }

  /** Ends one that was started. */
  void end(String shortName) throws Exception {
    String name = name(shortName);
    delete(name);
    started.remove(name);
  }

  /** Ends and deletes all that run. */
  void endAll() throws Exception {
    for (String name : List.copyOf(started)) {
      delete(name);
    }
  }

  private void delete(String name) throws IOException, InterruptedException {
    assertThat(IgProgram.run(List.of(runtime, "delete", "--force", name)).status()).isZero();
  }
}
