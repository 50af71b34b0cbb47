// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace.client;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Makes the client by which an API server is reached. */
public final class ClusterClient {
  private static final int REQUEST_TIMEOUT_MS = 10_000;
  private static final int CONNECTION_TIMEOUT_MS = 5_000;
  private static final int WATCH_RETRY_INTERVAL_MS = 500;
  private static final String ELLIPTIC_CURVE = "EC";
  private static final String PKCS8_BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String PKCS8_END = "-----END PRIVATE KEY-----";

  private ClusterClient() {}

  /**
   * A client for the cluster that this pod is in, or the one that {@code KUBECONFIG} names. The
   * caller closes it.
   */
  public static KubernetesClient ofSurroundings() {
    return of(Config.autoConfigure(null));
  }

  /** A client for a cluster. The caller closes it. */
  public static KubernetesClient of(Config cluster) {
    return of(cluster, REQUEST_TIMEOUT_MS);
  }

  /**
   * A client for a cluster. The caller closes it.
   *
   * @param requestTimeoutMs how long a request may take, in milliseconds; 0: as long as it likes
   */
  public static KubernetesClient of(Config cluster, int requestTimeoutMs) {
    Config config =
        new ConfigBuilder(cluster)
            .withRequestTimeout(requestTimeoutMs)
            .withConnectionTimeout(CONNECTION_TIMEOUT_MS)
            // Whoever asks knows better when to ask again than the client does.
            .withRequestRetryBackoffLimit(0)
            .withWatchReconnectInterval(WATCH_RETRY_INTERVAL_MS)
            .withWatchReconnectLimit(-1)
            .build();
    // The client takes a PKCS #8 key for one of RSA unless it is told otherwise.
    if (isEllipticCurve(config.getClientKeyData())) {
      config.setClientKeyAlgo(ELLIPTIC_CURVE);
    }
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /**
   * True for a PKCS #8 key of an elliptic curve.
   *
   * @param keyData the key as PEM, which kubeconfig files hold in base 64 once more
   */
  static boolean isEllipticCurve(@Nullable String keyData) {
    if (keyData == null) {
      return false;
    }
    try {
      String pem =
          keyData.contains(PKCS8_BEGIN)
              ? keyData
              : new String(Base64.getMimeDecoder().decode(keyData), StandardCharsets.ISO_8859_1);
      int begin = pem.indexOf(PKCS8_BEGIN);
      int end = pem.indexOf(PKCS8_END);
      if (begin < 0 || end < begin) {
        return false;
      }
      byte[] key = Base64.getMimeDecoder().decode(pem.substring(begin + PKCS8_BEGIN.length(), end));
      return KeyFactory.getInstance(ELLIPTIC_CURVE).generatePrivate(new PKCS8EncodedKeySpec(key))
          != null;
    } catch (InvalidKeySpecException | IllegalArgumentException e) {
      // A key of another kind, or none: the client says so if it cannot read it.
      return false;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(
          "reading the client's key: this Java has no " + ELLIPTIC_CURVE, e);
    }
  }
}
