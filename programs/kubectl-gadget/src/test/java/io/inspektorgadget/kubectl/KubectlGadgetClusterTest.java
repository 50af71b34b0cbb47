// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.inspektorgadget.testing.TimeLimit;
import io.inspektorgadget.trace.Trace;
import io.inspektorgadget.trace.client.ClusterClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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

/**
 * The program on the cluster of {@code ./cluster}, from its deployment to its removal. Its nodes
 * have the image of the gadget pods; KUBECONFIG says where it is.
 */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(150)
final class KubectlGadgetClusterTest {
  private static final TimeLimit LIMIT = TimeLimit.ofMs(40_000);
  private static final String SHOP = "shop-" + ProcessHandle.current().pid();
  private static final String BANK = "bank-" + ProcessHandle.current().pid();

  private final KubernetesClient client = ClusterClient.ofSurroundings();

  @BeforeAll
  void deploy() throws Exception {
    // The first start after a build is trained, and says so.
    KubectlGadget.run("--version").close();
    try (KubectlGadget early = KubectlGadget.run("trace", "exec")) {
      assertThat(early.status()).isEqualTo(1);
      assertThat(early.err())
          .containsExactly(
              "Error: listing the gadget pods: there is none in namespace gadget (kubectl gadget"
                  + " deploy brings them up)");
    }
    try (KubectlGadget versions = KubectlGadget.run("version")) {
      assertThat(versions.out()).last().isEqualTo("Server version: not installed");
    }
    try (KubectlGadget deploy = KubectlGadget.run("deploy", "--image-pull-policy", "Never")) {
      assertThat(deploy.status()).as("%s", deploy.err()).isZero();
      assertThat(deploy.out())
          .startsWith("applied Namespace/gadget")
          .contains("applied DaemonSet/gadget", "2/2 gadget pods are ready")
          .endsWith("Inspektor Gadget is deployed");
    }
    startPod(SHOP, "web", "node1");
    startPod(SHOP, "db", "node2");
    startPod(BANK, "vault", "node1");
  }

  /** A pod that executes programs all the time. */
  private void startPod(String namespace, String name, String node) {
    if (client.namespaces().withName(namespace).get() == null) {
      client
          .namespaces()
          .resource(
              new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
          .create();
    }
    client
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withLabels(Map.of("app", name))
                .endMetadata()
                .withNewSpec()
                .withNodeName(node)
                .withTerminationGracePeriodSeconds(0L)
                .withAutomountServiceAccountToken(false)
                .addNewContainer()
                .withName("main")
                .withImage("localhost/busybox:1")
                .withImagePullPolicy("Never")
                .withCommand(
                    "sh",
                    "-c",
                    "while :; do /bin/busybox echo of-" + name + "; /bin/busybox sleep 0.2; done")
                .endContainer()
                .endSpec()
                .build())
        .create();
    client
        .pods()
        .inNamespace(namespace)
        .withName(name)
        .waitUntilReady(LIMIT.ms(), TimeUnit.MILLISECONDS);
  }

  @AfterAll
  void end() throws Exception {
    try (client) {
      client.namespaces().withName(SHOP).delete();
      client.namespaces().withName(BANK).delete();
      // If the last test did not come to it.
      KubectlGadget.run("undeploy").close();
    }
  }

  private List<Trace> traces() {
    return client.resources(Trace.class).inNamespace("gadget").list().getItems();
  }

  private void awaitNoTraces() {
    LIMIT.await("no Trace is left", () -> traces().isEmpty());
  }

  private static void endsWell(KubectlGadget program) throws IOException, InterruptedException {
    program.interrupt();
    assertThat(program.status()).as("%s", program.err()).isZero();
  }

  @Test
  @Order(1)
  void bothVersionsAreTold() throws Exception {
    try (KubectlGadget versions = KubectlGadget.run("version")) {
      assertThat(versions.status()).isZero();
      String version = versions.out().getFirst().substring("Client version: ".length());
      assertThat(versions.out()).last().isEqualTo("Server version: " + version);
    }
  }

  @Test
  @Order(2)
  void anExecInAPodIsSeenOnTheLaptop() throws Exception {
    long begun = System.nanoTime();
    try (KubectlGadget trace =
        KubectlGadget.start("trace", "exec", "-n", SHOP, "-p", "web", "-o", "json")) {
      String line = trace.awaitLine(text -> text.contains("of-web"));
      assertThat(line)
          .contains(
              "\"node\":\"node1\"",
              "\"namespace\":\"" + SHOP + "\"",
              "\"podName\":\"web\"",
              "\"containerName\":\"main\"",
              "\"argv\":[\"/bin/busybox\",\"echo\",\"of-web\"]");
      assertThat(System.nanoTime() - begun)
          .as("nanoseconds to the first row")
          .isLessThan(20_000_000_000L);
      assertThat(traces()).hasSize(2);
      endsWell(trace);
      assertThat(trace.out()).noneMatch(text -> text.contains("of-db"));
      assertThat(trace.out()).noneMatch(text -> text.contains(BANK));
    }
    awaitNoTraces();
  }

