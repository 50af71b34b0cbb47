// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.gadget;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A shell in a mount namespace of its own. It waits for a line and then runs a script, itself: what
 * the script's builtins do is all that happens in the namespace. Closing ends it.
 */
final class NamespacedShell implements AutoCloseable {
  private static final long LIMIT_MS = 20_000;

  private final Process process;
  private final long mountNsInode;

  private NamespacedShell(Process process, long mountNsInode) {
    this.process = process;
    this.mountNsInode = mountNsInode;
  }

  /** Starts the shell; returns when it is in its namespace. */
  static NamespacedShell start(String script) throws IOException {
    Process process =
        new ProcessBuilder("unshare", "-m", "/bin/sh", "-c", "read -r _; " + script)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    long ours = mountNs("self");
    String pid = Long.toString(process.pid());
    long deadlineNs = deadlineNs();
    while (System.nanoTime() < deadlineNs && process.isAlive()) {
      // unshare(1) has changed the namespace before it becomes the shell.
      boolean isShell = Files.readString(Path.of("/proc", pid, "comm")).strip().equals("sh");
      long inode = mountNs(pid);
      if (isShell && inode != ours) {
        return new NamespacedShell(process, inode);
      }
      Thread.onSpinWait();
    }
    process.destroyForcibly();
    throw new IllegalStateException("starting a shell: it is in no namespace of its own");
  }

  static long deadlineNs() {
    return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LIMIT_MS);
  }

  private static long mountNs(String pid) throws IOException {
    String link = Files.readSymbolicLink(Path.of("/proc", pid, "ns", "mnt")).toString();
    return Long.parseLong(link.substring(link.indexOf('[') + 1, link.indexOf(']')));
  }

  long pid() {
    return process.pid();
  }

  long mountNsInode() {
    return mountNsInode;
  }

  /** Lets the script run. */
  void release() throws IOException {
    process.getOutputStream().write("go\n".getBytes(StandardCharsets.US_ASCII));
    process.getOutputStream().close();
  }

  /** Waits until the script has ended. */
  void awaitEnd() throws InterruptedException {
    if (!process.waitFor(LIMIT_MS, TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("the script still runs after " + LIMIT_MS + " ms");
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
