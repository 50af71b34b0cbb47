// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.identity;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What an OCI runtime was asked to do, by its command line. Immutable; unknown texts are empty.
 *
 * @param program the runtime's name, its path taken off
 * @param verb the subcommand: {@code run}, {@code create} …
 * @param containerId the container's id, empty if the verb neither makes, starts nor deletes one,
 *     or the line was cut
 * @param bundle the bundle as written, may be relative; empty if it is the working directory
 * @param root the folder of the runtime's state as written, empty if it is the usual one
 */
public record RuntimeCommand(
    String program, String verb, String containerId, String bundle, String root) {

  /** Of a container that no runtime's command line explains. */
  public static final RuntimeCommand NONE = new RuntimeCommand("", "", "", "", "");

  private static final Set<String> BIRTH_VERBS = Set.of("run", "create", "restore");
  private static final String START = "start";
  private static final String DELETE = "delete";

  /** Flags that are followed by a value of their own; a flag of any other name stands alone. */
  private static final Set<String> VALUED =
      Set.of(
          "root",
          "log",
          "log-format",
          "log-level",
          "criu",
          "rootless",
          "cgroup-manager",
          "bundle",
          "b",
          "console-socket",
          "pid-file",
          "preserve-fds",
          "config",
          "f",
          "image-path",
          "work-path",
          "parent-path",
          "pidfd-socket",
          "manage-cgroups-mode",
          "empty-ns",
          "lsm-profile",
          "lsm-mount-context");

  /**
   * Reads a command line.
   *
   * @param truncated true if words are missing at the end
   */
  public static RuntimeCommand parse(List<String> words, boolean truncated) {
    if (words.isEmpty()) {
      return NONE;
    }
    String program = words.getFirst().substring(words.getFirst().lastIndexOf('/') + 1);
    List<String> positional = new ArrayList<>();
    String bundle = "";
    String root = "";
    for (int i = 1; i < words.size(); i++) {
      String word = words.get(i);
      if (!word.startsWith("-") || word.equals("-")) {
        positional.add(word);
        continue;
      }
      String flag = word.startsWith("--") ? word.substring(2) : word.substring(1);
      int equals = flag.indexOf('=');
      String name = equals < 0 ? flag : flag.substring(0, equals);
      String value = equals < 0 ? "" : flag.substring(equals + 1);
      if (equals < 0 && VALUED.contains(name) && i + 1 < words.size()) {
        value = words.get(++i);
      }
      switch (name) {
        case "bundle", "b" -> bundle = value;
        case "root" -> root = value;
        default -> {
          // Every other flag says how a container is made, not which one.
        }
      }
    }
    String verb = positional.isEmpty() ? "" : positional.getFirst();
    boolean isOfOne = BIRTH_VERBS.contains(verb) || verb.equals(START) || verb.equals(DELETE);
    boolean hasId = isOfOne && positional.size() > 1 && !truncated;
    return new RuntimeCommand(program, verb, hasId ? positional.getLast() : "", bundle, root);
  }

  /** True if it makes a container. */
  public boolean isBirth() {
    return BIRTH_VERBS.contains(verb) && !containerId.isEmpty();
  }

  /** True if it makes a container whose program waits for {@code start}. */
  public boolean isCreation() {
    return verb.equals("create") && !containerId.isEmpty();
  }

  /** True if it lets a created container begin. */
  public boolean isStart() {
    return verb.equals(START) && !containerId.isEmpty();
  }

  /** True if it means the container that the other one means. */
  public boolean isOfSameContainer(RuntimeCommand other) {
    return containerId.equals(other.containerId)
        && program.equals(other.program)
        && root.equals(other.root);
  }
}