  @Test
  @Order(3)
  void twoNodesAreOneTableWithTheirNames() throws Exception {
    try (KubectlGadget trace = KubectlGadget.start("trace", "exec", "-n", SHOP)) {
      trace.awaitLine(text -> text.contains("of-web") && text.startsWith("node1 "));
      trace.awaitLine(text -> text.contains("of-db") && text.startsWith("node2 "));
      assertThat(trace.out().getFirst().split(" +", -1))
          .startsWith("NODE", "NAMESPACE", "POD", "CONTAINER", "COMM");
      endsWell(trace);
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
      assertThat(traces()).hasSize(1);
      endsWell(trace);
      assertThat(trace.out()).allMatch(text -> text.contains("\"podName\":\"vault\""));
    }
  }

  @Test
  @Order(5)
  void filtersAndFieldsWorkOnTheLaptop() throws Exception {
    try (KubectlGadget trace =
        KubectlGadget.start(
            "trace", "exec", "-n", SHOP, "-F", "node==node2", "-o", "columns=node,pod,args")) {
      trace.awaitLine(text -> text.contains("of-db"));
      endsWell(trace);
      assertThat(trace.out().stream().skip(1)).allMatch(text -> text.startsWith("node2 "));
    }
  }

  @Test
  @Order(6)
  void aSnapshotIsOneArrayOfAllNodes() throws Exception {
    try (KubectlGadget snapshot =
        KubectlGadget.run("snapshot", "process", "-n", SHOP, "-o", "json")) {
      assertThat(snapshot.status()).as("%s", snapshot.err()).isZero();
      assertThat(snapshot.out()).hasSize(1);
      assertThat(snapshot.out().getFirst())
          .startsWith("[")
          .endsWith("]")
          .contains("\"podName\":\"web\"", "\"podName\":\"db\"")
          .doesNotContain("vault");
    }
    awaitNoTraces();
  }

  @Test
  @Order(7)
  void aRunEndsAfterItsTime() throws Exception {
    try (KubectlGadget profile =
        KubectlGadget.run("profile", "cpu", "-n", SHOP, "-t", "2", "-o", "json")) {
      assertThat(profile.status()).as("%s", profile.err()).isZero();
      assertThat(profile.out()).hasSize(1);
      assertThat(profile.out().getFirst()).startsWith("[").contains("\"node\":\"node");
    }
    try (KubectlGadget top = KubectlGadget.run("top", "block-io", "-A", "-t", "3", "-o", "json")) {
      assertThat(top.status()).as("%s", top.err()).isZero();
      assertThat(top.out()).isNotEmpty().allMatch(text -> text.startsWith("["));
    }
    awaitNoTraces();
  }

  @Test
  @Order(7)
  void theContainersOfAllNodesAreListed() throws Exception {
    try (KubectlGadget list = KubectlGadget.run("list-containers", "-n", SHOP)) {
      assertThat(list.status()).as("%s", list.err()).isZero();
      assertThat(list.out()).hasSize(3).first().asString().startsWith("NODE ");
      assertThat(list.out().get(1)).startsWith("node1 ").contains(SHOP, "web", "main");
      assertThat(list.out().get(2)).startsWith("node2 ").contains(SHOP, "db", "main");
    }
    try (KubectlGadget names = KubectlGadget.run("list-containers", "-n", BANK, "-o", "names")) {
      assertThat(names.out()).containsExactly("main");
    }
  }

