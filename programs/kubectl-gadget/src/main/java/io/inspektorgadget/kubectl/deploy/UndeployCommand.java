// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.deploy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.inspektorgadget.cli.ProgramCommand;
import io.inspektorgadget.cli.flag.Flag;
import io.inspektorgadget.cli.flag.FlagGroup;
import io.inspektorgadget.cli.flag.ParsedFlags;
import io.inspektorgadget.cli.flag.Quantity;
import io.inspektorgadget.cli.run.ExitStatus;
import io.inspektorgadget.cli.run.RunException;
import io.inspektorgadget.cli.terminal.Streams;
import io.inspektorgadget.kubectl.cluster.Cluster;
import io.inspektorgadget.kubectl.cluster.ClusterFlags;
import io.inspektorgadget.kubectl.cluster.GadgetPod;
import io.inspektorgadget.trace.Trace;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Takes away everything that {@code deploy} has brought, and all Traces. */
public final class UndeployCommand implements ProgramCommand {
  private static final long TIMEOUT_MS = 60_000;

  /** How long gadget pods get for ending their runs; the rest is let go of without them. */
  private static final long TRACES_LIMIT_MS = 5_000;

  private static final long POLL_MS = 100;

  private static final Flag WAIT =
      Flag.ofSwitch(FlagGroup.RUN, "--wait", "wait until all is gone [default: true]");
  private static final Flag TIMEOUT =
      Flag.ofValue(FlagGroup.RUN, "--timeout", "SECONDS", "how long to wait [default: 60]");

  private final Map<String, String> environment;

  /** The command; the environment may name the kubeconfig. */
  public UndeployCommand(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  @Override
  public String name() {
    return "undeploy";
  }

  @Override
  public String summary() {
    return "take the gadget pods and all Traces out of the cluster";
  }

  @Override
  public List<Flag> flags() {
    List<Flag> flags = new ArrayList<>(List.of(WAIT, TIMEOUT));
    flags.addAll(ClusterFlags.all());
    return flags;
  }

  @Override
  public int run(ParsedFlags flags, Streams streams) throws IOException {
    String timeout = flags.text(TIMEOUT);
    long timeoutMs = timeout.isEmpty() ? TIMEOUT_MS : Quantity.durationMs(TIMEOUT, timeout);
    try (Cluster cluster = Cluster.open(flags, environment)) {
      if (cluster.ask("looking for the definition", () -> definition(cluster).get()) != null) {
        removeTraces(cluster, streams);
        cluster.ask("removing the definition", () -> definition(cluster).delete());
        streams.print("removed CustomResourceDefinition/" + Trace.DEFINITION_NAME + "\n");
      }
      KubernetesClient client = cluster.client();
      String name = GadgetPod.LABEL_VALUE;
      cluster.ask(
          "removing the role binding",
          () -> client.rbac().clusterRoleBindings().withName(name).delete());
      cluster.ask("removing the role", () -> client.rbac().clusterRoles().withName(name).delete());
      streams.print("removed ClusterRole/" + name + " and its binding\n");
      cluster.ask(
          "removing the namespace",
          () -> client.namespaces().withName(GadgetPod.NAMESPACE).delete());
      if (flags.has(WAIT) && !flags.isOn(WAIT)) {
        streams.print("Namespace/" + GadgetPod.NAMESPACE + " is being removed\n");
        return ExitStatus.OK;
      }
      awaitGone(cluster, timeoutMs);
      streams.print("removed Namespace/" + GadgetPod.NAMESPACE + "\n");
      streams.print("Inspektor Gadget is gone\n");
      return ExitStatus.OK;
    }
  }

  private static Resource<?> definition(Cluster cluster) {
    return cluster
        .client()
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName(Trace.DEFINITION_NAME);
  }

  private static List<Trace> traces(Cluster cluster) {
    return cluster.ask(
        "listing the Traces",
        () -> cluster.client().resources(Trace.class).inAnyNamespace().list().getItems());
  }

  private static void removeTraces(Cluster cluster, Streams streams) throws IOException {
    List<Trace> all = traces(cluster);
    for (Trace trace : all) {
      cluster.ask("removing a Trace", () -> cluster.client().resource(trace).delete());
    }
    long end = System.nanoTime() + TRACES_LIMIT_MS * 1_000_000;
    List<Trace> left = traces(cluster);
    while (!left.isEmpty() && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(POLL_MS * 1_000_000);
      left = traces(cluster);
    }
    for (Trace trace : left) {
      cluster.ask("letting go of a Trace", () -> letGo(cluster, trace));
    }
    streams.print(
        "removed "
            + all.size()
            + (all.size() == 1 ? " Trace" : " Traces")
            + (left.isEmpty() ? "" : ", " + left.size() + " without their gadget pod")
            + "\n");
  }

  /** No gadget pod agrees to its deletion; perhaps one has done so just now. */
  private static boolean letGo(Cluster cluster, Trace trace) {
    try {
      cluster
          .client()
          .resource(trace)
          .edit(gone -> {
            gone.getMetadata().setFinalizers(new ArrayList<>());
            return gone;
          });
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  private static void awaitGone(Cluster cluster, long timeoutMs) {
    try {
      cluster
          .client()
          .namespaces()
          .withName(GadgetPod.NAMESPACE)
          .waitUntilCondition(Objects::isNull, timeoutMs, TimeUnit.MILLISECONDS);
    } catch (RuntimeException e) {
      throw new RunException(
          "removing the namespace: it is not gone after "
              + timeoutMs / 1000
              + " s (kubectl get namespace "
              + GadgetPod.NAMESPACE
              + " -o yaml says what it waits for)",
          "",
          e);
    }
  }
}
