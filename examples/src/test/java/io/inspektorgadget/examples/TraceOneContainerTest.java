// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Traces one of two containers of runc, from its first instruction on. */
@Tag("runtime")
final class TraceOneContainerTest {
  @TempDir Path folder;

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void printsEventsOfTheContainerAndOfNoOther() throws Exception {
    long pid = ProcessHandle.current().pid();
    String name = "igexample-web-" + pid;
    String script = "/bin/busybox echo first; /bin/busybox echo second";
    Path other = Files.createDirectory(folder.resolve("other"));
    Path traced = Files.createDirectory(folder.resolve("traced"));
    try (RuncContainer db = RuncContainer.prepare(other, "igexample-db-" + pid, script);
        RuncContainer web = RuncContainer.prepare(traced, name, script);
        RunningExample example =
            RunningExample.start(TraceOneContainer.class, name, "trace_exec")) {
      example.awaitLine(line -> line.startsWith("tracing "));
      db.run();
      web.run();
      example.awaitLine(line -> line.contains("\"argv\":[\"/bin/busybox\",\"echo\",\"second\"]"));
      // Losses are told on standard error, which is read here as well.
      List<String> events =
          example.interrupt().stream().filter(line -> line.startsWith("{\"args\":")).toList();
      assertThat(events)
          .allMatch(line -> line.contains("\"containerName\":\"" + name + "\""))
          .anyMatch(line -> line.contains("\"argv\":[\"/bin/busybox\",\"sh\",\"-c\""))
          .anyMatch(line -> line.contains("\"argv\":[\"/bin/busybox\",\"echo\",\"first\"]"));
    }
  }
}
