// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.engine;

import io.inspektorgadget.containers.identity.EngineRecord;
import io.inspektorgadget.containers.identity.JsonFile;
import io.inspektorgadget.model.container.ContainerInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** Asks Docker's daemon. */
final class DockerClient implements EngineClient {
  private static final Set<String> OF_CONTAINER =
      Set.of("Name", "Image", "Config.Image", "Config.Labels");
  private static final Set<String> OF_IMAGE = Set.of("RepoDigests");

  private final UnixHttp http;

  /** Asks at this socket. */
  DockerClient(Path socket) {
    this.http = new UnixHttp(socket, LIMIT_MS);
  }

  @Override
  public Optional<EngineAnswer> ask(ContainerInfo container) throws IOException {
    if (!EngineIds.isPlain(container.id())) {
      return Optional.empty();
    }
    Optional<byte[]> answer = http.get("/containers/" + container.id() + "/json");
    if (answer.isEmpty()) {
      return Optional.empty();
    }
    JsonFile told = JsonFile.parse("what Docker tells", answer.get(), OF_CONTAINER);
    String name = told.text("Name");
    EngineRecord record =
        new EngineRecord(
            name.startsWith("/") ? name.substring(1) : name,
            told.text("Config", "Image"),
            digest(told.text("Image")),
            told.texts("Config", "Labels"));
    return Optional.of(new EngineAnswer(record));
  }

  /** Digest by which a registry knows the image; empty if it was built or imported here. */
  private String digest(String imageId) throws IOException {
    if (!EngineIds.isPlain(imageId)) {
      return "";
    }
    Optional<byte[]> answer = http.get("/images/" + imageId + "/json");
    if (answer.isEmpty()) {
      return "";
    }
    JsonFile image = JsonFile.parse("what Docker tells", answer.get(), OF_IMAGE);
    for (String repository : image.list("RepoDigests")) {
      int digest = repository.indexOf('@');
      if (digest >= 0) {
        return repository.substring(digest + 1);
      }
    }
    return "";
  }
}
