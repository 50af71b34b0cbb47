// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.flag;

import io.inspektorgadget.cli.flag.Flag.Completion;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.ValueList;
import java.util.HashMap;
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

  private static final Flag POD =
      list("--podname", "names of pods").withLetter("-p").withOtherNames("--k8s-podname");
  private static final Flag NAMESPACE =
      list("--namespace", "Kubernetes namespaces")
          .withLetter("-n")
          .withOtherNames("--k8s-namespace");
  private static final Flag LABELS =
      Flag.ofValue(
              FlagGroup.CONTAINERS,
              "--selector",
              "K=V,…",
              "labels of pods; repeat a key for \"one of these\"")
          .withLetter("-l")
          .withOtherNames("--k8s-selector")
          .repeatable();
  private static final Flag RUNTIME =
      list("--runtimes", "runtimes (runc,containerd)").withLetter("-r");
  private static final Flag IMAGE =
      list("--image", "image names ('*' and '?' stand for anything)")
          .withOtherNames("--runtime-containerimagename");

  private ContainerFlags() {}

  private static Flag list(String name, String description) {
    return Flag.ofValue(FlagGroup.CONTAINERS, name, "LIST", description).repeatable();
  }

  /** All of them, as a program on one host has them. */
  public static List<Flag> onHost() {
    return List.of(NAME, POD, NAMESPACE, LABELS, RUNTIME, IMAGE, HOST);
  }

  /**
   * The containers that are meant.
   *
   * @throws UsageException if a list has an empty element, a label is no {@code key=value}, or
   *     {@code --host} is given together with a selection
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
          labels(flags));
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

  private static Map<String, ValueList> labels(ParsedFlags flags) {
    if (!flags.has(LABELS)) {
      return Map.of();
    }
    Map<String, String> texts = new HashMap<>();
    for (String pair : flags.text(LABELS).split(",", -1)) {
      int equals = pair.indexOf('=');
      boolean excluding = equals > 0 && pair.charAt(equals - 1) == '!';
      String key = pair.substring(0, Math.max(0, excluding ? equals - 1 : equals)).strip();
      String value = pair.substring(equals + 1).strip();
      if (key.isEmpty() || value.isEmpty()) {
        throw new UsageException(
            "reading --selector: \"" + pair + "\" is no label; write app=web,tier!=db");
      }
      texts.merge(key, excluding ? "!" + value : value, (one, other) -> one + "," + other);
    }
    Map<String, ValueList> labels = HashMap.newHashMap(texts.size());
    for (Map.Entry<String, String> label : texts.entrySet()) {
      labels.put(label.getKey(), parse(LABELS, label.getValue()));
    }
    return labels;
  }
}
