// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.run;

import io.inspektorgadget.cli.flag.ContainerFlags;
import io.inspektorgadget.cli.run.GadgetInvocation;
import io.inspektorgadget.cli.run.GadgetLauncher;
import io.inspektorgadget.cli.run.LaunchedRun;
import io.inspektorgadget.cli.run.RunException;
import io.inspektorgadget.cli.terminal.StandardError;
import io.inspektorgadget.kubectl.cluster.Cluster;
import io.inspektorgadget.kubectl.cluster.GadgetPod;
import io.inspektorgadget.kubectl.cluster.VersionSkew;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.trace.client.ClusterException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs gadgets on the nodes of a cluster. */
public final class ClusterLauncher implements GadgetLauncher {
  private final Map<String, String> environment;
  private final String version;
  private final StandardError err;
  private final long begunNs = System.nanoTime();

  /**
   * A launcher.
   *
   * @param environment may name the kubeconfig
   * @param version of this program
   * @param err for what is worth knowing before events come
   */
  public ClusterLauncher(Map<String, String> environment, String version, StandardError err) {
    this.environment = Map.copyOf(environment);
    this.version = version;
    this.err = err;
  }

  @Override
  public boolean readsFiles() {
    return false;
  }

  @Override
  public GadgetSpec read(String target) {
    throw new RunException(
        "running "
            + target
            + ": gadget pods run gadgets of their catalog only (ig run "
            + target
            + " runs it on one host)");
  }

  @Override
  public LaunchedRun launch(GadgetInvocation invocation, EventSink sink) {
    StartTimes times = new StartTimes(invocation.verbose(), begunNs, err);
    times.reached("the command line is understood");
    Cluster cluster = Cluster.open(invocation.flags(), environment);
    try {
      TraceWish wish = TraceWish.of(invocation, cluster.namespace());
      List<GadgetPod> pods = pods(cluster, invocation.flags().text(ContainerFlags.NODE));
      warnOfVersions(pods);
      times.reached("the gadget pods are known");
      RunLedger ledger = RunLedger.of(environment, cluster.serverUrl());
      new AbandonedRuns(cluster, ledger, err).remove();
      ClusterRun run = new ClusterRun(cluster, wish, invocation, sink, times);
      return NotedRun.start(run, ledger, err, () -> run.start(pods));
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** The pods to use: those of the named nodes, which must be ready, or all that are. */
  private List<GadgetPod> pods(Cluster cluster, String nodeList) {
    List<GadgetPod> all = GadgetPod.list(cluster);
    if (all.isEmpty()) {
      throw new ClusterException(
          "listing the gadget pods: there is none in namespace "
              + GadgetPod.NAMESPACE
              + " (kubectl gadget deploy brings them up)",
          null);
    }
    List<GadgetPod> chosen = nodeList.isEmpty() ? all : ofNodes(all, nodeList);
    List<GadgetPod> ready = new ArrayList<>();
    for (GadgetPod pod : chosen) {
      if (pod.ready()) {
        ready.add(pod);
      } else if (nodeList.isEmpty()) {
        err.warning("pod " + pod.name() + " of " + pod.node() + " is not ready: left out");
      } else {
        throw notReady(List.of(pod));
      }
    }
    if (ready.isEmpty()) {
      throw notReady(chosen);
    }
    return ready;
  }

  private static ClusterException notReady(List<GadgetPod> pods) {
    return new ClusterException(
        "listing the gadget pods: "
            + (pods.size() == 1
                ? pods.getFirst().name() + " of " + pods.getFirst().node() + " is not ready"
                : "none of " + pods.size() + " is ready")
            + " (kubectl describe pods -n "
            + GadgetPod.NAMESPACE
            + " says why)",
        null);
  }

  private static List<GadgetPod> ofNodes(List<GadgetPod> all, String nodeList) {
    Set<String> wanted = new LinkedHashSet<>(List.of(nodeList.split(",", -1)));
    List<GadgetPod> chosen = new ArrayList<>();
    for (String node : wanted) {
      GadgetPod found = null;
      for (GadgetPod pod : all) {
        found = pod.node().equals(node) && (found == null || pod.ready()) ? pod : found;
      }
      if (found == null) {
        throw new ClusterException(
            "reading --node: node \""
                + node
                + "\" has no gadget pod (those with one: "
                + String.join(", ", new LinkedHashSet<>(all.stream().map(GadgetPod::node).toList()))
                + ")",
            null);
      }
      chosen.add(found);
    }
    return chosen;
  }

  private void warnOfVersions(List<GadgetPod> pods) {
    String skew = VersionSkew.warning(pods, version);
    if (skew != null) {
      err.warning(skew);
    }
  }
}
