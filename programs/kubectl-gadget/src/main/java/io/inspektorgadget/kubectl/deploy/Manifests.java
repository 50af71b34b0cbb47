// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.deploy;

import io.inspektorgadget.trace.Trace;
import io.inspektorgadget.trace.client.ClusterException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What brings the gadget pods up in a cluster, as YAML. Immutable. */
final class Manifests {
  private static final String SEPARATOR = "---\n";
  private static final String SELINUX = "seLinuxOptions:";

  private final Choices choices;

  /**
   * What the user chooses.
   *
   * @param image the image of the gadget pods
   * @param pullPolicy when a node fetches it
   * @param version of what is deployed
   * @param skipsSelinux true to leave out what only nodes with SELinux understand
   */
  record Choices(String image, String pullPolicy, String version, boolean skipsSelinux) {}

  Manifests(Choices choices) {
    this.choices = choices;
  }

  /** All documents, in the order in which they are to be applied. */
  String yaml() {
    List<String> parts =
        List.of(part("namespace.yaml"), definition(), part("rbac.yaml"), part("daemonset.yaml"));
    return String.join(SEPARATOR, parts);
  }

  private String part(String name) {
    String text = read(Manifests.class.getResourceAsStream(name), name);
    return (choices.skipsSelinux() ? withoutSelinux(text) : text)
        .replace("${IMAGE}", choices.image())
        .replace("${PULL_POLICY}", choices.pullPolicy())
        .replace("${VERSION}", choices.version());
  }

  private static String definition() {
    String name = Trace.DEFINITION_RESOURCE;
    String text = read(Trace.class.getClassLoader().getResourceAsStream(name), name);
    return text.startsWith(SEPARATOR) ? text.substring(SEPARATOR.length()) : text;
  }

  /** Without what a file begins with for its own readers. */
  private static String read(InputStream file, String name) {
    try (file) {
      if (file == null) {
        throw new ClusterException("reading " + name + ": this build is not whole", null);
      }
      StringBuilder text = new StringBuilder();
      for (String line : new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
        if (!line.startsWith("#")) {
          text.append(line).append('\n');
        }
      }
      return text.toString().strip() + "\n";
    } catch (IOException e) {
      throw new ClusterException("reading " + name + ": " + e.getMessage(), e);
    }
  }

  /** Without the options, and the comment above them. */
  private static String withoutSelinux(String text) {
    List<String> kept = new ArrayList<>();
    int dropped = -1;
    for (String line : text.split("\n", -1)) {
      int indent = line.length() - line.stripLeading().length();
      if (dropped >= 0 && indent > dropped) {
        continue;
      }
      dropped = -1;
      if (line.strip().equals(SELINUX)) {
        dropped = indent;
        while (!kept.isEmpty() && kept.getLast().strip().startsWith("#")) {
          kept.removeLast();
        }
      } else {
        kept.add(line);
      }
    }
    return String.join("\n", kept);
  }
}
