// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.inspektorgadget.testing.TimeLimit;
import io.inspektorgadget.trace.RunMode;
import io.inspektorgadget.trace.Trace;
import io.inspektorgadget.trace.TraceOutputMode;
import io.inspektorgadget.trace.TraceSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The program on the cluster of {@code ./cluster}, from its deployment to its removal. Its nodes
 * have the image of the gadget pods; KUBECONFIG says where it is.
 */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(150)
final class KubectlGadgetClusterTest {
  private static final TimeLimit LIMIT = DeployedGadgets.LIMIT;
  private static final String SHOP = "shop-" + ProcessHandle.current().pid();
  private static final String BANK = "bank-" + ProcessHandle.current().pid();
  private static final String NONE_DEPLOYED =
      "listing the gadget pods: there is none in namespace gadget (kubectl gadget deploy brings them"
          + " up)";

  private @Nullable DeployedGadgets deployed;

  @BeforeAll
  void deploy() throws Exception {
    DeployedGadgets gadgets = new DeployedGadgets();
    deployed = gadgets;
    assertThat(KubectlGadget.refusal("trace", "exec")).isEqualTo(NONE_DEPLOYED);
    assertThat(KubectlGadget.printed("kubectl-gadget", "version"))
        .endsWith("\nServer version: not installed");
    assertThat(KubectlGadget.printed("kubectl-gadget", "undeploy"))
        .isEqualTo("Inspektor Gadget is not deployed; there is nothing to remove");
    assertThat(gadgets.deploy())
        .startsWith("applied Namespace/gadget")
        .contains("applied DaemonSet/gadget", "2/2 gadget pods are ready")
        .endsWith("Inspektor Gadget is deployed");
    gadgets.startPod(SHOP, "web", "node1");
    gadgets.startPod(SHOP, "db", "node2");
    gadgets.startPod(BANK, "vault", "node1");
  }

  @AfterAll
  void end() throws Exception {
    gadgets().close();
  }

  private DeployedGadgets gadgets() {
    return Objects.requireNonNull(deployed);
  }

  private Resource<DaemonSet> daemonSet() {
    return gadgets().client().apps().daemonSets().inNamespace("gadget").withName("gadget");
  }

  @Test
  @Order(1)
  void bothVersionsAreTold() throws Exception {
    try (KubectlGadget versions = KubectlGadget.run("version")) {
      assertThat(versions.status()).isZero();
      String version = versions.out().getFirst().substring("Client version: ".length());
      assertThat(versions.out()).last().isEqualTo("Server version: " + version);
      assertThat(versions.err()).isEmpty();
    }
  }

  @Test
  @Order(2)
  void anExecInAPodIsSeenOnTheLaptop() throws Exception {
    long begun = System.nanoTime();
    try (KubectlGadget trace =
        KubectlGadget.start("trace", "exec", "-n", SHOP, "-p", "web", "-o", "json")) {
      assertThat(trace.awaitLine(text -> text.contains("of-web")))
          .contains(
              "\"node\":\"node1\"",
              "\"namespace\":\"" + SHOP + "\"",
              "\"podName\":\"web\"",
              "\"containerName\":\"main\"",
              "\"argv\":[\"/bin/busybox\",\"echo\",\"of-web\"]");
      assertThat(System.nanoTime() - begun)
          .as("nanoseconds to the first row")
          .isLessThan(20_000_000_000L);
      assertThat(gadgets().traces()).hasSize(2);
      trace.interrupt();
      assertThat(trace.out()).noneMatch(text -> text.contains("of-db") || text.contains(BANK));
    }
    gadgets().awaitNoTraces();
  }

  @Test
  @Order(3)
  void twoNodesAreOneTableWithTheirNames() throws Exception {
    try (KubectlGadget trace = KubectlGadget.start("trace", "exec", "-n", SHOP)) {
      trace.awaitLine(text -> text.contains("of-web") && text.startsWith("node1 "));
      trace.awaitLine(text -> text.contains("of-db") && text.startsWith("node2 "));
      assertThat(trace.out().getFirst().split(" +", -1))
          .startsWith("NODE", "NAMESPACE", "POD", "CONTAINER", "COMM");
      trace.interrupt();
      assertThat(trace.out()).noneMatch(text -> text.contains("of-vault"));
    }
  }

