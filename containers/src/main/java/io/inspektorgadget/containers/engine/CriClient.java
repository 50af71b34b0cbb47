// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.engine;

import io.inspektorgadget.containers.identity.EngineRecord;
import io.inspektorgadget.containers.identity.OciConfig;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.PodInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks an engine by the interface that it has for the kubelet, of which version 1 and its
 * predecessor are understood; they have the same messages. The numbers are those of the fields in
 * {@code ContainerStatus} and {@code PodSandboxStatus}.
 */
final class CriClient implements EngineClient {
  private static final List<String> VERSIONS = List.of("runtime.v1", "runtime.v1alpha2");
  private static final Map<String, String> NO_METADATA = Map.of();
  private static final int STATUS = 1;
  private static final int WANTED_ID = 1;

  private static final int METADATA = 2;
  private static final int IMAGE_OF_CONTAINER = 8;
  private static final int IMAGE_REF_OF_CONTAINER = 9;
  private static final int LABELS_OF_CONTAINER = 12;
  private static final int LABELS_OF_POD = 7;
  private static final int NAME_IN_METADATA = 1;
  private static final int UID_IN_METADATA = 2;
  private static final int NAMESPACE_IN_METADATA = 3;

  private static final List<String> SANDBOX_ANNOTATIONS =
      List.of("io.kubernetes.cri.sandbox-id", "io.kubernetes.cri-o.SandboxID");

  private final GrpcChannel channel;
  private int version;

  /** Asks at this socket. */
  CriClient(Path socket) {
    this.channel = new GrpcChannel(socket, LIMIT_MS);
  }

  /** True if the interface for the kubelet knows of containers like this one. */
  static boolean knows(ContainerInfo container) {
    return !sandboxId(container).isEmpty();
  }

  private static String sandboxId(ContainerInfo container) {
    for (String annotation : SANDBOX_ANNOTATIONS) {
      String id = container.annotations().getOrDefault(annotation, "");
      if (!id.isEmpty()) {
        return id;
      }
    }
    return "";
  }

  @Override
  public Optional<EngineAnswer> ask(ContainerInfo container) throws IOException {
    Optional<ProtoMessage> told = status("ContainerStatus", container.id());
    if (told.isEmpty()) {
      return Optional.empty();
    }
    String name = told.get().message(METADATA).text(NAME_IN_METADATA);
    String reference = told.get().text(IMAGE_REF_OF_CONTAINER);
    EngineRecord record =
        new EngineRecord(
            name,
            told.get().message(IMAGE_OF_CONTAINER).text(1),
            reference.substring(reference.indexOf('@') + 1),
            told.get().texts(LABELS_OF_CONTAINER));
    return Optional.of(new EngineAnswer(record, pod(sandboxId(container), name)));
  }

  private PodInfo pod(String sandboxId, String containerName) throws IOException {
    Optional<ProtoMessage> told =
        sandboxId.isEmpty() ? Optional.empty() : status("PodSandboxStatus", sandboxId);
    if (told.isEmpty()) {
      return PodInfo.NONE;
    }
    ProtoMessage metadata = told.get().message(METADATA);
    return new PodInfo(
        metadata.text(NAMESPACE_IN_METADATA),
        metadata.text(NAME_IN_METADATA),
        metadata.text(UID_IN_METADATA),
        containerName,
        OciConfig.podLabels(told.get().texts(LABELS_OF_POD)),
        "",
        "");
  }

  private Optional<ProtoMessage> status(String method, String id) throws IOException {
    while (true) {
      try {
        String path = VERSIONS.get(version) + ".RuntimeService/" + method;
        byte[] answer = channel.call(path, NO_METADATA, ProtoMessage.withText(WANTED_ID, id));
        return Optional.of(ProtoMessage.parse(answer).message(STATUS));
      } catch (GrpcException e) {
        if (e.isNotFound()) {
          return Optional.empty();
        }
        if (!e.isUnimplemented() || version == VERSIONS.size() - 1) {
          throw e;
        }
        version++;
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
