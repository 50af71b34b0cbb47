// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.deploy;

import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatus;
import io.inspektorgadget.cli.run.ExitStatus;
import io.inspektorgadget.cli.run.RunException;
import io.inspektorgadget.cli.terminal.StopRequests;
import io.inspektorgadget.cli.terminal.Streams;
import io.inspektorgadget.kubectl.cluster.Cluster;
import io.inspektorgadget.kubectl.cluster.GadgetPod;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Waits until every node has its gadget pod, and says how far it is. */
final class Rollout {
  private static final long POLL_MS = 200;
  private static final Set<String> IMAGE_REASONS =
      Set.of("ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName");

  private final Cluster cluster;
  private final String image;
  private final CountDownLatch stopped = new CountDownLatch(1);

  Rollout(Cluster cluster, String image, StopRequests stops) {
    this.cluster = cluster;
    this.image = image;
    stops.whenStopped(stopped::countDown);
  }

  /**
   * Waits.
   *
   * @return the exit status
   * @throws RunException if the image cannot be had, or the time is over; says what is in the way
   */
  int await(long timeoutMs, Streams streams) throws IOException {
    long end = System.nanoTime() + timeoutMs * 1_000_000;
    String said = "";
    while (true) {
      DaemonSet set = daemonSet();
      List<Pod> pods = pods();
      requireImage(pods);
      String progress = progress(set);
      if (!progress.equals(said)) {
        streams.print(progress + "\n");
        said = progress;
      }
      if (isComplete(set)) {
        streams.print("Inspektor Gadget is deployed\n");
        return ExitStatus.OK;
      }
      if (System.nanoTime() - end >= 0) {
        throw new RunException(
            "waiting for the gadget pods: "
                + progress
                + " after "
                + timeoutMs / 1000
                + " s"
                + obstacles(pods)
                + " (kubectl describe pods -n "
                + GadgetPod.NAMESPACE
                + " says more)");
      }
      if (isStopped()) {
        throw new RunException("waiting for the gadget pods: stopped; they go on by themselves");
      }
    }
  }

  private boolean isStopped() {
    try {
      return stopped.await(POLL_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private @Nullable DaemonSet daemonSet() {
    return cluster.ask(
        "looking for the DaemonSet",
        () ->
            cluster
                .client()
                .apps()
                .daemonSets()
                .inNamespace(GadgetPod.NAMESPACE)
                .withName(GadgetPod.LABEL_VALUE)
                .get());
  }

  private List<Pod> pods() {
    return cluster.ask(
        "listing the gadget pods",
        () ->
            cluster
                .client()
                .pods()
                .inNamespace(GadgetPod.NAMESPACE)
                .withLabel(GadgetPod.LABEL, GadgetPod.LABEL_VALUE)
                .list()
                .getItems());
  }

  private static String progress(@Nullable DaemonSet set) {
    DaemonSetStatus status = set == null ? null : set.getStatus();
    int wanted = number(status == null ? null : status.getDesiredNumberScheduled());
    if (status == null || wanted == 0) {
      return "no node has a gadget pod yet";
    }
    int ready = isObserved(set) ? Math.min(ready(status), updated(status)) : 0;
    return ready + "/" + wanted + (wanted == 1 ? " gadget pod is" : " gadget pods are") + " ready";
  }

  private static boolean isComplete(@Nullable DaemonSet set) {
    DaemonSetStatus status = set == null ? null : set.getStatus();
    if (status == null || !isObserved(set)) {
      return false;
    }
    int wanted = number(status.getDesiredNumberScheduled());
    return wanted > 0 && ready(status) >= wanted && updated(status) >= wanted;
  }

  /** Before the controller has seen a change, its status is about what was before. */
  private static boolean isObserved(@Nullable DaemonSet set) {
    return set != null
        && set.getStatus() != null
        && set.getStatus().getObservedGeneration() != null
        && set.getStatus().getObservedGeneration() >= set.getMetadata().getGeneration();
  }

  private static int ready(DaemonSetStatus status) {
    return number(status.getNumberReady());
  }

  private static int updated(DaemonSetStatus status) {
    return number(status.getUpdatedNumberScheduled());
  }

  private static int number(@Nullable Integer value) {
    return value == null ? 0 : value;
  }

  /** Waiting does not bring an image that cannot be had. */
  private void requireImage(List<Pod> pods) {
    Set<String> nodes = new TreeSet<>();
    String reason = "";
    for (Pod pod : pods) {
      ContainerStateWaiting waiting = waiting(pod);
      if (waiting != null && IMAGE_REASONS.contains(waiting.getReason()) && usesImage(pod)) {
        nodes.add(String.valueOf(pod.getSpec().getNodeName()));
        reason = waiting.getReason();
      }
    }
    if (!nodes.isEmpty()) {
      throw new RunException(ImageAdvice.text(image, String.join(", ", nodes), reason));
    }
  }

  /** A pod of before is replaced, whatever its image. */
  private boolean usesImage(Pod pod) {
    return GadgetPod.of(pod).image().equals(image)
        && pod.getMetadata().getDeletionTimestamp() == null;
  }

  private static @Nullable ContainerStateWaiting waiting(Pod pod) {
    if (pod.getStatus() == null || pod.getStatus().getContainerStatuses() == null) {
      return null;
    }
    for (ContainerStatus status : pod.getStatus().getContainerStatuses()) {
      if (status.getState() != null && status.getState().getWaiting() != null) {
        return status.getState().getWaiting();
      }
    }
    return null;
  }

  private static String obstacles(List<Pod> pods) {
    List<String> obstacles = new ArrayList<>();
    for (Pod pod : pods) {
      ContainerStateWaiting waiting = waiting(pod);
      if (waiting != null && waiting.getReason() != null) {
        obstacles.add(pod.getMetadata().getName() + " " + waiting.getReason());
      }
    }
    return obstacles.isEmpty() ? "" : ": " + String.join(", ", obstacles);
  }
}