  @Test
  @Order(4)
  void nodesLabelsAndNamespacesSelect() throws Exception {
    try (KubectlGadget trace =
        KubectlGadget.start(
            "trace", "exec", "-A", "-l", "app=vault", "--node", "node1", "-o", "json")) {
      trace.awaitLine(text -> text.contains("of-vault"));
      assertThat(gadgets().traces()).hasSize(1);
      trace.interrupt();
      assertThat(trace.out()).allMatch(text -> text.contains("\"podName\":\"vault\""));
    }
  }

  @Test
  @Order(5)
  void filtersAndFieldsWorkOnTheLaptop() throws Exception {
    assertThat(
            gadgets()
                .traced(
                    "of-db",
                    "trace",
                    "exec",
                    "-n",
                    SHOP,
                    "-F",
                    "node==node2",
                    "-o",
                    "columns=node,pod,args"))
        .filteredOn(text -> !text.startsWith("NODE "))
        .allMatch(text -> text.startsWith("node2 "));
  }

  @Test
  @Order(7)
  void theContainersOfAllNodesAreListed() throws Exception {
    List<String> rows = gadgets().ended("list-containers", "-n", SHOP);
    assertThat(rows).hasSize(3).first().asString().startsWith("NODE ");
    assertThat(rows.get(1)).startsWith("node1 ").contains(SHOP, "web", "main");
    assertThat(rows.get(2)).startsWith("node2 ").contains(SHOP, "db", "main");
    assertThat(gadgets().ended("list-containers", "-n", BANK, "-o", "names"))
        .containsExactly("main");
  }

