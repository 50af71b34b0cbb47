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
  void anAutomaticTraceNeedsNoCommand() throws Exception {
    traces.create(
        "auto",
        new TraceSpec(
            NODE1,
            "opensnoop",
            RunMode.AUTO,
            of(SHOP, Map.of()),
            TraceOutputMode.STREAM,
            "",
            Map.of()));
    traces.awaitState("auto", TraceState.STARTED);
    try (PodStream stream = read("auto", NODE1)) {
      work.exec(SHOP, "web", "cat", "/proc/version");
      assertThat(stream.await("/proc/version")).contains("\"podName\":\"web\"");
    }
  }

  @Test
  void anAgentThatEndsLeavesNothingAndGoesOnWhenItIsBack() throws Exception {
    start("goes-on", NODE1, "execsnoop", of(SHOP, Map.of()));
    start("opens", NODE1, "opensnoop", of(SHOP, Map.of()));
    AgentProcess agent = AgentProcess.of(pods().on(NODE1));
    List<Long> programs = agent.programs();
    assertThat(programs).hasSizeGreaterThan(3);
    long tookMs = agent.end();
    assertThat(tookMs).isLessThan(END_LIMIT_MS);
    TimeLimit.usual().await("its programs are gone", () -> AgentProcess.loaded(programs).isEmpty());
    assertThat(traces.await("goes-on", trace -> !trace.outcome().operationWarning().isEmpty()))
        .satisfies(status -> assertThat(status.operationWarning()).contains("restarted"))
        .extracting(TraceStatus::state)
        .isEqualTo(TraceState.STARTED);
    try (PodStream stream = read("goes-on", NODE1)) {
      work.exec(SHOP, "web", "echo", "after-the-restart");
      stream.await("after-the-restart");
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
