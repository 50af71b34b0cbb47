// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.cluster;

import io.inspektorgadget.agent.stream.ClientProgram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Commands of {@code ./cluster}, which do something to the cluster itself. */
public final class ClusterCommand {
  private static final long LIMIT_S = 100;

  private ClusterCommand() {}

  /** The words of a command. */
  static List<String> words(List<String> words) {
    List<String> command = new ArrayList<>();
    command.add(ClientProgram.checkout().resolve("cluster").toString());
    command.addAll(words);
    return command;
  }

  /** Runs one to its good end. */
  public static void run(String... words) throws IOException, InterruptedException {
    // What it starts must hold no pipe of ours.
    Process process = new ProcessBuilder(words(List.of(words))).inheritIO().start();
    if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException("cluster " + String.join(" ", words) + ": it did not come to its end");
    }
  }
}