  @ParameterizedTest
  @Order(8)
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          trace exec --node node9             | node "node9" has no gadget pod (those with one: node1, node2)
          trace exec --kubeconfig /no/such    | reading the kubeconfig /no/such: there is no such file
          trace exec --context nowhere        | it has no context "nowhere"
          trace exec -A -n x                  | give one of them
          trace exec -l a=b=c                 | is no demand on a label
          run ./x.bpf.o                       | gadget pods run gadgets of their catalog only
          trace opem                          | did you mean open?
          deploy --image-pull-policy Sometimes | write Always, IfNotPresent, Never
          """)
  void whatGoesWrongIsSaidInOneLine(String words, String message) throws Exception {
    assertThat(KubectlGadget.refusal(words.split(" ", -1))).contains(message);
    assertThat(gadgets().traces()).isEmpty();
  }

  @Test
  @Order(10)
  void whatTheGadgetPodRefusesIsSaidOnceForAllNodes() throws Exception {
    assertThat(KubectlGadget.refusal("trace", "signal", "-n", SHOP, "--ring-size", "2GiB"))
        .startsWith("running kubectl gadget trace signal on all nodes: ");
    gadgets().awaitNoTraces();
  }

  @Test
  @Order(11)
  void anImageThatNobodyHasIsExplained() throws Exception {
    try (KubectlGadget deploy =
        KubectlGadget.run(
            "deploy", "--image", "localhost/none:1", "--image-pull-policy", "Never")) {
      assertThat(deploy.status()).isEqualTo(1);
      assertThat(deploy.err())
          .singleElement()
          .asString()
          .contains(
              "cannot get the image localhost/none:1 (ErrImageNeverPull)",
              "ctr -n k8s.io images import",
              "kind load image-archive",
              "minikube image load");
    }
    gadgets().deploy();
  }

  @Test
  @Order(12)
  void aStreamGoesOnWhenItsPodIsReplaced() throws Exception {
    try (KubectlGadget trace =
        KubectlGadget.start("trace", "exec", "-n", SHOP, "-p", "web", "-o", "json")) {
      trace.awaitLine(text -> text.contains("of-web"));
      gadgets().client().resource(gadgets().podOf("node1")).withGracePeriod(0L).delete();
      trace.awaitMessage("the stream has broken off");
      trace.awaitMessage("the gadget was started again");
      int before = trace.out().size();
      LIMIT.await("more lines", () -> trace.out().size() > before + 3);
      trace.interrupt();
    }
    gadgets().awaitNoTraces();
  }

  @Test
  @Order(13)
  void aStreamGoesOnWhenTheApiServerHasBeenAway() throws Exception {
    try (KubectlGadget trace =
        KubectlGadget.start("trace", "exec", "-n", SHOP, "-p", "db", "-o", "json")) {
      trace.awaitLine(text -> text.contains("of-db"));
      KubectlGadget.printed("cluster", "apiserver", "kill");
      trace.awaitMessage("the stream has broken off");
      KubectlGadget.printed("cluster", "apiserver", "restart");
      int before = trace.out().size();
      LIMIT.await("more lines", () -> trace.out().size() > before + 3);
      assertThat(trace.err()).noneMatch(text -> text.contains("started again"));
      trace.interrupt();
    }
    gadgets().awaitNoTraces();
  }

  @Test
  @Order(14)
  void aTraceThatSomebodyDeletesEndsTheRun() throws Exception {
    try (KubectlGadget trace =
        KubectlGadget.start("trace", "exec", "-n", SHOP, "--node", "node1", "-o", "json")) {
      trace.awaitLine(text -> text.contains("of-web"));
      gadgets().client().resources(Trace.class).inNamespace("gadget").delete();
      assertThat(trace.status()).isEqualTo(1);
      assertThat(trace.err()).last().asString().contains("deleted by somebody else");
    }
  }

  @ParameterizedTest
  @Order(15)
  @ValueSource(strings = {"INT", "TERM", "HUP"})
  void aSignalThatAsksForTheEndLeavesNothing(String signal) throws Exception {
    try (KubectlGadget trace = KubectlGadget.start("trace", "exec", "-n", SHOP, "-o", "json")) {
      trace.awaitLine(text -> text.contains("of-web"));
      trace.signal(signal);
      assertThat(trace.status()).as("%s", trace.err()).isZero();
      assertThat(trace.err()).isEmpty();
    }
    gadgets().awaitNoTraces();
  }

  @Test
  @Order(16)
  void whatAKilledProgramLeavesTheNextOneEnds() throws Exception {
    try (KubectlGadget other = KubectlGadget.start("trace", "open", "-n", BANK, "-o", "json");
        KubectlGadget killed = KubectlGadget.start("trace", "exec", "-n", SHOP, "-o", "json")) {
      other.awaitLine(text -> text.contains("vault"));
      killed.awaitLine(text -> text.contains("of-web"));
      killed.signal("KILL");
      assertThat(killed.status()).isNotZero();
      assertThat(gadgets().traces()).hasSize(4);
      try (KubectlGadget next =
          KubectlGadget.run("snapshot", "process", "-n", SHOP, "--node", "node1", "-o", "json")) {
        assertThat(next.status()).isZero();
        assertThat(next.err())
            .containsExactly(
                "Warning: 2 Traces of an earlier run, which was killed, are deleted now");
      }
      // The run that lives is left alone.
      LIMIT.await("only two Traces are left", () -> gadgets().traces().size() == 2);
      int before = other.out().size();
      LIMIT.await("more lines", () -> other.out().size() > before);
      other.interrupt();
    }
    gadgets().awaitNoTraces();
  }

  @Test
  @Order(17)
  void anotherVersionIsSaidAndReplaced() throws Exception {
    daemonSet()
        .edit(set -> {
          set.getSpec()
              .getTemplate()
              .getMetadata()
              .getLabels()
              .put("app.kubernetes.io/version", "0.0.1");
          return set;
        });
    LIMIT.await("both pods are of that version", () -> isRolledOut("0.0.1"));
    try (KubectlGadget versions = KubectlGadget.run("version")) {
      assertThat(versions.out()).last().isEqualTo("Server version: 0.0.1");
      assertThat(versions.err())
          .singleElement()
          .asString()
          .startsWith(
              "Warning: the gadget pods are of version 0.0.1 and this program is of version ")
          .endsWith("; kubectl gadget deploy makes them the same");
    }
    try (KubectlGadget trace = KubectlGadget.run("snapshot", "process", "-n", SHOP)) {
      assertThat(trace.status()).isZero();
      assertThat(trace.err()).anyMatch(line -> line.contains("are of version 0.0.1"));
    }
    gadgets().deploy();
    try (KubectlGadget versions = KubectlGadget.run("version")) {
      assertThat(versions.err()).isEmpty();
    }
  }

  private boolean isRolledOut(String version) {
    DaemonSet set = Objects.requireNonNull(daemonSet().get());
    return Objects.equals(
            set.getStatus().getObservedGeneration(), set.getMetadata().getGeneration())
        && Objects.equals(set.getStatus().getUpdatedNumberScheduled(), 2)
        && Objects.equals(set.getStatus().getNumberReady(), 2)
        && version.equals(
            gadgets().podOf("node1").getMetadata().getLabels().get("app.kubernetes.io/version"));
  }

  /** A pod that never becomes ready on one node only: the other one is traced. */
  @Test
  @Order(18)
  void aNodeWhosePodIsNotReadyIsLeftOutAndNamed(@TempDir Path folder) throws Exception {
    daemonSet()
        .edit(set -> {
          var update = set.getSpec().getUpdateStrategy();
          update.setType("OnDelete");
          update.setRollingUpdate(null);
          set.getSpec()
              .getTemplate()
              .getSpec()
              .getContainers()
              .getFirst()
              .setImage("localhost/no:1");
          return set;
        });
    gadgets().client().resource(gadgets().podOf("node1")).withGracePeriod(0L).delete();
    String name =
        LIMIT.awaitValue(
            "a pod that waits for its image",
            () -> {
              var pod = gadgets().podOf("node1");
              boolean waits =
                  pod.getStatus().getContainerStatuses().stream()
                      .anyMatch(c -> c.getState().getWaiting() != null);
              return waits ? pod.getMetadata().getName() : null;
            });
    try (KubectlGadget snapshot =
        KubectlGadget.run("snapshot", "process", "-n", SHOP, "-o", "json")) {
      assertThat(snapshot.status()).isZero();
      assertThat(snapshot.err())
          .containsExactly("Warning: pod " + name + " of node1 is not ready: left out");
      assertThat(snapshot.out().getFirst()).contains("\"db\"").doesNotContain("\"web\"");
    }
    assertThat(KubectlGadget.refusal("trace", "exec", "-n", SHOP, "--node", "node1"))
        .isEqualTo(
            "listing the gadget pods: "
                + name
                + " of node1 is not ready (kubectl describe pods -n gadget says why)");
    Path manifests = folder.resolve("gadget.yaml");
    Files.writeString(manifests, KubectlGadget.printed("kubectl-gadget", "deploy", "--print-only"));
    KubectlGadget.printed("cluster", "kubectl", "delete", "daemonset", "-n", "gadget", "gadget");
    KubectlGadget.printed("cluster", "kubectl", "apply", "-f", manifests.toString());
    assertThat(gadgets().deploy()).endsWith("Inspektor Gadget is deployed");
  }

  @Test
  @Order(20)
  void undeployLeavesNothing() throws Exception {
    try (KubectlGadget trace = KubectlGadget.start("trace", "exec", "-n", SHOP, "-o", "json")) {
      trace.awaitLine(text -> text.contains("of-web"));
      assertThat(gadgets().undeploy())
          .contains("removed 2 Traces", "removed Namespace/gadget")
          .endsWith("Inspektor Gadget is gone");
      assertThat(trace.status()).isEqualTo(1);
    }
    assertNothingIsLeft();
  }

  /** Traces of users, too, whose gadget pods nobody runs any more. */
  @Test
  @Order(21)
  void undeployLetsGoOfTracesWithoutTheirPods() throws Exception {
    gadgets().deploy();
    daemonSet().delete();
    LIMIT.await(
        "no gadget pod is left",
        () -> gadgets().client().pods().inNamespace("gadget").list().getItems().isEmpty());
    for (String namespace : List.of(SHOP, "gadget")) {
      Trace trace = new Trace();
      trace.setMetadata(
          new ObjectMetaBuilder()
              .withNamespace(namespace)
              .withName("left")
              .withFinalizers(Trace.FINALIZER)
              .build());
      trace.setSpec(
          new TraceSpec(
              "node1", "trace_exec", RunMode.AUTO, null, TraceOutputMode.STREAM, "", Map.of()));
      gadgets().client().resource(trace).create();
    }
    assertThat(gadgets().undeploy())
        .startsWith("removed 2 Traces, 2 without their gadget pod")
        .endsWith("Inspektor Gadget is gone");
    assertNothingIsLeft();
    assertThat(KubectlGadget.refusal("trace", "exec")).isEqualTo(NONE_DEPLOYED);
  }

  private void assertNothingIsLeft() {
    var client = gadgets().client();
    assertThat(client.namespaces().withName("gadget").get()).isNull();
    assertThat(client.rbac().clusterRoles().withName("gadget").get()).isNull();
    assertThat(client.rbac().clusterRoleBindings().withName("gadget").get()).isNull();
    assertThat(
            client
                .apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName(Trace.DEFINITION_NAME)
                .get())
        .isNull();
  }
}
