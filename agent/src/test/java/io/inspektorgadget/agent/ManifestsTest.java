// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.inspektorgadget.agent.stream.ClientProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the manifests ask a cluster for, which nobody is to change by accident. */
final class ManifestsTest {
  private static final Path FOLDER = ClientProgram.checkout().resolve("deploy/manifests");
  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

  private static String text(String name) throws IOException {
    return Files.readString(FOLDER.resolve(name));
  }

  private static List<Object> documents(String name) throws IOException {
    List<Object> documents = new ArrayList<>();
    for (String document : text(name).split("\n---\n", -1)) {
      documents.add(SERIALIZATION.unmarshal(document));
    }
    return documents;
  }

  private static DaemonSet daemonSet() throws IOException {
    return (DaemonSet) documents("daemonset.yaml").getFirst();
  }

  private static PodSpec pod() throws IOException {
    return daemonSet().getSpec().getTemplate().getSpec();
  }

  private static Container container() throws IOException {
    assertThat(pod().getContainers()).hasSize(1);
    assertThat(pod().getInitContainers()).isNullOrEmpty();
    return pod().getContainers().getFirst();
  }

  @Test
  void theNamespaceAllowsWhatThePodsNeed() throws IOException {
    Namespace namespace = (Namespace) documents("namespace.yaml").getFirst();
    assertThat(namespace.getMetadata().getName()).isEqualTo("gadget");
    for (String mode : List.of("enforce", "audit", "warn")) {
      assertThat(namespace.getMetadata().getLabels())
          .containsEntry("pod-security.kubernetes.io/" + mode, "privileged");
    }
  }

  @Test
  void thePodHasCapabilitiesByNameAndIsNotPrivileged() throws IOException {
    SecurityContext context = container().getSecurityContext();
    assertThat(context.getPrivileged()).isNull();
    assertThat(context.getAllowPrivilegeEscalation()).isFalse();
    assertThat(context.getReadOnlyRootFilesystem()).isTrue();
    Capabilities capabilities = context.getCapabilities();
    assertThat(capabilities.getDrop()).containsExactly("ALL");
    assertThat(capabilities.getAdd())
        .containsExactly(
            "SYS_ADMIN", "BPF", "PERFMON", "NET_ADMIN", "SYS_PTRACE", "SYSLOG", "DAC_READ_SEARCH");
    assertThat(context.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    assertThat(context.getAppArmorProfile().getType()).isEqualTo("Unconfined");
    assertThat(context.getSeLinuxOptions().getType()).isEqualTo("spc_t");
    assertThat(pod().getSecurityContext()).isNull();
  }

  @Test
  void thePodSharesTheHostsProcessesAndNothingElse() throws IOException {
    assertThat(pod().getHostPID()).isTrue();
    assertThat(pod().getHostNetwork()).isNull();
    assertThat(pod().getHostIPC()).isNull();
    assertThat(container().getPorts()).isNullOrEmpty();
    List<String> mounts =
        container().getVolumeMounts().stream()
            .map(m -> m.getName() + " " + m.getMountPath() + " " + m.getReadOnly())
            .toList();
    assertThat(mounts)
        .containsExactly("host /host true", "tracing /sys/kernel/tracing true", "run /run null");
    List<String> sources =
        pod().getVolumes().stream()
            .map(v ->
                v.getName() + " " + (v.getHostPath() == null ? "own" : v.getHostPath().getPath()))
            .toList();
    assertThat(sources).containsExactly("host /", "tracing /sys/kernel/tracing", "run own");
  }

  @Test
  void thePodIsOnEveryLinuxNodeOfTheControlPlaneToo() throws IOException {
    assertThat(pod().getTolerations())
        .extracting(Toleration::getKey, Toleration::getOperator, Toleration::getEffect)
        .containsExactly(
            tuple("node-role.kubernetes.io/control-plane", "Exists", "NoSchedule"),
            tuple("node-role.kubernetes.io/master", "Exists", "NoSchedule"));
    assertThat(pod().getNodeSelector()).containsOnlyKeys("kubernetes.io/os");
  }

  @Test
  void probesAskTheClientOfTheSocket() throws IOException {
    Container container = container();
    List<Probe> probes =
        Stream.of(
                container.getStartupProbe(),
                container.getReadinessProbe(),
                container.getLivenessProbe())
            .toList();
    assertThat(probes)
        .extracting(probe -> probe.getExec().getCommand())
        .containsOnly(List.of("/bin/gadgettracermanager", "-liveness"));
    assertThat(container.getStartupProbe().getPeriodSeconds()).isEqualTo(1);
    assertThat(pod().getTerminationGracePeriodSeconds()).isEqualTo(5);
  }

  @Test
  void namesAreThoseThatThePluginLooksFor() throws IOException {
    DaemonSet set = daemonSet();
    assertThat(set.getMetadata().getNamespace() + "/" + set.getMetadata().getName())
        .isEqualTo("gadget/gadget");
    assertThat(set.getSpec().getSelector().getMatchLabels()).isEqualTo(Map.of("k8s-app", "gadget"));
    assertThat(container().getName()).isEqualTo("gadget");
    assertThat(pod().getServiceAccountName()).isEqualTo("gadget");
    assertThat(container().getEnv())
        .extracting(EnvVar::getName)
        .containsExactly(AgentOptions.NODE_VARIABLE, "HOST_ROOT");
  }

  @Test
  void thereAreThreePlaceholdersAndNoMore() throws IOException {
    String text = text("daemonset.yaml").replaceAll("(?m)^#.*\n", "");
    assertThat(text.replaceAll("\\$\\{(IMAGE|PULL_POLICY|VERSION)}", "")).doesNotContain("$");
    assertThat(container().getImage()).isEqualTo("${IMAGE}");
    assertThat(container().getImagePullPolicy()).isEqualTo("${PULL_POLICY}");
    assertThat(daemonSet().getMetadata().getLabels())
        .containsEntry("app.kubernetes.io/version", "${VERSION}");
    assertThat(text("namespace.yaml") + text("rbac.yaml")).doesNotContain("$");
  }

  @Test
  void theRoleAllowsNothingButTracesAndPods() throws IOException {
    ClusterRole role =
        documents("rbac.yaml").stream()
            .filter(ClusterRole.class::isInstance)
            .map(ClusterRole.class::cast)
            .findAny()
            .orElseThrow();
    assertThat(role.getRules())
        .extracting(rule -> rule.getApiGroups() + " " + rule.getResources() + rule.getVerbs())
        .containsExactly(
            "[gadget.kinvolk.io] [traces][get, list, watch, patch]",
            "[gadget.kinvolk.io] [traces/status][patch]",
            "[] [pods][list, watch]");
  }
}
