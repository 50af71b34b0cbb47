// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.containers.CollectionOptions;
import io.inspektorgadget.containers.engine.EngineSockets;
import io.inspektorgadget.containers.engine.EngineSockets.Place;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CollectionChoiceTest {
  private final List<String> warnings = new ArrayList<>();

  private CollectionOptions choice(Map<String, String> environment, String... words) {
    return CollectionChoice.of(environment, List.of(words), warnings::add);
  }

  private EngineSockets sockets(Map<String, String> environment, String... words) {
    return choice(environment, words).engineSockets();
  }

  private static Place named(String path) {
    return new Place(path, true);
  }

  @Test
  void asksAtTheUsualPlacesUnlessOthersAreNamed() {
    assertThat(sockets(Map.of(), "trace", "exec")).isEqualTo(EngineSockets.USUAL);
    EngineSockets sockets =
        sockets(
            Map.of(),
            "trace",
            "--containerd-socket",
            "/a",
            "--cri-socket=unix:///b/../c",
            "--docker-socket",
            "relative");
    assertThat(sockets.containerd()).isEqualTo(named("/a"));
    assertThat(sockets.cri()).isEqualTo(named("/c"));
    assertThat(sockets.docker()).isEqualTo(named(Path.of("relative").toAbsolutePath().toString()));
    assertThat(sockets.podman()).isEqualTo(EngineSockets.USUAL.podman());
  }

  @Test
  void takesVariablesOfTheEnvironmentAndFlagsBeforeThem() {
    Map<String, String> environment =
        Map.of(
            "INSPEKTOR_GADGET_PODMAN_SOCKETPATH", "/p",
            "INSPEKTOR_GADGET_DOCKER_SOCKETPATH", "/d",
            "INSPEKTOR_GADGET_CRIO_SOCKETPATH", "");
    EngineSockets sockets = sockets(environment, "--docker-socketpath=/flag");
    assertThat(sockets.podman()).isEqualTo(named("/p"));
    assertThat(sockets.docker()).isEqualTo(named("/flag"));
    assertThat(sockets.cri()).isEqualTo(EngineSockets.USUAL.cri());
  }

  @Test
  void takesRuntimePathsAndMechanisms() {
    CollectionOptions options =
        choice(Map.of("IG_BIRTHS", "held"), "--runtime-path", "/x,/y", "--runtime-path=/z");
    assertThat(options.runtimePaths()).containsExactly("/x", "/y", "/z");
    assertThat(options.followsBirths()).isFalse();
    assertThat(options.holdsStarts()).isTrue();
    assertThat(warnings).isEmpty();
    choice(Map.of("IG_BIRTHS", "neither"));
    assertThat(warnings).singleElement().asString().contains("neither");
  }

  @ParameterizedTest
  @CsvSource({"'', true, true", "both, true, true", "lineage, true, false", "held, false, true"})
  void theVariableChoosesTheMechanisms(String births, boolean follows, boolean holds) {
    CollectionOptions options =
        choice(Map.of(CollectionChoice.VARIABLE, births), "trace", "open", "-c", "snapshot");
    assertThat(options.followsBirths()).isEqualTo(follows);
    assertThat(options.holdsStarts()).isEqualTo(holds);
    assertThat(warnings).isEmpty();
  }
}
