// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ManifestsTest {
  private static Manifests.Choices choices(boolean skipsSelinux) {
    return new Manifests.Choices("registry.example/ig:7", "Always", "7.1", skipsSelinux);
  }

  private static List<HasMetadata> parsed(String yaml) {
    KubernetesSerialization serialization = new KubernetesSerialization();
    List<HasMetadata> parts = new ArrayList<>();
    for (String document : yaml.split("(?m)^---$", -1)) {
      parts.add((HasMetadata) serialization.unmarshal(document));
    }
    return parts;
  }

  private static DaemonSet daemonSet(String yaml) {
    return (DaemonSet) parsed(yaml).getLast();
  }

  @Test
  void theNamespaceComesFirstAndThePodsLast() {
    assertThat(parsed(new Manifests(choices(false)).yaml()))
        .extracting(part -> part.getKind() + "/" + part.getMetadata().getName())
        .containsExactly(
            "Namespace/gadget",
            "CustomResourceDefinition/traces.gadget.kinvolk.io",
            "ServiceAccount/gadget",
            "ClusterRole/gadget",
            "ClusterRoleBinding/gadget",
            "DaemonSet/gadget");
  }

  @Test
  void whatTheUserChoosesIsFilledIn() {
    String yaml = new Manifests(choices(false)).yaml();
    Container container = daemonSet(yaml).getSpec().getTemplate().getSpec().getContainers().get(0);
    assertThat(container.getImage()).isEqualTo("registry.example/ig:7");
    assertThat(container.getImagePullPolicy()).isEqualTo("Always");
    assertThat(daemonSet(yaml).getMetadata().getLabels())
        .containsEntry("app.kubernetes.io/version", "7.1");
    assertThat(yaml).doesNotContain("${").doesNotContain("SPDX");
  }

  @Test
  void seLinuxCanBeLeftOut() {
    String with = new Manifests(choices(false)).yaml();
    String without = new Manifests(choices(true)).yaml();
    assertThat(with).contains("spc_t");
    assertThat(without).doesNotContain("spc_t").doesNotContain("SELinux");
    DaemonSet expected = daemonSet(with);
    expected
        .getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .get(0)
        .getSecurityContext()
        .setSeLinuxOptions(null);
    assertThat(daemonSet(without)).isEqualTo(expected);
  }
}