  @ParameterizedTest
  @Order(8)
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          trace exec --node node9             | node "node9" has no gadget pod; node1, node2 have one
          trace exec --kubeconfig /no/such    | reading the kubeconfig /no/such: there is no such file
          trace exec --context nowhere        | it has no context "nowhere"
          trace exec -A -n x                  | give one of them
          trace exec -l a=b=c                 | is no demand on a label
          run ./x.bpf.o                       | gadget pods run gadgets of their catalog only
          trace opem                          | did you mean open?
          deploy --image-pull-policy Sometimes | write Always, IfNotPresent, Never
          """)
  void whatGoesWrongIsSaidInOneLine(String words, String message) throws Exception {
    try (KubectlGadget program = KubectlGadget.run(words.split(" ", -1))) {
      assertThat(program.status()).isNotZero();
      assertThat(program.err()).hasSize(1);
      assertThat(program.err().getFirst()).startsWith("Error: ").contains(message);
      assertThat(program.out()).isEmpty();
    }
    assertThat(traces()).isEmpty();
  }

  @Test
  @Order(9)
  void aClusterThatDoesNotAnswerIsNamed(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("config");
    String text = Files.readString(Path.of(System.getenv("KUBECONFIG")));
    Files.writeString(file, text.replaceAll("(server: https://127.0.0.1):\\d+", "$1:1"));
    try (KubectlGadget program =
        KubectlGadget.run("trace", "exec", "--kubeconfig", file.toString())) {
      assertThat(program.status()).isEqualTo(1);
      assertThat(program.err())
          .singleElement()
          .asString()
          .startsWith("Error: listing the gadget pods: nobody answers at https://127.0.0.1:1/");
    }
  }

  @Test
  @Order(10)
  void whatTheGadgetPodRefusesIsSaidOnceForAllNodes() throws Exception {
    try (KubectlGadget program =
        KubectlGadget.run("trace", "signal", "-n", SHOP, "--ring-size", "2GiB")) {
      assertThat(program.status()).isEqualTo(1);
      assertThat(program.err())
          .singleElement()
          .asString()
          .startsWith("Error: running kubectl gadget trace signal on all nodes: ");
    }
    awaitNoTraces();
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
    try (KubectlGadget deploy = KubectlGadget.run("deploy")) {
      assertThat(deploy.status()).as("%s", deploy.err()).isZero();
    }
  }

  @Test
  @Order(12)
  void aStreamGoesOnWhenItsPodIsReplaced() throws Exception {
    try (KubectlGadget trace =
        KubectlGadget.start("trace", "exec", "-n", SHOP, "-p", "web", "-o", "json")) {
      trace.awaitLine(text -> text.contains("of-web"));
      String pod =
          client
              .pods()
              .inNamespace("gadget")
              .withField("spec.nodeName", "node1")
              .list()
              .getItems()
              .stream()
              .map(found -> found.getMetadata().getName())
              .findFirst()
              .orElseThrow();
      client.pods().inNamespace("gadget").withName(pod).withGracePeriod(0L).delete();
      trace.awaitMessage("the stream has broken off");
      trace.awaitMessage("the gadget was started again");
      int before = trace.out().size();
      LIMIT.await("more lines", () -> trace.out().size() > before + 3);
      endsWell(trace);
    }
    awaitNoTraces();
  }

  @Test
  @Order(13)
  void aStreamGoesOnWhenTheApiServerHasBeenAway() throws Exception {
    try (KubectlGadget trace =
        KubectlGadget.start("trace", "exec", "-n", SHOP, "-p", "db", "-o", "json")) {
      trace.awaitLine(text -> text.contains("of-db"));
      KubectlGadget.cluster("apiserver", "kill");
      trace.awaitMessage("the stream has broken off");
      KubectlGadget.cluster("apiserver", "restart");
      int before = trace.out().size();
      LIMIT.await("more lines", () -> trace.out().size() > before + 3);
      assertThat(trace.err()).noneMatch(text -> text.contains("started again"));
      endsWell(trace);
    }
    awaitNoTraces();
  }

  @Test
  @Order(14)
  void aTraceThatSomebodyDeletesEndsTheRun() throws Exception {
    try (KubectlGadget trace =
        KubectlGadget.start("trace", "exec", "-n", SHOP, "--node", "node1", "-o", "json")) {
      trace.awaitLine(text -> text.contains("of-web"));
      client.resources(Trace.class).inNamespace("gadget").delete();
      assertThat(trace.status()).isEqualTo(1);
      assertThat(trace.err()).last().asString().contains("deleted by somebody else");
    }
  }

  @Test
  @Order(20)
  void undeployLeavesNothing() throws Exception {
    try (KubectlGadget trace = KubectlGadget.start("trace", "exec", "-n", SHOP, "-o", "json")) {
      trace.awaitLine(text -> text.contains("of-web"));
      try (KubectlGadget undeploy = KubectlGadget.run("undeploy")) {
        assertThat(undeploy.status()).as("%s", undeploy.err()).isZero();
        assertThat(undeploy.out())
            .contains("removed 2 Traces", "removed Namespace/gadget")
            .endsWith("Inspektor Gadget is gone");
      }
      assertThat(trace.status()).isEqualTo(1);
    }
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
