// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent;

import io.inspektorgadget.testing.TimeLimit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * A process in a mount namespace of its own that opens /dev/null a known number of times, at a
 * known rate, once it is told to. Closing ends it.
 */
final class PacedOpener implements AutoCloseable {
  private static final String PROGRAM =
      """
      import os, sys, time
      count, rate = int(sys.argv[1]), int(sys.argv[2])
      print("ready", flush=True)
      sys.stdin.readline()
      begin = time.monotonic()
      for i in range(count):
          os.close(os.open("/dev/null", os.O_RDONLY))
          ahead = begin + (i + 1) / rate - time.monotonic()
          if ahead > 0.002:
              time.sleep(ahead)
      """;

  private final Process process;

  private PacedOpener(Process process) {
    this.process = process;
  }

  /** Starts the process; returns when it waits for the word. */
  static PacedOpener start(int count, int rate) throws IOException {
    Process process =
        new ProcessBuilder(
                "unshare",
                "-m",
                "python3",
                "-c",
                PROGRAM,
                String.valueOf(count),
                String.valueOf(rate))
            .start();
    if (!"ready".equals(process.inputReader().readLine())) {
      process.destroyForcibly();
      throw new IllegalStateException("starting a process that opens files: it is not ready");
    }
    return new PacedOpener(process);
  }

  long pid() {
    return process.pid();
  }

  void release() throws IOException {
    process.getOutputStream().write("go\n".getBytes(StandardCharsets.US_ASCII));
    process.getOutputStream().flush();
  }

  void awaitEnd() throws InterruptedException {
    if (!process.waitFor(TimeLimit.usual().ms(), TimeUnit.MILLISECONDS)
        || process.exitValue() != 0) {
      throw new IllegalStateException("opening files: the process has not come to its end");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
