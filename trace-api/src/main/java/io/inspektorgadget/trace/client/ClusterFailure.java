// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace.client;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.WebSocketHandshakeException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Why a request to an API server did not work, in words.
 *
 * @param serverUrl the API server
 */
public record ClusterFailure(String serverUrl) {
  private static final String ADVICE = " (ask whoever runs the cluster for this right)";

  /**
   * The failure for the user.
   *
   * @param doing what was being done, such as {@code listing the gadget pods}
   * @param failure what the client threw
   */
  public ClusterException explained(String doing, RuntimeException failure) {
    if (failure instanceof ClusterException known) {
      return known;
    }
    return new ClusterException(doing + ": " + reason(failure), failure);
  }

  private String reason(RuntimeException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String unreachable = unreachable(cause);
      if (unreachable != null) {
        return unreachable;
      }
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof KubernetesClientException answer && answer.getCode() > 0) {
        return refusal(answer);
      }
      if (cause instanceof WebSocketHandshakeException refused) {
        return execRefusal(refused.getResponse().code());
      }
    }
    return String.valueOf(failure.getMessage());
  }

  /** True if the API server has refused for want of a right: asking again is of no use. */
  public static boolean isForbidden(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      int code =
          switch (cause) {
            case KubernetesClientException answer -> answer.getCode();
            case WebSocketHandshakeException refused -> refused.getResponse().code();
            default -> 0;
          };
      if (code == HttpURLConnection.HTTP_FORBIDDEN || code == HttpURLConnection.HTTP_UNAUTHORIZED) {
        return true;
      }
    }
    return false;
  }

  /** An exec is the only thing that begins so; what the server says beside the code is not kept. */
  private String execRefusal(int code) {
    return switch (code) {
      case HttpURLConnection.HTTP_UNAUTHORIZED -> badCredentials();
      case HttpURLConnection.HTTP_FORBIDDEN ->
          "the user of the kubeconfig may not exec into pods of this namespace, which takes the"
              + " verbs get and create of pods/exec"
              + ADVICE;
      default -> serverUrl + " refuses the exec with status " + code;
    };
  }

  private @Nullable String unreachable(Throwable cause) {
    return switch (cause) {
      case ConnectException e ->
          "nobody answers at "
              + serverUrl
              + " (is the cluster up, and the kubeconfig the right one?)";
      case UnknownHostException e -> unknownHost();
      case UnresolvedAddressException e -> unknownHost();
      case HttpTimeoutException e -> timeout();
      case TimeoutException e -> timeout();
      case SSLException e ->
          "no secure connection to "
              + serverUrl
              + ": "
              + e.getMessage()
              + " (is the kubeconfig that of this cluster?)";
      default -> null;
    };
  }

  private String unknownHost() {
    return "no such host: " + serverUrl + " (is the kubeconfig the right one?)";
  }

  private String timeout() {
    return "no answer from " + serverUrl + " in time (--request-timeout waits longer)";
  }

  private String refusal(KubernetesClientException answer) {
    Status status = answer.getStatus();
    String said = status == null ? null : status.getMessage();
    String message = said == null ? String.valueOf(answer.getMessage()) : said;
    return switch (answer.getCode()) {
      case HttpURLConnection.HTTP_UNAUTHORIZED -> badCredentials();
      case HttpURLConnection.HTTP_FORBIDDEN -> message + ADVICE;
      default -> message;
    };
  }

  private String badCredentials() {
    return serverUrl + " does not accept the credentials of the kubeconfig (have they expired?)";
  }
}
