// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A container of this host that runc started and whose configuration names a pod, as a kubelet's
 * would. It sleeps; closing removes it.
 *
 * @param id its id at runc
 */
record PodContainer(String id) implements AutoCloseable {
  private static final long LIMIT_SECONDS = 60;
  private static final String SLEEP = "/bin/busybox sleep 1000";

  /**
   * Starts one.
   *
   * @param folder where its files may lie
   * @param pod {@code NAMESPACE/NAME} of its pod
   * @param label one label of the pod, {@code KEY=VALUE}
   */
  static PodContainer start(Path folder, String pod, String label)
      throws IOException, InterruptedException {
    String id = "traces-" + ProcessHandle.current().pid() + "-" + pod.replace('/', '-');
    Path bundle = Files.createDirectories(folder.resolve(id));
    Path programs = Files.createDirectories(bundle.resolve("rootfs/bin"));
    Files.createDirectories(bundle.resolve("rootfs/proc"));
    Files.copy(Path.of("/bin/busybox"), programs.resolve("busybox"));
    String[] name = pod.split("/", -1);
    String[] keyAndValue = label.split("=", -1);
    Files.writeString(
        bundle.resolve("config.json"),
        """
        {"ociVersion":"1.0.2",
         "process":{"user":{"uid":0,"gid":0},"args":["%s"],"env":["PATH=/bin"],"cwd":"/"},
         "root":{"path":"rootfs"},
         "mounts":[{"destination":"/proc","type":"proc","source":"proc"}],
         "annotations":{
           "io.kubernetes.cri.sandbox-namespace":"%s","io.kubernetes.cri.sandbox-name":"%s",
           "io.kubernetes.cri.container-name":"main",
           "io.kubernetes.cri-o.Labels":"{\\"%s\\":\\"%s\\"}"},
         "linux":{"namespaces":[{"type":"pid"},{"type":"mount"},{"type":"network"}]}}
        """
            .formatted(
                String.join("\",\"", SLEEP.split(" ", -1)),
                name[0],
                name[1],
                keyAndValue[0],
                keyAndValue[1]));
    run("runc", "run", "--detach", "--bundle", bundle.toString(), id);
    return new PodContainer(id);
  }

  /** Runs a program in it, to its end. */
  void execute(String... command) throws IOException, InterruptedException {
    String[] words = new String[command.length + 3];
    words[0] = "runc";
    words[1] = "exec";
    words[2] = id;
    System.arraycopy(command, 0, words, 3, command.length);
    run(words);
  }

  private static void run(String... command) throws IOException, InterruptedException {
    // What stays after it must hold no pipe of ours.
    Process process =
        new ProcessBuilder(List.of(command))
            .redirectInput(new java.io.File("/dev/null"))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(String.join(" ", command) + ": not over after a minute");
    }
    if (process.exitValue() != 0) {
      throw new IOException(String.join(" ", command) + ": exit status " + process.exitValue());
    }
  }

  @Override
  public void close() throws IOException {
    try {
      run("runc", "delete", "--force", id);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("deleting " + id, e);
    }
  }
}
