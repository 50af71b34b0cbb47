// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.birth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Containers of busybox that runc runs, in a folder of a test, with the capabilities to make
 * namespaces and containers of their own. Closing removes those that were started.
 */
final class RuncContainers implements AutoCloseable {
  private static final long LIMIT_SECONDS = 60;
  private static final String SLEEP = "\"/bin/busybox\",\"sleep\",\"1000\"";
  private static final String CAPABILITIES =
      List.of(
              "CHOWN",
              "DAC_OVERRIDE",
              "FOWNER",
              "FSETID",
              "KILL",
              "SETGID",
              "SETUID",
              "SETPCAP",
              "NET_ADMIN",
              "SYS_CHROOT",
              "SYS_ADMIN",
              "MKNOD",
              "SETFCAP")
          .stream()
          .map(name -> "\"CAP_" + name + "\"")
          .collect(Collectors.joining(",", "[", "]"));

  private final Path folder;
  private final List<String> started = new ArrayList<>();

  RuncContainers(Path folder) throws IOException {
    this.folder = folder;
    Path root = folder.resolve("rootfs");
    for (String directory : List.of("bin", "proc", "dev", "sys", "run", "usr", "tmp", "inner")) {
      Files.createDirectories(root.resolve(directory));
    }
    Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"));
    for (String library : List.of("lib", "lib64")) {
      Files.createSymbolicLink(root.resolve(library), Path.of("usr/" + library));
    }
  }

  /**
   * Writes a bundle.
   *
   * @param args the program, as the elements of a JSON array
   * @param namespaces those it has besides that of mounts, as elements of a JSON array
   * @param mounts further mounts, as elements of a JSON array, each followed by a comma
   */
  Path bundle(String id, String args, String namespaces, String mounts) throws IOException {
    Path bundle = Files.createDirectory(folder.resolve(id));
    Files.writeString(
        bundle.resolve("config.json"),
        """
        {"ociVersion":"1.0.2",
         "process":{"terminal":false,"user":{"uid":0,"gid":0},"args":[%s],
          "env":["PATH=/bin:/usr/sbin:/usr/bin"],"cwd":"/",
          "capabilities":{"bounding":%s,"effective":%s,"permitted":%s}},
         "root":{"path":"%s"},
         "mounts":[%s{"destination":"/proc","type":"proc","source":"proc"},
          {"destination":"/dev","type":"tmpfs","source":"tmpfs"}],
         "linux":{"namespaces":[%s{"type":"mount"}]}}
        """
            .formatted(
                args,
                CAPABILITIES,
                CAPABILITIES,
                CAPABILITIES,
                folder.resolve("rootfs"),
                mounts,
                namespaces));
    return bundle;
  }

  /** Starts a container that stays, with these namespaces and mounts. */
  void start(String id, String namespaces, String mounts) throws IOException {
    Path bundle = bundle(id, SLEEP, namespaces, mounts);
    started.add(id);
    run("runc", "run", "--detach", "--bundle", bundle.toString(), id);
  }

  /** Runs a program of the host to its good end. */
  void run(String... command) throws IOException {
    Path log = folder.resolve("command.log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectInput(new java.io.File("/dev/null"))
            .redirectOutput(log.toFile())
            .start();
    process.onExit().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
    assertThat(process.exitValue()).as("%s: %s", List.of(command), Files.readString(log)).isZero();
  }

  @Override
  public void close() throws IOException {
    for (String id : started.reversed()) {
      run("runc", "delete", "--force", id);
    }
  }
}
