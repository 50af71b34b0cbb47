// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import io.inspektorgadget.cli.flag.ContainerFlags;
import io.inspektorgadget.cli.flag.DiscoveryFlags;
import io.inspektorgadget.cli.flag.Flag;
import io.inspektorgadget.containers.CollectionOptions;
import io.inspektorgadget.containers.engine.EngineSockets;
import io.inspektorgadget.containers.engine.EngineSockets.Engine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How new containers are noticed, by the environment and by those words of the command line that
 * matter before it is parsed, because the collection starts before that.
 */
final class CollectionChoice {
  /** Which mechanisms notice new containers: {@code lineage}, {@code held} or {@code both}. */
  static final String VARIABLE = "IG_BIRTHS";

  private static final String SCHEME = "unix://";

  private CollectionChoice() {}

  /**
   * The choice.
   *
   * @param warnings told if the variable has a value that means nothing
   */
  static CollectionOptions of(
      Map<String, String> environment, List<String> words, Consumer<String> warnings) {
    CollectionOptions options =
        CollectionOptions.OF_PROGRAMS
            .withRuntimePaths(runtimePaths(words))
            .withEngineSockets(engineSockets(environment, words));
    String births = environment.getOrDefault(VARIABLE, "");
    return switch (births) {
      case "" -> options;
      case "both" -> options.withMechanisms(true, true);
      case "lineage" -> options.withMechanisms(true, false);
      case "held" -> options.withMechanisms(false, true);
      default -> {
        warnings.accept(
            "reading " + VARIABLE + ": \"" + births + "\" is none of both, lineage, held");
        yield options;
      }
    };
  }

  private static List<String> runtimePaths(List<String> words) {
    List<String> paths = new ArrayList<>();
    for (String value : values(words, ContainerFlags.RUNTIME_PATHS)) {
      for (String path : value.split(",", -1)) {
        if (path.startsWith("/")) {
          paths.add(path);
        }
      }
    }
    return paths;
  }

  /** Flags go before variables of the environment, and both before the usual places. */
  private static EngineSockets engineSockets(Map<String, String> environment, List<String> words) {
    EngineSockets sockets = EngineSockets.USUAL;
    for (Engine engine : Engine.values()) {
      List<String> named = new ArrayList<>();
      named.add(environment.getOrDefault(variable(engine), ""));
      named.addAll(values(words, flag(engine)));
      String last = named.getLast();
      if (!last.isEmpty()) {
        sockets = sockets.withNamed(engine, path(last));
      }
    }
    return sockets;
  }

  private static Flag flag(Engine engine) {
    return switch (engine) {
      case CONTAINERD -> DiscoveryFlags.CONTAINERD_SOCKET;
      case CRI -> DiscoveryFlags.CRI_SOCKET;
      case DOCKER -> DiscoveryFlags.DOCKER_SOCKET;
      case PODMAN -> DiscoveryFlags.PODMAN_SOCKET;
    };
  }

  /** Names that users of Inspektor Gadget have in their environments. */
  private static String variable(Engine engine) {
    return switch (engine) {
      case CONTAINERD -> "INSPEKTOR_GADGET_CONTAINERD_SOCKETPATH";
      case CRI -> "INSPEKTOR_GADGET_CRIO_SOCKETPATH";
      case DOCKER -> "INSPEKTOR_GADGET_DOCKER_SOCKETPATH";
      case PODMAN -> "INSPEKTOR_GADGET_PODMAN_SOCKETPATH";
    };
  }

  private static String path(String socket) {
    String path = socket.startsWith(SCHEME) ? socket.substring(SCHEME.length()) : socket;
    return Path.of(path).toAbsolutePath().normalize().toString();
  }

  /** The values of a flag, in the order in which they are given. */
  private static List<String> values(List<String> words, Flag flag) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      int equals = word.indexOf('=');
      if (equals > 0 && flag.isNamed(word.substring(0, equals))) {
        values.add(word.substring(equals + 1));
      } else if (flag.isNamed(word) && i + 1 < words.size()) {
        values.add(words.get(i + 1));
      }
    }
    return values;
  }
}
