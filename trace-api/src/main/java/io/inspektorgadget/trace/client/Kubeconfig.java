// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace.client;

import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which cluster a user means, chosen as by kubectl: the file that is named, else those of {@code
 * KUBECONFIG}, else {@code ~/.kube/config}; and in it the context that is named, else the current
 * one.
 *
 * @param file a file; empty: none is named
 * @param context a context; empty: none is named
 */
public record Kubeconfig(String file, String context) {
  /** Names files, separated as paths are on this system. */
  public static final String VARIABLE = "KUBECONFIG";

  /** Set in a pod; such a process needs no file. */
  private static final String POD_VARIABLE = "KUBERNETES_SERVICE_HOST";

  /**
   * Reads it.
   *
   * @param environment of the process
   * @throws ClusterException if there is no file, it cannot be understood, or it has no such
   *     context
   */
  public Config read(Map<String, String> environment) {
    Config config = file.isEmpty() ? ofSurroundings(environment) : ofFile(Path.of(file));
    if (!context.isEmpty() && !contextNames(config).contains(context)) {
      throw new ClusterException(
          "reading the kubeconfig: it has no context \""
              + context
              + "\""
              + (contextNames(config).isEmpty()
                  ? ""
                  : ", only " + String.join(", ", contextNames(config))),
          null);
    }
    return config;
  }

  private static List<String> contextNames(Config config) {
    List<NamedContext> contexts = config.getContexts();
    return contexts == null ? List.of() : contexts.stream().map(NamedContext::getName).toList();
  }

  private Config ofSurroundings(Map<String, String> environment) {
    String listed = environment.getOrDefault(VARIABLE, "");
    if (listed.isEmpty()) {
      Path usual = Path.of(environment.getOrDefault("HOME", ""), ".kube", "config");
      if (Files.exists(usual)) {
        return ofFile(usual);
      }
      if (!environment.containsKey(POD_VARIABLE)) {
        throw new ClusterException(
            "finding the cluster: there is no kubeconfig ("
                + usual
                + "); name one with --kubeconfig or "
                + VARIABLE,
            null);
      }
      return Config.autoConfigure(orNull(context));
    }
    for (String name : listed.split(File.pathSeparator, -1)) {
      if (!name.isEmpty() && Files.exists(Path.of(name))) {
        return understood(listed, () -> Config.autoConfigure(orNull(context)));
      }
    }
    throw new ClusterException(
        "reading the kubeconfig " + listed + ": there is no such file (" + VARIABLE + " names it)",
        null);
  }

  private Config ofFile(Path path) {
    if (!Files.isReadable(path) || Files.isDirectory(path)) {
      throw new ClusterException(
          "reading the kubeconfig "
              + path
              + ": "
              + (Files.exists(path) ? "it cannot be read" : "there is no such file"),
          null);
    }
    Config config =
        understood(path.toString(), () -> Config.fromKubeconfig(orNull(context), path.toFile()));
    if (config.getContexts() == null || config.getContexts().isEmpty()) {
      throw new ClusterException(
          "reading the kubeconfig " + path + ": it has no context, so it names no cluster", null);
    }
    return config;
  }

  private static Config understood(String files, Supplier<Config> reading) {
    try {
      return reading.get();
    } catch (RuntimeException e) {
      throw new ClusterException(
          "reading the kubeconfig " + files + ": it is none (" + firstLine(e) + ")", e);
    }
  }

  /** What was read says more than the client that reads it. */
  private static String firstLine(RuntimeException failure) {
    Throwable known = failure.getCause() == null ? failure : failure.getCause();
    return String.valueOf(known.getMessage()).lines().findFirst().orElse("");
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
