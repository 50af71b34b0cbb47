// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.agent.stream.ClientProgram;
import io.inspektorgadget.testing.TimeLimit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pod's process from its start to SIGTERM. */
@Tag("cli")
@Timeout(90)
final class AgentProgramTest {
  private static final int SIGTERM_STATUS = 143;

  private final Path folder = Files.createTempDirectory("agent");
  private final Path socket = folder.resolve("socket");
  private @Nullable Process started;

  AgentProgramTest() throws IOException {}

  @AfterEach
  void close() throws IOException {
    if (started != null) {
      started.destroyForcibly();
    }
    Files.deleteIfExists(socket);
    Files.delete(folder);
  }

  private Process start(Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            AgentMain.class.getName());
    builder.environment().putAll(environment);
    Process process = builder.start();
    started = process;
    return process;
  }

  private int liveness() {
    try {
      return ClientProgram.start(socket, "-liveness").waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("asking whether the agent lives", e);
    }
  }

  @Test
  void itIsReadySoonAndEndsWithSigterm() throws Exception {
    Process agent =
        start(Map.of("NODE_NAME", "node-a", "GADGET_TRACER_MANAGER_SOCKET", socket.toString()));
    TimeLimit.ofMs(30_000).await("a live agent", () -> liveness() == 0);
    Process dump = ClientProgram.start(socket, "-dump", "containers");
    assertThat(dump.inputReader().readLine()).isEqualTo("List of containers:");
    agent.toHandle().destroy();
    assertThat(agent.waitFor(TimeLimit.usual().ms(), TimeUnit.MILLISECONDS)).isTrue();
    assertThat(agent.exitValue()).isEqualTo(SIGTERM_STATUS);
    assertThat(agent.errorReader().readAllLines())
        .contains("gadget-agent: node node-a: serving " + socket)
        .last()
        .isEqualTo("gadget-agent: ended");
    assertThat(socket).doesNotExist();
    assertThat(liveness()).isEqualTo(3);
  }

  @Test
  void withoutANodeNameItSaysWhatToSet() throws Exception {
    Process agent = start(Map.of("NODE_NAME", ""));
    assertThat(agent.waitFor()).isEqualTo(2);
    assertThat(agent.errorReader().readAllLines())
        .singleElement()
        .asString()
        .contains("NODE_NAME is not set", "spec.nodeName");
  }

  @Test
  void twoAgentsDoNotShareASocket() throws Exception {
    Map<String, String> environment =
        Map.of("NODE_NAME", "node-a", "GADGET_TRACER_MANAGER_SOCKET", socket.toString());
    Process first = start(environment);
    TimeLimit.ofMs(30_000).await("a live agent", () -> liveness() == 0);
    Process second = start(environment);
    assertThat(second.waitFor()).isOne();
    assertThat(second.errorReader().readAllLines().getLast())
        .contains("opening the socket", "another process serves it");
    assertThat(liveness()).isZero();
    first.destroyForcibly();
  }
}
