// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.cli.terminal.StandardError;
import io.inspektorgadget.cli.terminal.StandardOutput;
import io.inspektorgadget.cli.terminal.Streams;
import io.inspektorgadget.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The help of the whole program, and what of it differs from that of a host. */
final class HelpTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private String printed(String... args) {
    Streams streams =
        new Streams(
            new StandardOutput(out, false),
            new StandardError(out),
            new Terminal(false, Map.of(), () -> 0));
    int status =
        KubectlGadgetMain.program(streams, action -> {}, List.of(args)).run(List.of(args), streams);
    assertThat(status).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theCommandsOfTheClusterAreThere() throws Exception {
    String help = printed("--help");
    try (InputStream golden = HelpTest.class.getResourceAsStream("/golden/commands.txt")) {
      String expected =
          new String(Objects.requireNonNull(golden).readAllBytes(), StandardCharsets.UTF_8);
      assertThat(help).contains(expected);
    }
    assertThat(help)
        .startsWith("Shows what the containers of a cluster really do")
        .contains("kubectl gadget run GADGET [flags]")
        .doesNotContain("FILE.o");
  }

  @ParameterizedTest
  @ValueSource(strings = {"trace exec", "top block-io", "profile block-io"})
  void aGadgetHasTheFlagsAndColumnsOfACluster(String gadget) {
    String[] words = gadget.split(" ", -1);
    assertThat(printed(words[0], words[1], "--help"))
        .contains(
            "kubectl gadget " + gadget,
            "-A, --all-namespaces",
            "--node LIST",
            "--kubeconfig FILE",
            "* k8s.node (node)")
        .doesNotContain("--host", "--runtime-path");
  }

  @Test
  void everyShellIsCompleted() {
    assertThat(printed("completion", "bash"))
        .contains("kubectl-gadget", "--all-namespaces", "undeploy", "list-containers");
  }
}
