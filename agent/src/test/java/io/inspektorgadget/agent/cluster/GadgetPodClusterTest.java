// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.inspektorgadget.agent.trace.ClusterTraces;
import io.inspektorgadget.testing.TimeLimit;
import io.inspektorgadget.trace.RunMode;
import io.inspektorgadget.trace.TraceFilter;
import io.inspektorgadget.trace.TraceOutputMode;
import io.inspektorgadget.trace.TraceSpec;
import io.inspektorgadget.trace.TraceState;
import io.inspektorgadget.trace.TraceStatus;
import io.inspektorgadget.trace.client.ClusterClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The gadget pods of two nodes, brought up by the manifests alone: what happens in users' pods is
 * read through an exec, as from a laptop.
 */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class GadgetPodClusterTest {
  private static final String RUN = "-" + ProcessHandle.current().pid();
  private static final String SHOP = "shop" + RUN;
  private static final String BANK = "bank" + RUN;
  private static final String NODE1 = "node1";
  private static final String NODE2 = "node2";
  private static final String NODE3 = "node3";
  private static final long READY_LIMIT_S = 30;
  private static final long END_LIMIT_MS = 20_000;

  /** Faster than an exec carries it away, and more of it than all buffers on the way hold. */
  private static final String FLOOD =
      "i=0; while [ $i -lt 100000 ]; do : </proc/version; i=$((i+1)); done; cat /proc/uptime";

  private final KubernetesClient client = ClusterClient.ofSurroundings();
  private final ClusterTraces traces = new ClusterTraces(client, GadgetPods.NAMESPACE);
  private final WorkPods work = new WorkPods(client);
  private @Nullable GadgetPods deployed;

  @BeforeAll
  void deploy(@TempDir Path folder) throws Exception {
    deployed = GadgetPods.deploy(client, folder);
    work.start(SHOP, "web", NODE1, Map.of("app", "web"));
    work.start(SHOP, "db", NODE1, Map.of("app", "db"));
    work.start(SHOP, "far", NODE2, Map.of("app", "web"));
    work.start(BANK, "web", NODE1, Map.of("app", "web"));
  }

  @AfterEach
  void deleteTraces() {
    traces.deleteAll();
  }

  @AfterAll
  void remove() {
    try (client;
        GadgetPods removed = pods();
        work) {
      assertThat(removed).isNotNull();
    }
  }

  private GadgetPods pods() {
    return Objects.requireNonNull(deployed);
  }

  private static TraceFilter of(String namespace, Map<String, String> labels) {
    return new TraceFilter(namespace, "", labels, "");
  }

  private static TraceSpec spec(
      String node, String gadget, TraceOutputMode mode, TraceFilter filter) {
    return new TraceSpec(node, gadget, RunMode.MANUAL, filter, mode, "", Map.of());
  }

  private static TraceSpec automatic(String node, TraceFilter filter) {
    return new TraceSpec(
        node, "execsnoop", RunMode.AUTO, filter, TraceOutputMode.STREAM, "", Map.of());
  }

  private TraceStatus start(String name, String node, String gadget, TraceFilter filter) {
    traces.create(name, spec(node, gadget, TraceOutputMode.STREAM, filter));
    traces.command(name, "start");
    return traces.awaitState(name, TraceState.STARTED);
  }

  private PodStream read(String name, String node) throws IOException {
    return pods().stream(node, traces.tracerId(name));
  }

  @Test
  void podsAreReadySoonAndKnowTheirOwnNodesContainersOnly() throws Exception {
    for (String node : List.of(NODE1, NODE2)) {
      Pod pod = pods().on(node);
      assertThat(GadgetPods.startTime(pod).toSeconds()).isLessThan(READY_LIMIT_S);
      // Nothing is missing in the image or in the pod's rights.
      assertThat(GadgetPods.kubectl("logs", "-n", "gadget", pod.getMetadata().getName()))
          .contains("serving")
          .doesNotContain("holding starts", "noticing", "following");
      String containers = pods().exec(node, "/bin/gadgettracermanager", "-dump", "containers");
      assertThat(containers)
          .contains("gadget/" + pod.getMetadata().getName() + "/gadget")
          .doesNotContain("unknown");
      assertThat(containers.contains(SHOP + "/web/main")).isEqualTo(node.equals(NODE1));
      assertThat(containers.contains(SHOP + "/far/main")).isEqualTo(node.equals(NODE2));
    }
  }

  @Test
  void anExecInAPodIsSeenWithItsPlaceAndThatOfOthersIsNot() throws Exception {
    for (String node : List.of(NODE1, NODE2)) {
      assertThat(start("exec-" + node, node, "execsnoop", of(SHOP, Map.of())).operationError())
          .isEmpty();
    }
    try (PodStream near = read("exec-" + NODE1, NODE1);
        PodStream far = read("exec-" + NODE2, NODE2)) {
      work.exec(BANK, "web", "echo", "of-the-bank");
      work.exec(SHOP, "far", "echo", "of-far");
      work.exec(SHOP, "web", "echo", "of-web");
      assertThat(near.await("of-web"))
          .contains(
              "\"namespace\":\"" + SHOP + "\"",
              "\"podName\":\"web\"",
              "\"containerName\":\"main\"",
              "\"node\":\"node1\"",
              "app=web");
      assertThat(far.await("of-far")).contains("\"podName\":\"far\"", "\"node\":\"node2\"");
      assertThat(near.lines() + "" + far.lines()).doesNotContain("of-the-bank", BANK);
      assertThat(near.lines().toString()).doesNotContain("of-far");
      assertThat(far.lines().toString()).doesNotContain("of-web");
      traces.command("exec-" + NODE1, "stop");
      near.await("\"type\":\"end\"");
      near.awaitEnd();
    }
  }

  @Test
  void aPodWhoseLabelsBeginToMatchIsTaken() throws Exception {
    start("labels", NODE1, "execsnoop", of(SHOP, Map.of("app", "web")));
    try (PodStream stream = read("labels", NODE1)) {
      work.exec(SHOP, "db", "echo", "db-before");
      work.exec(SHOP, "web", "echo", "web-before");
      stream.await("web-before");
      assertThat(stream.lines().toString()).doesNotContain("db-before");
      work.label(SHOP, "db", "app=web");
      try {
        awaitExec(stream, "db", "db-after");
      } finally {
        work.label(SHOP, "db", "app=db");
      }
    }
  }

  @Test
  void aFilterMayExcludeLabelsAndListThem() throws Exception {
    start("not-db", NODE1, "execsnoop", of(SHOP, Map.of("app", "!db")));
    start("one-of", NODE1, "execsnoop", of(SHOP, Map.of("app", "db,cache", "none", "!*")));
    try (PodStream others = read("not-db", NODE1);
        PodStream listed = read("one-of", NODE1)) {
      work.exec(SHOP, "db", "echo", "of-db");
      work.exec(SHOP, "web", "echo", "of-web");
      assertThat(others.await("of-web")).contains("\"podName\":\"web\"");
      assertThat(listed.await("of-db")).contains("\"podName\":\"db\"");
      awaitExec(listed, "db", "the-last-of-db");
      assertThat(others.lines().toString()).doesNotContain("of-db");
      assertThat(listed.lines().toString()).doesNotContain("of-web");
    }
  }

  /** Executes something in a pod until the stream says so. */
  private void awaitExec(PodStream stream, String pod, String word) {
    TimeLimit.usual()
        .await(
            "a line with " + word,
            () -> {
              try {
                work.exec(SHOP, pod, "echo", word);
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException("executing in " + pod, e);
              }
              return stream.lines().toString().contains(word);
            });
  }

  @Test
  void aFilterThatSelectsNobodySaysSo() {
    assertThat(start("nobody", NODE2, "execsnoop", of(BANK, Map.of())).operationWarning())
        .isEqualTo("No container matches the requested filter");
  }

  @Test
  void aSnapshotOfThePodsIsInTheStatus() {
    TraceFilter filter = of(SHOP + "," + BANK, Map.of());
    traces.create("processes", spec(NODE1, "process-collector", TraceOutputMode.STATUS, filter));
    traces.command("processes", "collect");
    TraceStatus status = traces.awaitState("processes", TraceState.COMPLETED);
    assertThat(status.operationError() + status.operationWarning()).isEmpty();
    assertThat(status.output())
        .startsWith("[")
        .contains("\"namespace\":\"" + BANK + "\"", "\"podName\":\"db\"", "\"comm\":\"sleep\"")
        .doesNotContain("\"podName\":\"far\"");
  }

  @Test
  void functionsOfProcessesAreNamedThoughTheNodeHasNumbersOfItsOwn() throws Exception {
    TraceFilter filter = new TraceFilter(SHOP, "db", Map.of(), "");
    traces.create("profile", spec(NODE1, "profile", TraceOutputMode.STATUS, filter));
    traces.command("profile", "start");
    traces.awaitState("profile", TraceState.STARTED);
    // Only the mappings of a process that is still there can be looked at.
    work.exec(SHOP, "db", "sh", "-c", "timeout 10 sh -c 'while :; do :; done' >/dev/null 2>&1 &");
    work.exec(SHOP, "db", "sleep", "1");
    traces.command("profile", "stop");
    TraceStatus status = traces.awaitState("profile", TraceState.COMPLETED);
    assertThat(status.operationError()).isEmpty();
    // The image's programs have no names of functions: what is known of an address is its file.
    assertThat(status.output()).contains("\"podName\":\"db\"", "busybox+0x");
  }

  @Test
  void anAutomaticTraceNeedsNoCommand() throws Exception {
    traces.create("auto", automatic(NODE1, of(SHOP, Map.of())));
    traces.awaitState("auto", TraceState.STARTED);
    try (PodStream stream = read("auto", NODE1)) {
      work.exec(SHOP, "web", "echo", "needs-no-command");
      assertThat(stream.await("needs-no-command")).contains("\"podName\":\"web\"");
    }
  }

  @Test
  void anAgentThatEndsLeavesNothingAndGoesOnWhenItIsBack() throws Exception {
    start("goes-on", NODE1, "execsnoop", of(SHOP, Map.of()));
    start("opens", NODE1, "opensnoop", of(SHOP, Map.of()));
    AgentProcess agent = AgentProcess.of(pods().on(NODE1));
    Set<String> held = agent.held();
    assertThat(held)
        .anyMatch(object -> object.startsWith("prog"))
        .anyMatch(object -> object.startsWith("map"))
        .anyMatch(object -> object.startsWith("link"));
    assertThat(AgentProcess.loaded(held)).isEqualTo(held);
    assertThat(agent.end()).isLessThan(END_LIMIT_MS);
    AgentProcess.awaitGone(held);
    awaitGoingOn("goes-on", NODE1, "web");
  }

  @Test
  void anAgentThatIsKilledLeavesNothingAndGoesOnWhenItIsBack() throws Exception {
    start("survives", NODE1, "execsnoop", of(SHOP, Map.of()));
    AgentProcess agent = AgentProcess.of(pods().on(NODE1));
    Set<String> held = agent.held();
    assertThat(held).isNotEmpty();
    agent.kill();
    AgentProcess.awaitGone(held);
    awaitGoingOn("survives", NODE1, "web");
  }

  /** Waits until a started Trace has been taken up again, and sees what a pod does. */
  private void awaitGoingOn(String name, String node, String pod) throws IOException {
    assertThat(traces.await(name, trace -> !trace.outcome().operationWarning().isEmpty()))
        .satisfies(status -> assertThat(status.operationWarning()).contains("restarted"))
        .extracting(TraceStatus::state)
        .isEqualTo(TraceState.STARTED);
    try (PodStream stream = read(name, node)) {
      awaitExec(stream, pod, "after-the-restart-of-" + name);
    }
  }

  @Test
  void aNodeThatIsLostGoesOnWhenItIsBackAndTakesWhatCameMeanwhile() throws Exception {
    start("far", NODE2, "execsnoop", of(SHOP, Map.of()));
    start("near", NODE1, "execsnoop", of(SHOP, Map.of()));
    ClusterCommand.run("node", "down", "2");
    try {
      TraceSpec meanwhile = automatic(NODE2, of(SHOP, Map.of()));
      traces.create("meanwhile", meanwhile);
      // What others do does not wait for it.
      try (PodStream stream = read("near", NODE1)) {
        awaitExec(stream, "web", "while-a-node-is-lost");
      }
      assertThat(Objects.requireNonNull(traces.resource("meanwhile").get()).outcome())
          .isEqualTo(TraceStatus.EMPTY);
    } finally {
      ClusterCommand.run("node", "up", "2");
    }
    traces.awaitState("meanwhile", TraceState.STARTED);
    awaitGoingOn("far", NODE2, "far");
    try (PodStream stream = read("meanwhile", NODE2)) {
      awaitExec(stream, "far", "for-the-new-trace");
    }
  }

  @Test
  void aNodeThatJoinsHasAPodThatPerformsWhatWaits() throws Exception {
    traces.create("waits", automatic(NODE3, TraceFilter.ALL));
    ClusterCommand.run("node", "up", "3");
    try {
      traces.awaitState("waits", TraceState.STARTED);
      assertThat(pods().exec(NODE3, "/bin/gadgettracermanager", "-dump", "traces"))
          .contains(traces.tracerId("waits"));
    } finally {
      traces.delete("waits");
      ClusterCommand.run("node", "down", "3");
      GadgetPods.kubectl("delete", "node", NODE3);
      // Nobody is left to say that they have ended.
      GadgetPods.kubectl(
          "delete", "pods", "-A", "--force", "--field-selector", "spec.nodeName=" + NODE3);
    }
  }

  @Test
  void aTraceThatIsDeletedWhileThePodIsAwayGoesWhenItIsBack() throws Exception {
    start("lets-go", NODE1, "execsnoop", of(SHOP, Map.of()));
    pods().keepOffNodes();
    traces.resource("lets-go").delete();
    assertThat(Objects.requireNonNull(traces.resource("lets-go").get()).deleted()).isTrue();
    pods().returnToNodes();
    traces.awaitGone("lets-go");
    assertThat(pods().exec(NODE1, "/bin/gadgettracermanager", "-dump", "traces"))
        .doesNotContain("lets-go");
  }

  @Test
  void aSlowReaderLosesCountedLinesAndStallsNobody() throws Exception {
    start("flood", NODE1, "opensnoop", of(SHOP, Map.of()));
    try (PodStream slow = pods().stalledStream(NODE1, traces.tracerId("flood"));
        PodStream fast = read("flood", NODE1)) {
      work.exec(SHOP, "web", "sh", "-c", FLOOD);
      fast.await("/proc/uptime");
      slow.readOn();
      assertThat(slow.await("\"stage\":\"client\"")).contains("\"type\":\"loss\"", "\"count\":");
      slow.await("/proc/uptime");
    }
  }
}
