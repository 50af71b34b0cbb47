// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.cluster;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Pods of users, in namespaces of the test's own. Closing deletes the namespaces. */
final class WorkPods implements AutoCloseable {
  private static final String IMAGE = "localhost/busybox:1";
  private static final long LIMIT_S = 40;

  private final KubernetesClient client;
  private final Set<String> namespaces = new HashSet<>();

  WorkPods(KubernetesClient client) {
    this.client = client;
  }

  /** Starts a pod with a container {@code main} that sleeps, and waits until it is ready. */
  void start(String namespace, String name, String node, Map<String, String> labels) {
    if (namespaces.add(namespace)) {
      client
          .namespaces()
          .resource(
              new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
          .create();
      client
          .serviceAccounts()
          .inNamespace(namespace)
          .withName("default")
          .waitUntilCondition(Objects::nonNull, LIMIT_S, TimeUnit.SECONDS);
    }
    client
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withNodeName(node)
                .withTerminationGracePeriodSeconds(0L)
                .withAutomountServiceAccountToken(false)
                .addNewContainer()
                .withName("main")
                .withImage(IMAGE)
                .withImagePullPolicy("Never")
                .withCommand("sleep", "100000")
                .endContainer()
                .endSpec()
                .build())
        .create();
    client.pods().inNamespace(namespace).withName(name).waitUntilReady(LIMIT_S, TimeUnit.SECONDS);
  }

  /** Runs a program in a pod. */
  void exec(String namespace, String name, String... command)
      throws IOException, InterruptedException {
    String[] words = new String[command.length + 5];
    words[0] = "exec";
    words[1] = "-n";
    words[2] = namespace;
    words[3] = name;
    words[4] = "--";
    System.arraycopy(command, 0, words, 5, command.length);
    GadgetPods.kubectl(words);
  }

  /** Gives a pod another label. */
  void label(String namespace, String name, String label) throws IOException, InterruptedException {
    GadgetPods.kubectl("label", "--overwrite", "-n", namespace, "pod/" + name, label);
  }

  @Override
  public void close() {
    namespaces.forEach(name -> client.namespaces().withName(name).delete());
  }
}
