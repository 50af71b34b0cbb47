// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.flag;

import io.inspektorgadget.cli.flag.Flag.Completion;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.ValueList;
import java.util.List;
import java.util.Map;

/** The flags that say which containers are meant. */
public final class ContainerFlags {

  /** Container names. */
  public static final Flag NAME =
      list("--containername", "names or ids of containers (web,db or '!proxy')")
          .withLetter("-c")
          .withOtherNames("--runtime-containername", "--k8s-containername")
          .completedBy(Completion.CONTAINERS);

  /** Everything on the host. */
  public static final Flag HOST =
      Flag.ofSwitch(
          FlagGroup.CONTAINERS, "--host", "everything on the host, in a container or not");

  /** Runtimes at unusual places; no selection, for programs that notice containers themselves. */
  public static final Flag RUNTIME_PATHS =
      Flag.ofValue(
              FlagGroup.CONTAINERS,
              "--runtime-path",
              "PATHS",
              "OCI runtimes at unusual places (/opt/bin/runc), to notice their containers")
          .repeatable();

  /** Every namespace, in a program that otherwise looks at one. */
  public static final Flag ALL_NAMESPACES =
      Flag.ofSwitch(FlagGroup.CONTAINERS, "--all-namespaces", "pods of all namespaces")
          .withLetter("-A");

  /** Nodes of a cluster. */
  public static final Flag NODE =
      Flag.ofValue(FlagGroup.CONTAINERS, "--node", "LIST", "these nodes only (node1,node2)")
          .withOtherNames("--k8s-node")
          .repeatable();

  /** Names of pods. */
  public static final Flag POD =
      list("--podname", "names of pods").withLetter("-p").withOtherNames("--k8s-podname");

  /** Namespaces of pods. */
  public static final Flag NAMESPACE =
      list("--namespace", "Kubernetes namespaces")
          .withLetter("-n")
          .withOtherNames("--k8s-namespace");

  /** Labels of pods, or of containers that are in none. */
  public static final Flag LABELS =
      Flag.ofValue(
              FlagGroup.CONTAINERS,
              "--selector",
              "K=V,…",
              "labels (app=web,tier!=db, 'env in (prod,test)', app, '!app')")
          .withLetter("-l")
          .withOtherNames("--k8s-selector")
          .repeatable();

  private static final Flag RUNTIME =
      list("--runtimes", "runtimes (docker,containerd)")
          .withLetter("-r")
          .withOtherNames("--runtime", "--runtime-runtimename")
          .withValues(
              List.of("containerd", "cri-o", "crun", "docker", "podman", "runc", "unknown"));
  private static final Flag IMAGE =
      list("--image", "images, with or without registry and tag (nginx,'redis:7*')")
          .withOtherNames("--runtime-containerimagename", "--runtime-containerimage-digest");

  private ContainerFlags() {}

  private static Flag list(String name, String description) {
    return Flag.ofValue(FlagGroup.CONTAINERS, name, "LIST", description).repeatable();
  }

  /** All of them, as a program on one host has them. */
  public static List<Flag> onHost() {
    return List.of(NAME, POD, NAMESPACE, LABELS, RUNTIME, IMAGE, HOST);
  }

  /** All of them, as a program that looks at a cluster has them. */
  public static List<Flag> inCluster() {
    return List.of(NAME, POD, NAMESPACE, ALL_NAMESPACES, LABELS, NODE);
  }

  /**
   * The containers that are meant.
   *
   * @throws UsageException if a list has an empty element, a demand on a label is none, or {@code
   *     --host} is given together with a selection
   */
  public static ContainerSelector selector(ParsedFlags flags) {
    if (!flags.isOn(HOST)) {
      return new ContainerSelector(
          false,
          values(flags, NAME),
          values(flags, IMAGE),
          values(flags, RUNTIME),
          values(flags, POD),
          values(flags, NAMESPACE),
          flags.has(LABELS) ? LabelSelector.parse(flags.text(LABELS)) : Map.of());
    }
    for (Flag flag : onHost()) {
      if (!flag.name().equals(HOST.name()) && flags.has(flag)) {
        throw new UsageException(
            "reading --host: it means everything on the host, and "
                + flag.name()
                + " only some containers; give one of them");
      }
    }
    return ContainerSelector.HOST;
  }

  private static ValueList values(ParsedFlags flags, Flag flag) {
    return flags.has(flag) ? parse(flag, flags.text(flag)) : ValueList.ANY;
  }

  private static ValueList parse(Flag flag, String text) {
    try {
      return ValueList.parse(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "reading " + flag.name() + ": \"" + text + "\" has an empty element; write a,b or '!a'");
    }
  }
}
