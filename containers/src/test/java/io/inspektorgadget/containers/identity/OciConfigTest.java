// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.model.container.PodInfo;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OciConfigTest {

  @Test
  void readsWhatContainerdsCriWrites() {
    OciConfig config =
        new OciConfig(
            Map.of(
                "io.kubernetes.cri.container-type", "container",
                "io.kubernetes.cri.container-name", "nginx",
                "io.kubernetes.cri.image-name", "docker.io/library/nginx:1",
                "io.kubernetes.cri.sandbox-name", "web-0",
                "io.kubernetes.cri.sandbox-namespace", "shop",
                "io.kubernetes.cri.sandbox-uid", "u-1"),
            "");
    assertThat(config.engine()).isEqualTo("containerd");
    assertThat(config.containerName()).isEqualTo("nginx");
    assertThat(config.imageName()).isEqualTo("docker.io/library/nginx:1");
    assertThat(config.isSandbox()).isFalse();
    assertThat(config.pod(config))
        .isEqualTo(new PodInfo("shop", "web-0", "u-1", "nginx", Map.of(), "", ""));
  }

  @Test
  void readsWhatCriOWrites() {
    OciConfig config =
        new OciConfig(
            Map.of(
                "io.container.manager", "cri-o",
                "io.kubernetes.cri-o.ContainerType", "container",
                "io.kubernetes.container.name", "db",
                "io.kubernetes.pod.name", "db-0",
                "io.kubernetes.pod.namespace", "shop",
                "io.kubernetes.pod.uid", "u-2",
                "io.kubernetes.cri-o.ImageName", "quay.io/db:2",
                "io.kubernetes.cri-o.ImageRef", "quay.io/db@sha256:00ff",
                "io.kubernetes.cri-o.Labels",
                    "{\"app\":\"db\",\"n\":1,\"io.kubernetes.pod.name\":\"db-0\"}"),
            "");
    assertThat(config.engine()).isEqualTo("cri-o");
    assertThat(config.imageDigest()).isEqualTo("sha256:00ff");
    assertThat(config.pod(config))
        .isEqualTo(new PodInfo("shop", "db-0", "u-2", "db", Map.of("app", "db"), "", ""));
  }

  @Test
  void ignoresLabelsThatAreNoJson() {
    OciConfig config =
        new OciConfig(
            Map.of("io.kubernetes.pod.name", "p", "io.kubernetes.cri-o.Labels", "{\"app\":"), "");
    assertThat(config.pod(config).labels()).isEmpty();
  }

  @Test
  void knowsPodmanAndSandboxes() {
    assertThat(new OciConfig(Map.of("io.container.manager", "libpod"), "").engine())
        .isEqualTo("podman");
    assertThat(new OciConfig(Map.of("io.kubernetes.cri.container-type", "sandbox"), "").isSandbox())
        .isTrue();
    assertThat(
            new OciConfig(Map.of("io.kubernetes.cri-o.ContainerType", "sandbox"), "").isSandbox())
        .isTrue();
    assertThat(OciConfig.EMPTY.engine()).isEmpty();
    assertThat(OciConfig.EMPTY.pod(OciConfig.EMPTY)).isEqualTo(PodInfo.NONE);
  }
}
