// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Watches a container of runc from its birth to its end. */
@Tag("runtime")
final class WatchContainersTest {
  @TempDir Path folder;

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void printsBirthAndEnd() throws Exception {
    String name = "igexample-watch-" + ProcessHandle.current().pid();
    try (RuncContainer container = RuncContainer.prepare(folder, name, "true");
        RunningExample example = RunningExample.start(WatchContainers.class)) {
      example.awaitLine(line -> line.startsWith("watching "));
      container.run();
      String born = example.awaitLine(line -> line.startsWith("+ " + name + " "));
      assertThat(born).matches("\\+ \\S+ \\(runc, pid [1-9]\\d*, mount namespace [1-9]\\d*\\)");
      example.awaitLine(line -> line.equals("- " + name));
      assertThat(example.interrupt()).filteredOn(line -> line.contains(name)).hasSize(2);
    }
  }
}
