// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.event.TextBuffer;
import io.inspektorgadget.tracers.event.FieldFormatter;
import io.inspektorgadget.tracers.event.RecordView;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One fact about the container that an event happened in. The text is made once per container and
 * kept until another container's event comes.
 */
final class ContainerFormatter implements FieldFormatter.OfContainer {
  private final String field;
  private final Fact fact;
  private final boolean ofPod;
  private final long hostNetNsId;
  private @Nullable ContainerInfo last;
  private byte[] text = {};

  private interface Fact {
    String of(ContainerInfo container);
  }

  /**
   * What is known of the node.
   *
   * @param name what {@code k8s.node} says; may be empty
   * @param netNsId inode of the node's own network namespace
   */
  record NodeFacts(String name, long netNsId) {}

  /**
   * A formatter of one fact.
   *
   * @param field its full field name, such as {@code runtime.containerName}
   * @param node what is known of the node
   * @throws IllegalArgumentException if no fact has that name
   */
  ContainerFormatter(String field, NodeFacts node) {
    this.field = field;
    this.fact = fact(field, node.name());
    this.hostNetNsId = node.netNsId();
    this.ofPod = field.startsWith("k8s.");
  }

  @Override
  public boolean isPresent(RecordView view) {
    ContainerInfo container = view.container();
    return container != null && (!ofPod || !container.pod().podName().isEmpty());
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // another object is another container, or news of it
  public void format(RecordView view, TextBuffer out) {
    ContainerInfo container = view.container();
    if (container == null) {
      return;
    }
    if (container != last) {
      last = container;
      text = fact.of(container).getBytes(StandardCharsets.UTF_8);
    }
    out.append(text);
  }

  @Override
  public long number(RecordView view) {
    ContainerInfo container = view.container();
    if (container == null) {
      return 0;
    }
    return switch (field) {
      case "runtime.containerPid" -> container.pid();
      case "runtime.containerStartedAt" -> container.runtime().startedAtNs();
      case "k8s.hostnetwork" -> container.netNsId() == hostNetNsId ? 1 : 0;
      default -> 0;
    };
  }

  private static Fact fact(String field, String nodeName) {
    return switch (field) {
      case "runtime.runtimeName" -> c -> c.runtime().runtimeName();
      case "runtime.containerId" -> ContainerInfo::id;
      case "runtime.containerName" -> ContainerInfo::name;
      case "runtime.containerPid" -> c -> Long.toString(c.pid());
      case "runtime.containerImageName" -> c -> c.runtime().imageName();
      case "runtime.containerImageDigest" -> c -> c.runtime().imageDigest();
      case "runtime.containerStartedAt" -> c -> Long.toString(c.runtime().startedAtNs());
      case "k8s.node" -> c -> nodeName;
      case "k8s.namespace" -> c -> c.pod().namespace();
      case "k8s.podName" -> c -> c.pod().podName();
      case "k8s.containerName" -> c -> c.pod().containerName();
      case "k8s.hostnetwork" -> c -> "";
      case "k8s.podLabels" -> c -> labels(c.pod().labels());
      case "k8s.owner.kind" -> c -> c.pod().ownerKind();
      case "k8s.owner.name" -> c -> c.pod().ownerName();
      default ->
          throw new IllegalArgumentException("reading the schema: no container field " + field);
    };
  }

  private static String labels(Map<String, String> labels) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(labels)
        .forEach((key, value) -> {
          if (!text.isEmpty()) {
            text.append(',');
          }
          text.append(key).append('=').append(value);
        });
    return text.toString();
  }
}
