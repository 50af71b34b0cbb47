// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.scenario;

import io.inspektorgadget.testing.TimeLimit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process in a mount namespace of its own, which waits until it is let go and then becomes the
 * command. Closing ends it.
 */
final class Subject implements AutoCloseable {
  private final Process process;
  private final long mountNsInode;

  private Subject(Process process, long mountNsInode) {
    this.process = process;
    this.mountNsInode = mountNsInode;
  }

  /** Starts the process; returns when it is in its namespace. */
  static Subject start(List<String> command) throws IOException, InterruptedException {
    List<String> words =
        new ArrayList<>(
            List.of("unshare", "-m", "/bin/sh", "-c", "read -r _; exec \"$@\"", "subject"));
    words.addAll(command);
    Process process =
        new ProcessBuilder(words)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    long ours = mountNs("self");
    long deadlineNs = TimeLimit.usual().deadlineNs();
    while (System.nanoTime() < deadlineNs && process.isAlive()) {
      // unshare(1) has changed the namespace before it becomes the shell.
      boolean isShell =
          Files.readString(Path.of("/proc", Long.toString(process.pid()), "comm"))
              .strip()
              .equals("sh");
      long inode = mountNs(Long.toString(process.pid()));
      if (isShell && inode != ours) {
        return new Subject(process, inode);
      }
      Thread.onSpinWait();
    }
    process.destroyForcibly();
    throw new IllegalStateException("starting " + command + ": it is in no namespace of its own");
  }

  static long mountNs(String pid) throws IOException {
    String link = Files.readSymbolicLink(Path.of("/proc", pid, "ns", "mnt")).toString();
    return Long.parseLong(link.substring(link.indexOf('[') + 1, link.indexOf(']')));
  }

  long pid() {
    return process.pid();
  }

  long mountNsInode() {
    return mountNsInode;
  }

  /** Lets the process become the command. */
  void release() throws IOException {
    process.getOutputStream().write("go\n".getBytes(StandardCharsets.US_ASCII));
    process.getOutputStream().close();
  }

  /** Waits until the command has ended. */
  void awaitExit(long limitMs) throws InterruptedException {
    if (!process.waitFor(limitMs, TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("the command still runs after " + limitMs + " ms");
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
