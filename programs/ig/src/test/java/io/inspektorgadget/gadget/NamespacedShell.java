// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.gadget;

import io.inspektorgadget.testing.TimeLimit;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A shell in a mount namespace of its own. It waits for a line and then runs a script, itself: what
 * the script's builtins do is all that happens in the namespace. What it writes must be short, or
 * be read by {@link #awaitWord}. Closing ends it.
 */
final class NamespacedShell implements AutoCloseable {
  private static final TimeLimit LIMIT = TimeLimit.usual();

  private final Process process;
  private final StringBuilder said = new StringBuilder();
  private final long mountNsInode;

  private NamespacedShell(Process process, long mountNsInode) {
    this.process = process;
    this.mountNsInode = mountNsInode;
  }

  /** Starts the shell; returns when it is in its namespace. */
  static NamespacedShell start(String script) throws IOException {
    Process process =
        new ProcessBuilder("unshare", "-m", "/bin/sh", "-c", "read -r _; " + script)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    long ours = mountNs("self");
    String pid = Long.toString(process.pid());
    long deadlineNs = LIMIT.deadlineNs();
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
    begin();
    process.getOutputStream().close();
  }

  /** Lets the script run; one that reads a line at its end waits there until {@link #release}. */
  void begin() throws IOException {
    process.getOutputStream().write("go\n".getBytes(StandardCharsets.US_ASCII));
    process.getOutputStream().flush();
  }

  /** Waits until the script has written a line with that word alone, as echo does. */
  void awaitWord(String word) {
    BufferedReader output = process.inputReader(StandardCharsets.ISO_8859_1);
    LIMIT.await(
        "the script to say " + word,
        () -> {
          try {
            while (output.ready()) {
              said.append((char) output.read());
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          return said.indexOf(word + "\n") >= 0;
        });
  }

  /** Waits until the script has ended. */
  void awaitEnd() throws InterruptedException {
    if (!process.waitFor(LIMIT.ms(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("the script still runs after " + LIMIT.ms() + " ms");
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
