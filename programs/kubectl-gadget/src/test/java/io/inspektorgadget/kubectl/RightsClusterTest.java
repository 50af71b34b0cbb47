// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A user who is no administrator: without a right it is named, and those of the file are enough.
 */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(150)
final class RightsClusterTest {
  private static final String TEAM = "team-" + ProcessHandle.current().pid();
  private static final String USER = "tracer";
  private static final String ADVICE = " (ask whoever runs the cluster for this right)";

  private @Nullable DeployedGadgets deployed;
  private final List<HasMetadata> granted = new ArrayList<>();
  private Map<String, String> asUser = Map.of();

  @BeforeAll
  void deploy(@TempDir Path folder) throws Exception {
    DeployedGadgets gadgets = new DeployedGadgets();
    deployed = gadgets;
    gadgets.deploy();
    gadgets.startPod(TEAM, "web", "node1");
    KubectlGadget.printed("cluster", "kubectl", "create", "serviceaccount", USER, "-n", TEAM);
    String token =
        gadgets
            .client()
            .serviceAccounts()
            .inNamespace(TEAM)
            .withName(USER)
            .tokenRequest(new TokenRequestBuilder().withNewSpec().endSpec().build())
            .getStatus()
            .getToken();
    String text = Files.readString(Path.of(System.getenv("KUBECONFIG")));
    Path file = folder.resolve("config");
    Files.writeString(
        file,
        text.replaceAll("client-certificate-data: .*\n", "token: " + token + "\n")
            .replaceAll(" *client-key-data: .*\n", ""));
    asUser = Map.of("KUBECONFIG", file.toString());
  }

  @AfterAll
  void end() throws Exception {
    granted.forEach(part -> gadgets().client().resource(part).delete());
    gadgets().close();
  }

  private DeployedGadgets gadgets() {
    return Objects.requireNonNull(deployed);
  }

  private static String forbidden(String resource, String verb, String group, String where) {
    return resource
        + " is forbidden: User \"system:serviceaccount:"
        + TEAM
        + ":"
        + USER
        + "\" cannot "
        + verb
        + " resource \""
        + resource.split("[. ]", -1)[0]
        + "\" in API group \""
        + group
        + "\" "
        + where
        + ADVICE;
  }

  @Test
  @Order(1)
  void whoMayNothingIsToldWhatIsMissing() throws Exception {
    String pods = forbidden("pods", "list", "", "in the namespace \"gadget\"");
    for (String command : List.of("trace exec", "snapshot process", "list-containers")) {
      assertThat(KubectlGadget.refusal(asUser, command.split(" ", -1)))
          .isEqualTo("listing the gadget pods: " + pods);
    }
    assertThat(KubectlGadget.refusal(asUser, "deploy"))
        .startsWith("applying Namespace/gadget: namespaces \"gadget\" is forbidden: User ")
        .endsWith(ADVICE);
    assertThat(KubectlGadget.refusal(asUser, "undeploy"))
        .startsWith("looking for CustomResourceDefinition/traces.gadget.kinvolk.io: ")
        .endsWith(ADVICE);
  }

  @Test
  @Order(2)
  void theRightsOfTheFileAreEnough() throws Exception {
    grant(List.of());
    try (KubectlGadget run =
        KubectlGadget.run(
            asUser,
            KubectlGadget.file("kubectl-gadget"),
            "trace",
            "exec",
            "-n",
            TEAM,
            "-t",
            "3",
            "-o",
            "json")) {
      assertThat(run.status()).as("%s", run.err()).isZero();
      assertThat(run.err()).isEmpty();
      assertThat(run.out()).anyMatch(line -> line.contains("of-web"));
    }
    gadgets().awaitNoTraces();
    try (KubectlGadget list =
        KubectlGadget.run(
            asUser, KubectlGadget.file("kubectl-gadget"), "list-containers", "-n", TEAM)) {
      assertThat(list.out()).hasSize(2).last().asString().contains("web");
    }
  }

  @Test
  @Order(3)
  void whoMayNotExecIsToldAtOnceAndLeavesNoTrace() throws Exception {
    grant(List.of("pods/exec"));
    try (KubectlGadget run =
        KubectlGadget.run(
            asUser, KubectlGadget.file("kubectl-gadget"), "trace", "exec", "-n", TEAM)) {
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err())
          .noneMatch(line -> line.contains("taking it up again"))
          .last()
          .asString()
          .startsWith("Error: running kubectl gadget trace exec on ")
          .contains("opening the stream of pod gadget-", "pods/exec")
          .endsWith(ADVICE);
    }
    gadgets().awaitNoTraces();
    assertThat(KubectlGadget.refusal(asUser, "list-containers", "-n", TEAM))
        .startsWith("asking pod gadget-")
        .contains("pods/exec")
        .endsWith(ADVICE);
  }

  @Test
  @Order(4)
  void whoMayMakeNoTracesIsTold() throws Exception {
    grant(List.of("traces"));
    assertThat(KubectlGadget.refusal(asUser, "trace", "exec", "-n", TEAM))
        .contains("making the Trace for node")
        .contains("traces.gadget.kinvolk.io is forbidden: User ");
  }

  /** Gives the user what the file gives, but for these resources. */
  private void grant(List<String> without) throws Exception {
    try (InputStream file =
        Files.newInputStream(Path.of(KubectlGadget.file("deploy/tracing-user.yaml")))) {
      for (HasMetadata part : gadgets().client().load(file).items()) {
        if (part instanceof Role role) {
          List<PolicyRule> kept =
              role.getRules().stream()
                  .filter(rule -> rule.getResources().stream().noneMatch(without::contains))
                  .toList();
          assertThat(kept).hasSize(role.getRules().size() - without.size());
          role.setRules(kept);
        }
        subjects(part)
            .forEach(subject -> {
              subject.setApiGroup("");
              subject.setKind("ServiceAccount");
              subject.setName(USER);
              subject.setNamespace(TEAM);
            });
        gadgets().client().resource(part).forceConflicts().serverSideApply();
        granted.add(part);
      }
    }
  }

  private static List<Subject> subjects(HasMetadata part) {
    return switch (part) {
      case RoleBinding binding -> binding.getSubjects();
      case ClusterRoleBinding binding -> binding.getSubjects();
      default -> List.of();
    };
  }
}
