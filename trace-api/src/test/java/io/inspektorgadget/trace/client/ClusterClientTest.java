// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** Keys of kubeconfig files are told apart by their content. */
final class ClusterClientTest {
  private static String pem(String algorithm, int bits) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(bits);
    byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(key)
        + "\n-----END PRIVATE KEY-----\n";
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void anEllipticCurveIsKnownInBothForms() throws GeneralSecurityException {
    String key = pem("EC", 256);
    assertThat(ClusterClient.isEllipticCurve(key)).isTrue();
    assertThat(ClusterClient.isEllipticCurve(base64(key))).isTrue();
  }

  @Test
  void otherKeysAndOtherTextsAreNone() throws GeneralSecurityException {
    assertThat(ClusterClient.isEllipticCurve(base64(pem("RSA", 2048)))).isFalse();
    assertThat(ClusterClient.isEllipticCurve(null)).isFalse();
    assertThat(ClusterClient.isEllipticCurve("")).isFalse();
    assertThat(ClusterClient.isEllipticCurve("no key")).isFalse();
    assertThat(
            ClusterClient.isEllipticCurve(
                base64("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")))
        .isFalse();
  }
}
