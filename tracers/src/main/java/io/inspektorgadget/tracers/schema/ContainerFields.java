// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.schema;

import io.inspektorgadget.model.schema.FieldType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields that say in which container an event happened. Every record has them that carries a
 * namespace; on a host a table shows the container's name.
 */
final class ContainerFields {
  private static final List<ContainerField> ALL =
      List.of(
          new ContainerField("k8s.node", FieldType.STRING, "node", "Name of the node"),
          new ContainerField("k8s.namespace", FieldType.STRING, "namespace", "The pod's namespace"),
          new ContainerField("k8s.podName", FieldType.STRING, "pod", "Name of the pod"),
          new ContainerField(
              "k8s.containerName",
              FieldType.STRING,
              "container",
              "Name of the container in its pod"),
          new ContainerField("k8s.podLabels", FieldType.STRING, "", "The pod's labels"),
          new ContainerField(
              "k8s.hostnetwork", FieldType.BOOL, "", "True if it uses the network of its host"),
          new ContainerField("k8s.owner.kind", FieldType.STRING, "", "Kind of the pod's owner"),
          new ContainerField("k8s.owner.name", FieldType.STRING, "", "Name of the pod's owner"),
          new ContainerField(
              "runtime.containerName", FieldType.STRING, "container", "Name of the container"),
          new ContainerField(
              "runtime.runtimeName", FieldType.STRING, "", "Name of the container's runtime"),
          new ContainerField("runtime.containerId", FieldType.STRING, "", "Id of the container"),
          new ContainerField(
              "runtime.containerPid",
              FieldType.UINT32,
              "containerPid",
              "Process id of the container's first process"),
          new ContainerField(
              "runtime.containerImageName",
              FieldType.STRING,
              "containerImageName",
              "Name of the container's image"),
          new ContainerField(
              "runtime.containerImageDigest",
              FieldType.STRING,
              "containerImageDigest",
              "Digest of the container's image"),
          new ContainerField(
              "runtime.containerStartedAt",
              FieldType.UINT64,
              "containerStartedAt",
              "When the container was started, in ns since 1970"));

  private static final String SHOWN = "runtime.containerName";

  private ContainerFields() {}

  private record ContainerField(String name, FieldType type, String template, String description) {}

  /** The container fields of a record; none if it carries no namespace. */
  static List<FieldDraft> of(List<FieldDraft> fields) {
    FieldDraft key = firstOf(fields, "gadget_mntns_id");
    if (key == null) {
      key = firstOf(fields, "gadget_netns_id");
    }
    if (key == null) {
      return List.of();
    }
    List<FieldDraft> made = new ArrayList<>();
    for (ContainerField field : ALL) {
      Map<String, String> annotations = new LinkedHashMap<>();
      annotations.put("description", field.description());
      if (!field.template().isEmpty()) {
        annotations.put(FieldTemplates.TEMPLATE, field.template());
      }
      if (field.name().equals(SHOWN)) {
        annotations.put(FieldTemplates.ALIAS, "container");
      } else {
        annotations.put(FieldTemplates.HIDDEN, "true");
      }
      made.add(
          new FieldDraft(
              field.name(),
              field.type(),
              "",
              new FieldDraft.Origin.Made("container", key.name(), field.name()),
              annotations));
    }
    return made;
  }

  private static @Nullable FieldDraft firstOf(List<FieldDraft> fields, String semantics) {
    for (FieldDraft field : fields) {
      if (field.semantics().equals(semantics)) {
        return field;
      }
    }
    return null;
  }
}
