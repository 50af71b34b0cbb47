// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.engine;

import io.inspektorgadget.containers.identity.EngineRecord;
import io.inspektorgadget.containers.identity.JsonFile;
import io.inspektorgadget.model.container.ContainerInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** Asks podman's service. */
final class PodmanClient implements EngineClient {
  private static final Set<String> WANTED =
      Set.of("Name", "ImageName", "ImageDigest", "Config.Labels");

  private final UnixHttp http;

  /** Asks at this socket. */
  PodmanClient(Path socket) {
    this.http = new UnixHttp(socket, LIMIT_MS);
  }

  @Override
  public Optional<EngineAnswer> ask(ContainerInfo container) throws IOException {
    if (!EngineIds.isPlain(container.id())) {
      return Optional.empty();
    }
    Optional<byte[]> answer = http.get("/v4.0.0/libpod/containers/" + container.id() + "/json");
    if (answer.isEmpty()) {
      return Optional.empty();
    }
    JsonFile told = JsonFile.parse("what podman tells", answer.get(), WANTED);
    EngineRecord record =
        new EngineRecord(
            told.text("Name"),
            told.text("ImageName"),
            told.text("ImageDigest"),
            told.texts("Config", "Labels"));
    return Optional.of(new EngineAnswer(record));
  }
}
