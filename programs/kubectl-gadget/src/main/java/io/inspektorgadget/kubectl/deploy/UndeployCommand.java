// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.deploy;

import io.fabric8.kubernetes.api.model.HasMetadata;
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
import java.util.Locale;
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
    boolean waits = !flags.has(WAIT) || flags.isOn(WAIT);
    long end = System.nanoTime() + timeoutMs * 1_000_000;
    try (Cluster cluster = Cluster.open(flags, environment)) {
      List<Part> found = new ArrayList<>();
      for (Part part : parts(cluster.client())) {
        if (cluster.ask("looking for " + part.name(), () -> part.resource().get()) != null) {
          found.add(part);
        }
      }
      if (found.isEmpty()) {
        streams.print("Inspektor Gadget is not deployed; there is nothing to remove\n");
        return ExitStatus.OK;
      }
      for (Part part : found) {
        if (part.name().endsWith(Trace.DEFINITION_NAME)) {
          removeTraces(cluster, streams);
        }
        cluster.ask("removing " + part.name(), () -> part.resource().delete());
        if (waits) {
          awaitGone(part, end, timeoutMs);
        }
        streams.print((waits ? "removed " : "removing ") + part.name() + "\n");
      }
      streams.print(waits ? "Inspektor Gadget is gone\n" : "Inspektor Gadget is being removed\n");
      return ExitStatus.OK;
    }
  }

  /**
   * Something to remove.
   *
   * @param name kind and name
   * @param resource the way to it
   */
  private record Part(String name, Resource<? extends HasMetadata> resource) {}

  /** All that {@code deploy} has brought, the Traces' definition first and the pods last. */
  private static List<Part> parts(KubernetesClient client) {
    String name = GadgetPod.LABEL_VALUE;
    return List.of(
        new Part(
            "CustomResourceDefinition/" + Trace.DEFINITION_NAME,
            client
                .apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName(Trace.DEFINITION_NAME)),
        new Part("ClusterRoleBinding/" + name, client.rbac().clusterRoleBindings().withName(name)),
        new Part("ClusterRole/" + name, client.rbac().clusterRoles().withName(name)),
        new Part(
            "Namespace/" + GadgetPod.NAMESPACE, client.namespaces().withName(GadgetPod.NAMESPACE)));
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

  private static void awaitGone(Part part, long end, long timeoutMs) {
    long leftMs = Math.max(1, (end - System.nanoTime()) / 1_000_000);
    try {
      part.resource().waitUntilCondition(Objects::isNull, leftMs, TimeUnit.MILLISECONDS);
    } catch (RuntimeException e) {
      throw new RunException(
          "removing "
              + part.name()
              + ": it is not gone after "
              + timeoutMs / 1000
              + " s (kubectl get "
              + part.name().toLowerCase(Locale.ROOT)
              + " -o yaml says what it waits for)",
          "",
          e);
    }
  }
}
