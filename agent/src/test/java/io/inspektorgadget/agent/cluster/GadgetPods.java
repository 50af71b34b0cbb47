// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.cluster;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.inspektorgadget.agent.stream.ClientProgram;
import io.inspektorgadget.testing.TimeLimit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The gadget pods of the cluster at KUBECONFIG, as the manifests alone bring them up from the image
 * that its nodes have. Closing takes all of it away.
 */
final class GadgetPods implements AutoCloseable {
  static final String NAMESPACE = "gadget";

  private static final long COMMAND_LIMIT_S = 60;

  private final KubernetesClient client;
  private final Path manifests;

  private GadgetPods(KubernetesClient client, Path manifests) {
    this.client = client;
    this.manifests = manifests;
  }

  /** Applies the manifests and waits until a pod on each node is ready. */
  static GadgetPods deploy(KubernetesClient client, Path folder) throws Exception {
    Path manifests = folder.resolve("inspektor-gadget.yaml");
    run(ClientProgram.checkout().resolve("build/manifests").toString(), manifests.toString());
    GadgetPods pods = new GadgetPods(client, manifests);
    kubectl("apply", "-f", manifests.toString());
    int nodes = client.nodes().list().getItems().size();
    TimeLimit.ofMs(60_000)
        .await("a ready gadget pod on each node", () -> pods.ready().size() == nodes);
    return pods;
  }

  /** Runs a command to its good end and returns what it printed. */
  static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = String.join("\n", process.inputReader().readAllLines());
    if (!process.waitFor(COMMAND_LIMIT_S, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException(String.join(" ", command) + ": " + output);
    }
    return output;
  }

  /** The words of a command of kubectl. */
  static List<String> kubectlWords(String... words) {
    List<String> command = ClusterCommand.words(List.of("kubectl"));
    command.addAll(List.of(words));
    return command;
  }

  static String kubectl(String... words) throws IOException, InterruptedException {
    return run(kubectlWords(words).toArray(new String[0]));
  }

  private List<Pod> all() {
    return client.pods().inNamespace(NAMESPACE).withLabel("k8s-app", NAMESPACE).list().getItems();
  }

  private List<Pod> ready() {
    return all().stream()
        .filter(pod -> readySince(pod) != null && pod.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  private static @Nullable Instant readySince(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .filter(c -> c.getType().equals("Ready") && c.getStatus().equals("True"))
        .map(PodCondition::getLastTransitionTime)
        .map(Instant::parse)
        .findAny()
        .orElse(null);
  }

  /** The ready pod of a node; waits for one. */
  Pod on(String node) {
    return TimeLimit.ofMs(60_000)
        .awaitValue(
            "a ready gadget pod on " + node,
            () ->
                ready().stream()
                    .filter(pod -> pod.getSpec().getNodeName().equals(node))
                    .findAny()
                    .orElse(null));
  }

  /** From the start of a pod's process until it was Ready; the API server counts seconds. */
  static Duration startTime(Pod pod) {
    ContainerStatus status = pod.getStatus().getContainerStatuses().getFirst();
    return Duration.between(
        Instant.parse(status.getState().getRunning().getStartedAt()),
        Objects.requireNonNull(readySince(pod)));
  }

  /** Runs a program in a node's gadget pod. */
  String exec(String node, String... command) throws IOException, InterruptedException {
    List<String> words =
        new ArrayList<>(List.of("exec", "-n", NAMESPACE, on(node).getMetadata().getName(), "--"));
    words.addAll(List.of(command));
    return kubectl(words.toArray(new String[0]));
  }

  /** Reads a Trace's stream in its node's pod. */
  PodStream stream(String node, String tracerId) throws IOException {
    PodStream stream = stalledStream(node, tracerId);
    stream.readOn();
    stream.await("\"type\":\"start\"");
    return stream;
  }

  /** The same, and nothing is taken out of it before it is told to read on. */
  PodStream stalledStream(String node, String tracerId) throws IOException {
    return PodStream.open(
        kubectlWords(
            "exec",
            "-i",
            "-n",
            NAMESPACE,
            on(node).getMetadata().getName(),
            "--",
            "/bin/gadgettracermanager",
            "-call",
            "receive-stream",
            "-tracerid",
            tracerId));
  }

  /** Takes the pods off all nodes, and waits until they are gone. */
  void keepOffNodes() throws IOException, InterruptedException {
    selectNodes("\"none\"");
    TimeLimit.ofMs(60_000).await("no gadget pod", () -> all().isEmpty());
  }

  /** The reverse. */
  void returnToNodes() throws IOException, InterruptedException {
    selectNodes("null");
  }

  private static void selectNodes(String value) throws IOException, InterruptedException {
    kubectl(
        "patch",
        "-n",
        NAMESPACE,
        "daemonset/gadget",
        "--type=merge",
        "-p",
        "{\"spec\":{\"template\":{\"spec\":{\"nodeSelector\":{\"test\":" + value + "}}}}}");
  }

  @Override
  public void close() {
    try {
      kubectl("delete", "--wait=true", "--timeout=50s", "-f", manifests.toString());
    } catch (IOException e) {
      throw new IllegalStateException("taking the gadget pods away", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
