// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Traces one process, which waits in a mount namespace of its own until it is traced. */
@Tag("scenario")
final class TraceOpensTest {
  @TempDir Path folder;

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void printsWhatOneProcessOpens() throws Exception {
    Path present = Files.writeString(folder.resolve("present"), "here\n");
    Path absent = folder.resolve("absent");
    Process subject =
        new ProcessBuilder(
                "unshare",
                "-m",
                "/bin/sh",
                "-c",
                "read -r _; exec cat \"$@\"",
                "subject",
                present.toString(),
                absent.toString())
            .start();
    String pid = Long.toString(subject.pid());
    try (RunningExample example = RunningExample.start(TraceOpens.class, pid)) {
      example.awaitLine(line -> line.startsWith("tracing;"));
      release(subject);
      String prefix = "proc.comm=cat proc.pid=" + pid + " fname=";
      String opened = example.awaitLine(line -> line.startsWith(prefix + present));
      assertThat(opened.strip()).endsWith("error=");
      String missed = example.awaitLine(line -> line.startsWith(prefix + absent));
      assertThat(missed).endsWith("error=ENOENT");
      assertThat(example.interrupt())
          .filteredOn(line -> line.startsWith("proc."))
          .allMatch(line -> line.contains(" proc.pid=" + pid + " "));
    } finally {
      subject.destroyForcibly();
    }
  }

  private static void release(Process subject) throws IOException {
    try (var input = subject.outputWriter()) {
      input.write("go\n");
    }
  }
}
