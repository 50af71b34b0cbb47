// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.engine;

import io.inspektorgadget.containers.identity.EngineRecord;
import io.inspektorgadget.containers.identity.TaskBundle;
import io.inspektorgadget.model.container.ContainerInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Asks containerd itself, which has its containers in namespaces; the numbers are those of the
 * fields in its messages {@code Container} and {@code Image}.
 */
final class ContainerdClient implements EngineClient {
  private static final String CONTAINERS = "containerd.services.containers.v1.Containers/Get";
  private static final String IMAGES = "containerd.services.images.v1.Images/Get";
  private static final int ANSWER = 1;
  private static final int WANTED_ID = 1;
  private static final int LABELS_OF_CONTAINER = 2;
  private static final int IMAGE_OF_CONTAINER = 3;
  private static final int TARGET_OF_IMAGE = 3;
  private static final int DIGEST_OF_TARGET = 2;
  private static final String NAME_LABEL = "nerdctl/name";

  private final GrpcChannel channel;

  /** Asks at this socket. */
  ContainerdClient(Path socket) {
    this.channel = new GrpcChannel(socket, LIMIT_MS);
  }

  @Override
  public Optional<EngineAnswer> ask(ContainerInfo container) throws IOException {
    String namespace = TaskBundle.namespace(container.bundle());
    if (!EngineIds.isPlain(namespace)) {
      return Optional.empty();
    }
    Optional<ProtoMessage> told = one(CONTAINERS, namespace, container.id());
    if (told.isEmpty()) {
      return Optional.empty();
    }
    String image = told.get().text(IMAGE_OF_CONTAINER);
    Map<String, String> labels = told.get().texts(LABELS_OF_CONTAINER);
    String digest = image.isEmpty() ? "" : digest(namespace, image);
    String name = labels.getOrDefault(NAME_LABEL, "");
    return Optional.of(new EngineAnswer(new EngineRecord(name, image, digest, labels)));
  }

  private String digest(String namespace, String image) throws IOException {
    Optional<ProtoMessage> told = one(IMAGES, namespace, image);
    return told.isEmpty() ? "" : told.get().message(TARGET_OF_IMAGE).text(DIGEST_OF_TARGET);
  }

  private Optional<ProtoMessage> one(String method, String namespace, String id)
      throws IOException {
    try {
      Map<String, String> metadata = new HashMap<>();
      metadata.put("containerd-namespace", namespace);
      byte[] answer = channel.call(method, metadata, ProtoMessage.withText(WANTED_ID, id));
      return Optional.of(ProtoMessage.parse(answer).message(ANSWER));
    } catch (GrpcException e) {
      if (e.isNotFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
