// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchRuntimeException;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a user is told when an API server refuses. */
final class ClusterFailureTest {
  private static final String SAID = "pods \\\"p\\\" is forbidden: User \\\"u\\\" cannot";

  private HttpServer server;
  private int code;

  @BeforeEach
  void serve() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          boolean isPod = exchange.getRequestURI().getPath().endsWith("/pods/p");
          String text =
              isPod
                  ? "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"p\"},"
                      + "\"spec\":{\"containers\":[{\"name\":\"c\"}]}}"
                  : "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"code\":"
                      + code
                      + ",\"message\":\""
                      + SAID
                      + "\"}";
          byte[] body = text.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(isPod ? 200 : code, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void end() {
    server.stop(0);
  }

  private KubernetesClient client() {
    return ClusterClient.of(
        new ConfigBuilder()
            .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
            .withHttp2Disable(true)
            .build());
  }

  private static ClusterException explained(RuntimeException failure) {
    return new ClusterFailure("https://server/").explained("doing it", failure);
  }

  @Test
  void aForbiddenRequestNamesTheRight() {
    code = 403;
    try (KubernetesClient client = client()) {
      ClusterException failure =
          explained(catchRuntimeException(() -> client.pods().inNamespace("n").list()));
      assertThat(failure)
          .hasMessage(
              "doing it: pods \"p\" is forbidden: User \"u\" cannot (ask whoever runs the cluster"
                  + " for this right)");
      assertThat(ClusterFailure.isForbidden(failure)).isTrue();
    }
  }

  @Test
  void aForbiddenExecDoesTheSame() {
    code = 403;
    try (KubernetesClient client = client()) {
      ClusterException failure =
          explained(
              catchRuntimeException(() ->
                  client
                      .pods()
                      .inNamespace("n")
                      .withName("p")
                      .withReadyWaitTimeout(0)
                      .redirectingOutput()
                      .exec("true")
                      .close()));
      assertThat(failure)
          .hasMessage(
              "doing it: the user of the kubeconfig may not exec into pods of this namespace, which"
                  + " takes the verbs get and create of pods/exec (ask whoever runs the cluster for"
                  + " this right)");
      assertThat(ClusterFailure.isForbidden(failure)).isTrue();
    }
  }

  @Test
  void credentialsThatAreNotAcceptedAreNoRight() {
    code = 401;
    try (KubernetesClient client = client()) {
      ClusterException failure =
          explained(catchRuntimeException(() -> client.pods().inNamespace("n").list()));
      assertThat(failure)
          .hasMessage(
              "doing it: https://server/ does not accept the credentials of the kubeconfig (have"
                  + " they expired?)");
      assertThat(ClusterFailure.isForbidden(failure)).isTrue();
    }
  }

  @Test
  void otherAnswersMayBeAskedForAgain() {
    code = 503;
    try (KubernetesClient client = client()) {
      RuntimeException failure = catchRuntimeException(() -> client.namespaces().list());
      assertThat(failure).isNotNull();
      assertThat(ClusterFailure.isForbidden(failure)).isFalse();
    }
  }
}
