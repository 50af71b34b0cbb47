// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.testing.TimeLimit;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every gadget of the catalog on two nodes, from the laptop, as a table and as JSON. */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(150)
final class GadgetsClusterTest {
  private static final String WORK = "work-" + ProcessHandle.current().pid();
  private static final Pattern GADGET = Pattern.compile(" {2}([a-z]+ [a-z-]+) {2,}.*");

  private static final TimeLimit LIMIT = DeployedGadgets.LIMIT;

  /** Faster than an exec carries it away, and more of it than all buffers on the way hold. */
  private static final String FLOOD =
      "i=0; while [ $i -lt 150000 ]; do : </proc/version; i=$((i+1)); done; cat /proc/uptime";

  /** The gadgets that the tests below run. */
  private static final List<String> RUN =
      List.of(
          "profile block-io",
          "profile cpu",
          "snapshot process",
          "top block-io",
          "trace exec",
          "trace open",
          "trace signal");

  private @Nullable DeployedGadgets deployed;

  @BeforeAll
  void deploy() throws Exception {
    DeployedGadgets gadgets = new DeployedGadgets();
    deployed = gadgets;
    gadgets.deploy();
    gadgets.startPod(WORK, "one", "node1");
    gadgets.startPod(WORK, "two", "node2");
  }

  @AfterAll
  void end() throws Exception {
    gadgets().close();
  }

  private DeployedGadgets gadgets() {
    return Objects.requireNonNull(deployed);
  }

  @Test
  void noGadgetOfTheCatalogIsForgottenHere() throws Exception {
    assertThat(
            KubectlGadget.printed("kubectl-gadget", "list-gadgets")
                .lines()
                .map(GADGET::matcher)
                .filter(line -> line.matches())
                .map(line -> line.group(1)))
        .isEqualTo(RUN);
  }

  /** What a pod does, as a row and as a line of JSON, each with its place. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          trace exec   | of-one        | "argv":["/bin/busybox","echo","of-one"] | COMM,PID,TID,ERROR,ARGS
          trace open   | /etc/hostname | "fname":"/etc/hostname"                 | COMM,PID,TID,ERROR,FD,FNAME
          trace signal | SIGUSR1       | "sig":"SIGUSR1"                         | COMM,PID,TID,TPID,SIG
          """)
  void anEventIsARowAndALine(String gadget, String row, String member, String columns)
      throws Exception {
    String[] words = gadget.split(" ", -1);
    List<String> table =
        gadgets().traced(row, words[0], words[1], "-n", WORK, "-p", "one", "--node", "node1");
    assertThat(table.getFirst().strip().split(" +", -1))
        .startsWith("NODE", "NAMESPACE", "POD", "CONTAINER")
        .containsSequence(columns.split(",", -1));
    assertThat(table.stream().skip(1))
        .isNotEmpty()
        .allMatch(line -> line.matches("node1 +" + WORK + " +one +main .*"));
    List<String> json =
        gadgets().traced(member, words[0], words[1], "-n", WORK, "-c", "main", "-o", "json");
    assertThat(json)
        .allMatch(line -> line.startsWith("{") && line.endsWith("}"))
        .anyMatch(line -> line.contains(member))
        .allMatch(line -> line.contains("\"namespace\":\"" + WORK + "\""));
  }

  /** Tables of both nodes are put together; JSON is one array for each of them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          snapshot process      | sh | "comm":"sh"     | COMM,PID,TID
          top block-io -t 4     | dd | "comm":"dd"     | COMM,PID,TID,DEVICE,RW,BYTES,US,IO
          profile cpu -t 3      | sh | "samples":      | KERN_STACK,COMM,PID,SAMPLES,USER_STACK
          """)
  void aTableIsOneOfAllNodes(String command, String comm, String member, String columns)
      throws Exception {
    List<String> table = gadgets().ended(words(command, "-n", WORK));
    assertThat(table.getFirst().strip().split(" +", -1))
        .startsWith("NODE", "NAMESPACE", "POD", "CONTAINER")
        .containsSequence(columns.split(",", -1));
    for (String node : List.of("node1", "node2")) {
      assertThat(table)
          .anyMatch(line -> line.matches(node + " +" + WORK + " .* " + comm + " .*"))
          .allMatch(line -> line.startsWith("NODE ") || line.contains(WORK));
    }
    List<String> json = gadgets().ended(words(command, "-n", WORK, "-o", "json"));
    assertThat(json).allMatch(line -> line.startsWith("[") && line.endsWith("]"));
    assertThat(String.join("", json))
        .contains("\"node\":\"node1\"", "\"node\":\"node2\"", "\"podName\":\"one\"", member);
  }

  @Test
  void histogramsAreDrawnForEachNode() throws Exception {
    String drawn = String.join("\n", gadgets().ended("profile", "block-io", "-t", "3"));
    assertThat(drawn).contains("node: node1", "node: node2", "distribution", "|*");
    List<String> json = gadgets().ended("profile", "block-io", "-t", "3", "-o", "json");
    assertThat(json).hasSize(1);
    assertThat(json.getFirst())
        .startsWith("[")
        .contains("\"node\":\"node1\"", "\"node\":\"node2\"", "\"latency\":[{\"count\":");
    assertThat(KubectlGadget.refusal("profile", "block-io", "-n", WORK))
        .isEqualTo(
            "reading --namespace: what kubectl gadget profile block-io shows belongs to no"
                + " container; leave it out");
  }

  /**
   * Nobody reads what the program prints, while more is opened than all buffers on the way hold:
   * what is missing then is said, and what comes later is there.
   */
  @Test
  void aSlowReaderIsToldWhatItHasMissed() throws Exception {
    try (KubectlGadget slow =
            KubectlGadget.startUnread(words("trace open", "-n", WORK, "-p", "one", "-o", "json"));
        KubectlGadget fast =
            KubectlGadget.start(words("trace open", "-n", WORK, "-p", "one", "-o", "json"))) {
      LIMIT.await("both runs are there", () -> gadgets().startedTraces() == 4);
      fast.awaitLine(line -> line.contains("/etc/hostname"));
      KubectlGadget.printed(
          "cluster", "kubectl", "exec", "-n", WORK, "one", "--", "sh", "-c", FLOOD);
      fast.awaitLine(line -> line.contains("/proc/uptime"));
      fast.interrupt();
      slow.readOn();
      slow.awaitLine(line -> line.contains("/proc/uptime"));
      slow.interrupt();
      assertThat(slow.err())
          .anyMatch(line -> line.matches(".*\"loss\".* on node1\".*\"stage\":\"client\".*"));
    }
    gadgets().awaitNoTraces();
  }

  /** The same command line prints the same on a host and from a cluster, but for the node. */
  @Test
  void othersFormsAreThoseOfIg() throws Exception {
    assertThat(
            gadgets()
                .traced(
                    "of-two",
                    words("trace exec", "-n", WORK, "-o", "columns=pod,args", "-F", "args~of-")))
        .first()
        .asString()
        .matches("POD +ARGS");
    assertThat(
            gadgets()
                .traced("argv", words("trace exec", "-n", WORK, "-o", "json", "--fields", "argv")))
        .allMatch(line -> line.matches("\\{\"argv\":\\[.*\\]\\}"));
    assertThat(
            gadgets()
                .traced(
                    "argv: [\"/bin/busybox\",\"echo\",\"of-one\"]",
                    words("trace exec", "-n", WORK, "-p", "one", "-o", "yaml")))
        .contains("---");
  }

  private static String[] words(String command, String... more) {
    String[] first = command.strip().split(" +", -1);
    String[] all = Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return all;
  }
}
