// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.inspektorgadget.agent.cluster.ClusterCommand;
import io.inspektorgadget.agent.cluster.NodePods;
import io.inspektorgadget.agent.stream.ClientProgram;
import io.inspektorgadget.agent.tracer.TracerId;
import io.inspektorgadget.trace.RunMode;
import io.inspektorgadget.trace.Trace;
import io.inspektorgadget.trace.TraceFilter;
import io.inspektorgadget.trace.TraceOutputMode;
import io.inspektorgadget.trace.TraceSpec;
import io.inspektorgadget.trace.TraceState;
import io.inspektorgadget.trace.TraceStatus;
import io.inspektorgadget.trace.client.ClusterClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The controller with real gadgets on this host, as node1, against the API server of {@code
 * ./cluster}. KUBECONFIG says where it is.
 */
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class TraceClusterTest {
  private static final String NODE = "node1";
  private static final long LIMIT_MS = 20_000;
  private static final List<Right> RIGHTS = rights();
  private static final long POLL_NS = 10_000_000;
  private static final String NAMESPACE = "traces-" + ProcessHandle.current().pid();

  private final KubernetesClient client = ClusterClient.ofSurroundings();
  private final KubernetesClient agentsClient = ofUser(NAMESPACE);
  private final ClusterTraces traces = new ClusterTraces(client, NAMESPACE);
  private @Nullable NodeAgent agent;

  @BeforeAll
  void begin() throws IOException, InterruptedException {
    try (InputStream file =
        Trace.class.getClassLoader().getResourceAsStream(Trace.DEFINITION_RESOURCE)) {
      CustomResourceDefinition definition =
          client
              .getKubernetesSerialization()
              .unmarshal(Objects.requireNonNull(file), CustomResourceDefinition.class);
      client.resource(definition).serverSideApply();
    }
    client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName(Trace.DEFINITION_NAME)
        .waitUntilCondition(TraceClusterTest::isEstablished, LIMIT_MS, TimeUnit.MILLISECONDS);
    client
        .namespaces()
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build())
        .create();
    grant(NAMESPACE, null);
    agent = new NodeAgent(agentsClient, NODE);
  }

  /** A client that is allowed what a user was granted, and no more. */
  private static KubernetesClient ofUser(String user) {
    Config config = Config.autoConfigure(null);
    config.setImpersonateUsername(user);
    return ClusterClient.of(config);
  }

  /** One verb on one resource. */
  record Right(String group, String resource, String verb) {
    PolicyRule rule() {
      return new PolicyRuleBuilder()
          .withApiGroups(group)
          .withResources(resource)
          .withVerbs(verb)
          .build();
    }
  }

  /** What the manifests allow the gadget pods, one by one. */
  private static List<Right> rights() {
    Path file = ClientProgram.checkout().resolve("deploy/manifests/rbac.yaml");
    List<Right> rights = new ArrayList<>();
    try {
      for (String document : Files.readString(file).split("\n---\n", -1)) {
        if (new KubernetesSerialization().unmarshal(document) instanceof ClusterRole role) {
          role.getRules()
              .forEach(rule ->
                  rule.getVerbs()
                      .forEach(verb ->
                          rights.add(
                              new Right(
                                  rule.getApiGroups().getFirst(),
                                  rule.getResources().getFirst(),
                                  verb))));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + file, e);
    }
    return rights;
  }

  /** Allows a user what the manifests allow, but for one right. */
  private void grant(String user, @Nullable Right missing) {
    List<PolicyRule> rules =
        RIGHTS.stream().filter(right -> !right.equals(missing)).map(Right::rule).toList();
    client
        .resource(
            new ClusterRoleBuilder()
                .withNewMetadata()
                .withName(user)
                .endMetadata()
                .withRules(rules)
                .build())
        .create();
    client
        .resource(
            new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName(user)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", user)
                .addNewSubject("rbac.authorization.k8s.io", "User", user, null)
                .build())
        .create();
  }

  private void revoke(String user) {
    client.rbac().clusterRoleBindings().withName(user).delete();
    client.rbac().clusterRoles().withName(user).delete();
  }

  private static boolean isEstablished(@Nullable CustomResourceDefinition definition) {
    return definition != null
        && definition.getStatus() != null
        && definition.getStatus().getConditions().stream()
            .anyMatch(c -> c.getType().equals("Established") && c.getStatus().equals("True"));
  }

  @AfterAll
  void end() {
    try (client;
        agentsClient) {
      traces.deleteAll();
      agent().close();
      revoke(NAMESPACE);
      client.namespaces().withName(NAMESPACE).delete();
    }
  }

  private NodeAgent agent() {
    return Objects.requireNonNull(agent);
  }

  private void restartAgent(ThrowingRunnable meanwhile) throws Exception {
    agent().close();
    meanwhile.run();
    agent = new NodeAgent(agentsClient, NODE);
  }

  /** What is done while no agent runs. */
  private interface ThrowingRunnable {
    void run() throws Exception;
  }

  private static TraceSpec wish(
      String gadget, RunMode mode, TraceOutputMode output, @Nullable TraceFilter filter) {
    return new TraceSpec(NODE, gadget, mode, filter, output, "", Map.of());
  }

  private static TraceFilter ofNamespace(String namespace) {
    return new TraceFilter(namespace, "", Map.of(), "");
  }

  @ParameterizedTest
  @CsvSource({
    "runMode, Sometimes",
    "outputMode, Stdout",
    "runMode, auto",
    "outputMode, ''",
    "node, 5"
  })
  void theServerRefusesWhatNoTraceCanBe(String member, String value) {
    String json =
        """
        {"apiVersion":"gadget.kinvolk.io/v1alpha1","kind":"Trace",
         "metadata":{"name":"refused","namespace":"%s"},"spec":{"%s":%s}}
        """
            .formatted(NAMESPACE, member, value.equals("5") ? value : "\"" + value + "\"");
    assertThatThrownBy(() ->
            client
                .resource(
                    client
                        .getKubernetesSerialization()
                        .unmarshal(json, GenericKubernetesResource.class))
                .create())
        .isInstanceOf(KubernetesClientException.class)
        .satisfies(e -> assertThat(((KubernetesClientException) e).getCode()).isEqualTo(422))
        .hasMessageContaining("spec." + member);
  }

  @Test
  void specAndStatusAreWrittenApart() {
    traces.create("apart", new TraceSpec("nobody", "execsnoop", null, null, null, "", Map.of()));
    String both = "{\"spec\":{\"gadget\":\"dns\"},\"status\":{\"operationWarning\":\"w\"}}";
    traces.patch("apart", both);
    Trace spec = Objects.requireNonNull(traces.resource("apart").get());
    assertThat(spec.wish().gadget()).isEqualTo("dns");
    assertThat(spec.outcome()).isEqualTo(TraceStatus.EMPTY);
    traces
        .resource("apart")
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), both.replace("dns", "other"));
    Trace status = Objects.requireNonNull(traces.resource("apart").get());
    assertThat(status.wish().gadget()).isEqualTo("dns");
    assertThat(status.outcome()).isEqualTo(TraceStatus.EMPTY.withWarning("w"));
    // The controller of node1 has left it alone: it is nobody's.
    assertThat(status.hasFinalizer()).isFalse();
    traces.delete("apart");
  }

  @Test
  void aStreamIsStartedReadAndStopped(@TempDir Path folder) throws Exception {
    try (PodContainer chosen = PodContainer.start(folder, "shop/web", "app=web");
        PodContainer other = PodContainer.start(folder, "bank/web", "app=web")) {
      traces.create(
          "exec",
          wish("execsnoop", RunMode.MANUAL, TraceOutputMode.STREAM, ofNamespace("demo,shop")));
      traces.await("exec", Trace::hasFinalizer);
      assertThat(agent().tracers().status(new TracerId(traces.tracerId("exec")))).isEmpty();

      traces.command("exec", "start");
      assertThat(traces.awaitState("exec", TraceState.STARTED).operationError()).isEmpty();
      other.execute("/bin/busybox", "echo", "of-the-other");
      chosen.execute("/bin/busybox", "echo", "of-the-chosen");
      String stream = agent().readUntil(traces.tracerId("exec"), "of-the-chosen", LIMIT_MS);
      assertThat(stream)
          .contains("\"namespace\":\"shop\"", "\"podName\":\"web\"", "\"node\":\"node1\"")
          .doesNotContain("of-the-other", "bank");

      traces.command("exec", "stop");
      assertThat(traces.awaitState("exec", TraceState.STOPPED).operationError()).isEmpty();
      assertThat(agent().tracers().status(new TracerId(traces.tracerId("exec")))).isEmpty();
      traces.command("exec", "stop");
      traces.await("exec", trace -> trace.outcome().operationError().equals("Not started"));
      traces.delete("exec");
    }
  }

  @Test
  void aSnapshotOfLabelledPodsIsInTheStatus(@TempDir Path folder) throws Exception {
    try (PodContainer chosen = PodContainer.start(folder, "shop/db", "role=demo");
        PodContainer other = PodContainer.start(folder, "shop/cache", "role=test")) {
      TraceFilter filter = new TraceFilter("shop", "", Map.of("role", "demo"), "main");
      traces.create(
          "processes", wish("process-collector", RunMode.MANUAL, TraceOutputMode.STATUS, filter));
      traces.command("processes", "collect");
      TraceStatus status = traces.awaitState("processes", TraceState.COMPLETED);
      assertThat(status.operationError()).isEmpty();
      assertThat(status.output())
          .startsWith("[")
          .contains("\"podName\":\"db\"", "\"comm\":\"busybox\"")
          .doesNotContain("cache");
      assertThat(chosen.id()).isNotEqualTo(other.id());
      traces.delete("processes");
    }
  }

  @Test
  void anAutomaticTraceNeedsNoCommand(@TempDir Path folder) throws Exception {
    try (PodContainer pod = PodContainer.start(folder, "auto/p", "a=b")) {
      traces.create(
          "auto", wish("opensnoop", RunMode.AUTO, TraceOutputMode.STREAM, ofNamespace("auto")));
      traces.awaitState("auto", TraceState.STARTED);
      pod.execute("/bin/busybox", "cat", "/proc/version");
      agent().readUntil(traces.tracerId("auto"), "/proc/version", LIMIT_MS);
      traces.patch("auto", "{\"spec\":{\"gadget\":\"sigsnoop\"}}");
      awaitTrue("the new gadget runs", () -> runs("auto", "trace_signal"));
      traces.delete("auto");
      assertThat(agent().tracers().status(new TracerId(traces.tracerId("auto")))).isEmpty();
    }
  }

  private static void awaitTrue(String what, BooleanSupplier condition) {
    long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LIMIT_MS);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - deadlineNs).as(what + " in time").isNegative();
      LockSupport.parkNanos(POLL_NS);
    }
  }

  private boolean runs(String name, String gadget) {
    return agent()
        .tracers()
        .status(new TracerId(traces.tracerId(name)))
        .filter(status -> status.request().gadget().name().equals(gadget))
        .isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "execsnoop         | default | STREAM | start   | STARTED",
        "opensnoop         | default | STREAM | start   | STARTED",
        "sigsnoop          | default | STREAM | start   | STARTED",
        "biotop            |         | STREAM | start   | STARTED",
        "biolatency        |         | STATUS | start   | STARTED",
        "profile           | default | STATUS | start   | STARTED",
        "process-collector | default | STATUS | collect | COMPLETED"
      })
  void theKnownManifestsAreCarriedOut(
      String gadget,
      @Nullable String namespace,
      TraceOutputMode mode,
      String operation,
      TraceState state) {
    TraceFilter filter = namespace == null ? null : ofNamespace(namespace);
    String name = "sample-" + gadget;
    traces.create(name, wish(gadget, RunMode.MANUAL, mode, filter));
    traces.command(name, operation);
    assertThat(traces.awaitState(name, state).operationError()).isEmpty();
    if (state == TraceState.STARTED) {
      traces.command(name, "stop");
      TraceStatus stopped =
          traces.awaitState(
              name, mode == TraceOutputMode.STATUS ? TraceState.COMPLETED : TraceState.STOPPED);
      assertThat(stopped.operationError()).isEmpty();
      assertThat(stopped.output().startsWith("[")).isEqualTo(mode == TraceOutputMode.STATUS);
    }
    traces.delete(name);
  }

  @Test
  void errorsStandInTheStatus() {
    traces.create("nosuch", wish("nosuch", RunMode.AUTO, TraceOutputMode.STREAM, null));
    assertThat(traces.await("nosuch", trace -> !trace.outcome().operationError().isEmpty()))
        .isEqualTo(TraceStatus.EMPTY.withError("Unknown gadget \"nosuch\""));
    traces.create("wrong", wish("sigsnoop", RunMode.MANUAL, TraceOutputMode.STREAM, null));
    traces.command("wrong", "generate");
    assertThat(traces.await("wrong", trace -> !trace.outcome().operationError().isEmpty()))
        .isEqualTo(
            TraceStatus.EMPTY.withError(
                "Unsupported operation \"generate\" for gadget \"sigsnoop\""));
    traces.patch("wrong", "{\"spec\":{\"parameters\":{\"signal\":\"SIGNOSUCH\"}}}");
    traces.command("wrong", "start");
    TraceStatus status =
        traces.await("wrong", trace -> trace.outcome().operationError().contains("SIGNOSUCH"));
    assertThat(status.state()).isNull();
    traces.delete("nosuch");
    traces.delete("wrong");
  }

  @Test
  void aRestartedAgentGoesOnAndLetsGo() throws Exception {
    traces.create("goes-on", wish("execsnoop", RunMode.MANUAL, TraceOutputMode.STREAM, null));
    traces.create("lets-go", wish("sigsnoop", RunMode.AUTO, TraceOutputMode.STREAM, null));
    traces.command("goes-on", "start");
    traces.awaitState("goes-on", TraceState.STARTED);
    traces.awaitState("lets-go", TraceState.STARTED);
    restartAgent(() -> {
      traces.resource("lets-go").delete();
      // It waits for its node.
      assertThat(Objects.requireNonNull(traces.resource("lets-go").get()).deleted()).isTrue();
    });
    traces.awaitGone("lets-go");
    TraceStatus status =
        traces.await("goes-on", trace -> !trace.outcome().operationWarning().isEmpty());
    assertThat(status.state()).isEqualTo(TraceState.STARTED);
    assertThat(status.operationWarning()).contains("restarted");
    assertThat(runs("goes-on", "trace_exec")).isTrue();
    traces.delete("goes-on");
  }

  @ParameterizedTest
  @FieldSource("RIGHTS")
  void noRightIsSpare(Right missing) throws IOException {
    String user = NAMESPACE + "-" + RIGHTS.indexOf(missing);
    List<String> messages = new CopyOnWriteArrayList<>();
    grant(user, missing);
    traces.create(
        user,
        new TraceSpec(user, "execsnoop", RunMode.AUTO, null, TraceOutputMode.STREAM, "", null));
    try (KubernetesClient restricted = ofUser(user);
        NodePods pods = NodePods.start(restricted, user, knowledge -> {}, messages::add);
        TraceController controller =
            TraceController.start(
                restricted,
                new TraceController.Scope(user, NodeAgent.catalog(), messages::add),
                new MemoryTracers())) {
      awaitTrue(
          "it is forbidden",
          () -> messages.stream().anyMatch(m -> m.toLowerCase(Locale.ROOT).contains("forbidden")));
      assertThat(List.of(controller, pods)).hasSize(2);
    }
    revoke(user);
    client
        .resources(Trace.class)
        .inNamespace(NAMESPACE)
        .withName(user)
        .edit(trace -> {
          trace.getMetadata().setFinalizers(List.of());
          return trace;
        });
    traces.delete(user);
  }

  @Test
  void aServerThatGoesAwayCostsOnlyTime(@TempDir Path folder) throws Exception {
    try (PodContainer pod = PodContainer.start(folder, "away/p", "a=b")) {
      traces.create(
          "away", wish("execsnoop", RunMode.AUTO, TraceOutputMode.STREAM, ofNamespace("away")));
      traces.awaitState("away", TraceState.STARTED);
      ClusterCommand.run("apiserver", "kill");
      pod.execute("/bin/busybox", "echo", "while-it-was-away");
      agent().readUntil(traces.tracerId("away"), "while-it-was-away", LIMIT_MS);
      ClusterCommand.run("apiserver", "restart");
      traces.command("away", "stop");
      assertThat(traces.awaitState("away", TraceState.STOPPED).operationError()).isEmpty();
      traces.delete("away");
    }
  }
}
