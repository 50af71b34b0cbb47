// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.inspektorgadget.testing.TimeLimit;
import io.inspektorgadget.trace.Trace;
import io.inspektorgadget.trace.TraceState;
import io.inspektorgadget.trace.client.ClusterClient;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Inspektor Gadget in the cluster at KUBECONFIG, deployed by the program, and pods of users to be
 * traced, in namespaces of the test's own. Closing takes all of it away.
 */
final class DeployedGadgets implements AutoCloseable {
  static final TimeLimit LIMIT = TimeLimit.ofMs(40_000);

  /** The namespace of the gadget pods. */
  static final String NAMESPACE = "gadget";

  /** Executes programs, opens and writes files, sends signals and computes, all the time. */
  private static final String WORK =
      "trap : USR1; while :; do /bin/busybox echo of-NAME; cat /etc/hostname >/dev/null;"
          + " dd if=/dev/zero of=/log bs=64k count=4 conv=fsync 2>/dev/null; kill -USR1 1;"
          + " i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; /bin/busybox sleep 0.2; done";

  private final KubernetesClient client = ClusterClient.ofSurroundings();
  private final Set<String> namespaces = new HashSet<>();

  DeployedGadgets() throws IOException, InterruptedException {
    // The first start after a build is trained, and says so.
    KubectlGadget.run("--version").close();
  }

  /** Brings the gadget pods up, or back to what they should be; returns what was printed. */
  List<String> deploy() throws IOException, InterruptedException {
    try (KubectlGadget deploy = KubectlGadget.run("deploy", "--image-pull-policy", "Never")) {
      assertThat(deploy.status()).as("%s", deploy.err()).isZero();
      return deploy.out();
    }
  }

  /** Takes everything away; returns what was printed. */
  List<String> undeploy() throws IOException, InterruptedException {
    try (KubectlGadget undeploy = KubectlGadget.run("undeploy")) {
      assertThat(undeploy.status()).as("%s", undeploy.err()).isZero();
      return undeploy.out();
    }
  }

  KubernetesClient client() {
    return client;
  }

  /** A busy pod that is ready, with a label {@code app} of its name. */
  void startPod(String namespace, String name, String node) {
    if (namespaces.add(namespace)) {
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
                .withCommand("sh", "-c", WORK.replace("NAME", name))
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

  /** The gadget pod of a node that is there, ready or not. */
  Pod podOf(String node) {
    return LIMIT.awaitValue(
        "a gadget pod on " + node,
        () ->
            client
                .pods()
                .inNamespace(NAMESPACE)
                .withLabel("k8s-app", "gadget")
                .list()
                .getItems()
                .stream()
                .filter(pod -> node.equals(pod.getSpec().getNodeName()))
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .findAny()
                .orElse(null));
  }

  /** The Traces of this program. */
  List<Trace> traces() {
    return client.resources(Trace.class).inNamespace(NAMESPACE).list().getItems();
  }

  /** How many of them run. */
  long startedTraces() {
    return traces().stream().filter(trace -> trace.outcome().state() == TraceState.STARTED).count();
  }

  void awaitNoTraces() {
    LIMIT.await("no Trace is left", () -> traces().isEmpty());
  }

  /**
   * Runs a gadget until it has printed a line with a text, then presses Ctrl-C: it ends well and
   * leaves no Trace.
   *
   * @return the lines of standard output
   */
  List<String> traced(String awaited, String... words) throws IOException, InterruptedException {
    try (KubectlGadget trace = KubectlGadget.start(words)) {
      trace.awaitLine(line -> line.contains(awaited));
      trace.interrupt();
      awaitNoTraces();
      return trace.out();
    }
  }

  /** Runs a gadget that ends by itself, well and without a Trace; returns what it printed. */
  List<String> ended(String... words) throws IOException, InterruptedException {
    try (KubectlGadget run = KubectlGadget.run(words)) {
      assertThat(run.status()).as("%s", run.err()).isZero();
      awaitNoTraces();
      return run.out();
    }
  }

  @Override
  public void close() throws IOException {
    try (client) {
      namespaces.forEach(namespace -> client.namespaces().withName(namespace).delete());
      // If the test has not come to it.
      KubectlGadget.run("undeploy").close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
