// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
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
import java.util.function.Predicate;
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
  private static final List<String> RIGHTS =
      List.of("traces get", "traces list", "traces watch", "traces patch", "traces/status patch");
  private static final long POLL_NS = 10_000_000;
  private static final String NAMESPACE = "traces-" + ProcessHandle.current().pid();

  private final KubernetesClient client = ClusterClient.ofSurroundings();
  private final KubernetesClient agentsClient = ofUser(NAMESPACE);
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
    grant(NAMESPACE, "");
    agent = new NodeAgent(agentsClient, NODE);
  }

  /** A client that is allowed what a user was granted, and no more. */
  private static KubernetesClient ofUser(String user) {
    Config config = Config.autoConfigure(null);
    config.setImpersonateUsername(user);
    return ClusterClient.of(config);
  }

  /** Allows a user what an agent needs, but for one {@code RESOURCE VERB}. */
  private void grant(String user, String missing) {
    List<PolicyRule> rules = new ArrayList<>();
    for (String right : RIGHTS) {
      String[] words = right.split(" ", -1);
      if (!right.equals(missing)) {
        rules.add(
            new PolicyRuleBuilder()
                .withApiGroups(Trace.GROUP)
                .withResources(words[0])
                .withVerbs(words[1])
                .build());
      }
    }
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
      client.resources(Trace.class).inNamespace(NAMESPACE).delete();
      for (Trace trace : client.resources(Trace.class).inNamespace(NAMESPACE).list().getItems()) {
        resource(trace.getMetadata().getName())
            .waitUntilCondition(Objects::isNull, LIMIT_MS, TimeUnit.MILLISECONDS);
      }
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

  private Resource<Trace> resource(String name) {
    return client.resources(Trace.class).inNamespace(NAMESPACE).withName(name);
  }

  private static String tracerId(String name) {
    return Trace.tracerId(NAMESPACE, name);
  }

  private void create(String name, TraceSpec spec) {
    Trace trace = new Trace();
    trace.setMetadata(new ObjectMetaBuilder().withNamespace(NAMESPACE).withName(name).build());
    trace.setSpec(spec);
    client.resource(trace).create();
  }

  private static TraceSpec wish(
      String gadget, RunMode mode, TraceOutputMode output, @Nullable TraceFilter filter) {
    return new TraceSpec(NODE, gadget, mode, filter, output, "", Map.of());
  }

  private static TraceFilter ofNamespace(String namespace) {
    return new TraceFilter(namespace, "", Map.of(), "");
  }

  /** As kubectl annotate would; returns when the controller has taken it. */
  private void command(String name, String operation) {
    resource(name)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"metadata\":{\"annotations\":{\"" + Trace.OPERATION + "\":\"" + operation + "\"}}}");
    await(name, trace -> trace.operation() == null);
  }

  private TraceStatus await(String name, Predicate<Trace> condition) {
    return Objects.requireNonNull(
            resource(name)
                .waitUntilCondition(
                    trace -> trace != null && condition.test(trace),
                    LIMIT_MS,
                    TimeUnit.MILLISECONDS))
        .outcome();
  }

  private TraceStatus awaitState(String name, TraceState state) {
    return await(name, trace -> trace.outcome().state() == state);
  }

  private void delete(String name) {
    resource(name).delete();
    resource(name).waitUntilCondition(Objects::isNull, LIMIT_MS, TimeUnit.MILLISECONDS);
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
    create("apart", new TraceSpec("nobody", "execsnoop", null, null, null, "", Map.of()));
    String both = "{\"spec\":{\"gadget\":\"dns\"},\"status\":{\"operationWarning\":\"w\"}}";
    resource("apart").patch(PatchContext.of(PatchType.JSON_MERGE), both);
    Trace spec = Objects.requireNonNull(resource("apart").get());
    assertThat(spec.wish().gadget()).isEqualTo("dns");
    assertThat(spec.outcome()).isEqualTo(TraceStatus.EMPTY);
    resource("apart")
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), both.replace("dns", "other"));
    Trace status = Objects.requireNonNull(resource("apart").get());
    assertThat(status.wish().gadget()).isEqualTo("dns");
    assertThat(status.outcome()).isEqualTo(TraceStatus.EMPTY.withWarning("w"));
    // The controller of node1 has left it alone: it is nobody's.
    assertThat(status.hasFinalizer()).isFalse();
    delete("apart");
  }

  @Test
  void aStreamIsStartedReadAndStopped(@TempDir Path folder) throws Exception {
    try (PodContainer chosen = PodContainer.start(folder, "shop/web", "app=web");
        PodContainer other = PodContainer.start(folder, "bank/web", "app=web")) {
      create(
          "exec",
          wish("execsnoop", RunMode.MANUAL, TraceOutputMode.STREAM, ofNamespace("demo,shop")));
      await("exec", Trace::hasFinalizer);
      assertThat(agent().tracers().status(new TracerId(tracerId("exec")))).isEmpty();

      command("exec", "start");
      assertThat(awaitState("exec", TraceState.STARTED).operationError()).isEmpty();
      other.execute("/bin/busybox", "echo", "of-the-other");
      chosen.execute("/bin/busybox", "echo", "of-the-chosen");
      String stream = agent().readUntil(tracerId("exec"), "of-the-chosen", LIMIT_MS);
      assertThat(stream)
          .contains("\"namespace\":\"shop\"", "\"podName\":\"web\"", "\"node\":\"node1\"")
          .doesNotContain("of-the-other", "bank");

      command("exec", "stop");
      assertThat(awaitState("exec", TraceState.STOPPED).operationError()).isEmpty();
      assertThat(agent().tracers().status(new TracerId(tracerId("exec")))).isEmpty();
      command("exec", "stop");
      await("exec", trace -> trace.outcome().operationError().equals("Not started"));
      delete("exec");
    }
  }

  @Test
  void aSnapshotOfLabelledPodsIsInTheStatus(@TempDir Path folder) throws Exception {
    try (PodContainer chosen = PodContainer.start(folder, "shop/db", "role=demo");
        PodContainer other = PodContainer.start(folder, "shop/cache", "role=test")) {
      TraceFilter filter = new TraceFilter("shop", "", Map.of("role", "demo"), "main");
      create(
          "processes", wish("process-collector", RunMode.MANUAL, TraceOutputMode.STATUS, filter));
      command("processes", "collect");
      TraceStatus status = awaitState("processes", TraceState.COMPLETED);
      assertThat(status.operationError()).isEmpty();
      assertThat(status.output())
          .startsWith("[")
          .contains("\"podName\":\"db\"", "\"comm\":\"busybox\"")
          .doesNotContain("cache");
      assertThat(chosen.id()).isNotEqualTo(other.id());
      delete("processes");
    }
  }

  @Test
  void anAutomaticTraceNeedsNoCommand(@TempDir Path folder) throws Exception {
    try (PodContainer pod = PodContainer.start(folder, "auto/p", "a=b")) {
      create("auto", wish("opensnoop", RunMode.AUTO, TraceOutputMode.STREAM, ofNamespace("auto")));
      awaitState("auto", TraceState.STARTED);
      pod.execute("/bin/busybox", "cat", "/proc/version");
      agent().readUntil(tracerId("auto"), "/proc/version", LIMIT_MS);
      resource("auto")
          .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"gadget\":\"sigsnoop\"}}");
      awaitTrue("the new gadget runs", () -> runs("auto", "trace_signal"));
      delete("auto");
      assertThat(agent().tracers().status(new TracerId(tracerId("auto")))).isEmpty();
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
        .status(new TracerId(tracerId(name)))
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
    create(name, wish(gadget, RunMode.MANUAL, mode, filter));
    command(name, operation);
    assertThat(awaitState(name, state).operationError()).isEmpty();
    if (state == TraceState.STARTED) {
      command(name, "stop");
      TraceStatus stopped =
          awaitState(
              name, mode == TraceOutputMode.STATUS ? TraceState.COMPLETED : TraceState.STOPPED);
      assertThat(stopped.operationError()).isEmpty();
      assertThat(stopped.output().startsWith("[")).isEqualTo(mode == TraceOutputMode.STATUS);
    }
    delete(name);
  }

  @Test
  void errorsStandInTheStatus() {
    create("nosuch", wish("nosuch", RunMode.AUTO, TraceOutputMode.STREAM, null));
    assertThat(await("nosuch", trace -> !trace.outcome().operationError().isEmpty()))
        .isEqualTo(TraceStatus.EMPTY.withError("Unknown gadget \"nosuch\""));
    create("wrong", wish("sigsnoop", RunMode.MANUAL, TraceOutputMode.STREAM, null));
    command("wrong", "generate");
    assertThat(await("wrong", trace -> !trace.outcome().operationError().isEmpty()))
        .isEqualTo(
            TraceStatus.EMPTY.withError(
                "Unsupported operation \"generate\" for gadget \"sigsnoop\""));
    resource("wrong")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\":{\"parameters\":{\"signal\":\"SIGNOSUCH\"}}}");
    command("wrong", "start");
    TraceStatus status =
        await("wrong", trace -> trace.outcome().operationError().contains("SIGNOSUCH"));
    assertThat(status.state()).isNull();
    delete("nosuch");
    delete("wrong");
  }

  @Test
  void aRestartedAgentGoesOnAndLetsGo() throws Exception {
    create("goes-on", wish("execsnoop", RunMode.MANUAL, TraceOutputMode.STREAM, null));
    create("lets-go", wish("sigsnoop", RunMode.AUTO, TraceOutputMode.STREAM, null));
    command("goes-on", "start");
    awaitState("goes-on", TraceState.STARTED);
    awaitState("lets-go", TraceState.STARTED);
    restartAgent(() -> {
      resource("lets-go").delete();
      // It waits for its node.
      assertThat(Objects.requireNonNull(resource("lets-go").get()).deleted()).isTrue();
    });
    assertThat(resource("lets-go").waitUntilCondition(Objects::isNull, 20, TimeUnit.SECONDS))
        .isNull();
    TraceStatus status = await("goes-on", trace -> !trace.outcome().operationWarning().isEmpty());
    assertThat(status.state()).isEqualTo(TraceState.STARTED);
    assertThat(status.operationWarning()).contains("restarted");
    assertThat(runs("goes-on", "trace_exec")).isTrue();
    delete("goes-on");
  }

  @ParameterizedTest
  @FieldSource("RIGHTS")
  void noRightIsSpare(String missing) throws IOException {
    String user = NAMESPACE + "-" + RIGHTS.indexOf(missing);
    List<String> messages = new CopyOnWriteArrayList<>();
    grant(user, missing);
    create(
        user,
        new TraceSpec(user, "execsnoop", RunMode.AUTO, null, TraceOutputMode.STREAM, "", null));
    try (KubernetesClient restricted = ofUser(user);
        TraceController controller =
            TraceController.start(
                restricted,
                new TraceController.Scope(user, NodeAgent.catalog(), messages::add),
                new MemoryTracers())) {
      awaitTrue(
          "it is forbidden",
          () -> messages.stream().anyMatch(m -> m.toLowerCase(Locale.ROOT).contains("forbidden")));
      assertThat(controller).isNotNull();
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
    delete(user);
  }

  @Test
  void aServerThatGoesAwayCostsOnlyTime(@TempDir Path folder) throws Exception {
    try (PodContainer pod = PodContainer.start(folder, "away/p", "a=b")) {
      create("away", wish("execsnoop", RunMode.AUTO, TraceOutputMode.STREAM, ofNamespace("away")));
      awaitState("away", TraceState.STARTED);
      cluster("apiserver", "kill");
      pod.execute("/bin/busybox", "echo", "while-it-was-away");
      agent().readUntil(tracerId("away"), "while-it-was-away", LIMIT_MS);
      cluster("apiserver", "restart");
      command("away", "stop");
      assertThat(awaitState("away", TraceState.STOPPED).operationError()).isEmpty();
      delete("away");
    }
  }

  private static void cluster(String... command) throws IOException, InterruptedException {
    String[] words = new String[command.length + 1];
    words[0] = Path.of(System.getProperty("ig.checkout", ".."), "cluster").toString();
    System.arraycopy(command, 0, words, 1, command.length);
    Process process = new ProcessBuilder(words).inheritIO().start();
    assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }
}
