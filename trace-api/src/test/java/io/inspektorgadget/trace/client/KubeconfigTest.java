// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KubeconfigTest {
  private static final String TWO_CONTEXTS =
      """
      apiVersion: v1
      kind: Config
      current-context: one
      contexts:
      - name: one
        context: {cluster: a, user: u, namespace: shop}
      - name: two
        context: {cluster: b, user: u}
      clusters:
      - name: a
        cluster: {server: "https://a.example:6443"}
      - name: b
        cluster: {server: "https://b.example:6443"}
      users:
      - name: u
        user: {token: secret}
      """;

  @TempDir private Path directory = Path.of("");

  private String written(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text).toString();
  }

  @Test
  void theNamedFileAndTheNamedContextCount() throws IOException {
    String file = written("config", TWO_CONTEXTS);
    Config one = new Kubeconfig(file, "").read(Map.of());
    assertThat(one.getMasterUrl()).isEqualTo("https://a.example:6443/");
    assertThat(one.getNamespace()).isEqualTo("shop");
    Config two = new Kubeconfig(file, "two").read(Map.of());
    assertThat(two.getMasterUrl()).isEqualTo("https://b.example:6443/");
  }

  @Test
  void withoutANameItIsTheOneAtHome() throws IOException {
    written(".kube/config", TWO_CONTEXTS);
    Config config = new Kubeconfig("", "").read(Map.of("HOME", directory.toString()));
    assertThat(config.getMasterUrl()).isEqualTo("https://a.example:6443/");
  }

  @Test
  void whatIsMissingIsNamed() throws IOException {
    assertThatThrownBy(() -> new Kubeconfig("/no/such", "").read(Map.of()))
        .isInstanceOf(ClusterException.class)
        .hasMessage("reading the kubeconfig /no/such: there is no such file");
    assertThatThrownBy(() -> new Kubeconfig("", "").read(Map.of(Kubeconfig.VARIABLE, "/no/such")))
        .hasMessageContaining("/no/such: there is no such file (KUBECONFIG names it)");
    assertThatThrownBy(() -> new Kubeconfig("", "").read(Map.of("HOME", "/no/such")))
        .hasMessage(
            "finding the cluster: there is no kubeconfig (/no/such/.kube/config); name one with"
                + " --kubeconfig or KUBECONFIG");
    String file = written("config", TWO_CONTEXTS);
    assertThatThrownBy(() -> new Kubeconfig(file, "three").read(Map.of()))
        .hasMessage("reading the kubeconfig: it has no context \"three\", only one, two");
  }

  @Test
  void aFileThatIsNoKubeconfigIsRefused() throws IOException {
    String empty = written("empty", "kind: Config\n");
    assertThatThrownBy(() -> new Kubeconfig(empty, "").read(Map.of()))
        .hasMessageContaining("it has no context, so it names no cluster");
    String other = written("other", "{ this is: [no yaml\n");
    assertThatThrownBy(() -> new Kubeconfig(other, "").read(Map.of()))
        .isInstanceOf(ClusterException.class)
        .hasMessageStartingWith("reading the kubeconfig " + other + ": ");
  }

  @Test
  void failuresSayWhatToDo() {
    ClusterFailure failure = new ClusterFailure("https://a.example:6443/");
    assertThat(
            failure.explained(
                "listing the gadget pods",
                new KubernetesClientException("x", new ConnectException("refused"))))
        .hasMessage(
            "listing the gadget pods: nobody answers at https://a.example:6443/ (is the cluster"
                + " up, and the kubeconfig the right one?)");
    KubernetesClientException forbidden =
        new KubernetesClientException(
            new StatusBuilder().withCode(403).withMessage("pods is forbidden").build());
    assertThat(failure.explained("listing the gadget pods", forbidden))
        .hasMessage(
            "listing the gadget pods: pods is forbidden (ask whoever runs the cluster for this"
                + " right)");
    ClusterException known = new ClusterException("said already", null);
    assertThat(failure.explained("x", known)).isSameAs(known);
  }
}
