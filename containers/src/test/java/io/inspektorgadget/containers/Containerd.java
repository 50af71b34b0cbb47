// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.containers.engine.EngineSockets;
import io.inspektorgadget.containers.engine.EngineSockets.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A containerd of a test's own, with everything of it in a folder. Closing ends it. */
final class Containerd implements AutoCloseable {
  private static final long END_LIMIT_SECONDS = 20;

  private final Path folder;
  private final Process process;

  private Containerd(Path folder, Process process) {
    this.folder = folder;
    this.process = process;
  }

  /**
   * Starts one and waits until it answers.
   *
   * @param moreConfig further lines of its configuration, before its tables
   */
  static Containerd start(Path folder, String moreConfig) throws IOException {
    Path config = folder.resolve("config.toml");
    Files.writeString(
        config,
        "version = 2\nroot = \"%s/root\"\nstate = \"%s/state\"\n".formatted(folder, folder)
            + moreConfig
            + "[grpc]\n  address = \"%s/sock\"\n".formatted(folder)
            + "[ttrpc]\n  address = \"%s/sock.ttrpc\"\n".formatted(folder));
    Process process = Commands.start(folder, "containerd", "--config", config.toString());
    Conditions.await(
        "containerd starts",
        () -> {
          assertThat(process.isAlive()).as("containerd goes on").isTrue();
          return Files.exists(folder.resolve("sock.ttrpc"));
        });
    return new Containerd(folder, process);
  }

  /** Where it listens. */
  Path socket() {
    return folder.resolve("sock");
  }

  /** What a collection looks at to find its containers, and nobody else's. */
  CollectionOptions options() {
    return CollectionOptions.DEFAULTS
        .withMechanisms(true, false)
        .withStateFolders(List.of(), List.of(folder + "/state/io.containerd.runtime.v2.task"))
        .withEngineSockets(EngineSockets.NONE.withNamed(Engine.CONTAINERD, socket().toString()));
  }

  /** Runs its command-line client in one of its namespaces. */
  void ctr(String namespace, String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("ctr", "--address", socket().toString(), "--namespace", namespace));
    command.addAll(List.of(arguments));
    Commands.run(folder, command.toArray(new String[0]));
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().orTimeout(END_LIMIT_SECONDS, TimeUnit.SECONDS).join();
  }
}
