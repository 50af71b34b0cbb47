// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.identity;

import io.inspektorgadget.model.container.PodInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * What a bundle's {@code config.json} says about who its container is. Immutable.
 *
 * @param annotations its annotations; unmodifiable
 */
public record OciConfig(Map<String, String> annotations) {

  /** Says nothing. */
  public static final OciConfig EMPTY = new OciConfig(Map.of());

  private static final Set<String> WANTED = Set.of("annotations");
  private static final String CRI = "io.kubernetes.cri.";
  private static final String CRIO = "io.kubernetes.cri-o.";
  private static final String LABEL_OF_POD_NAME = "io.kubernetes.pod.name";

  public OciConfig {
    annotations = Map.copyOf(annotations);
  }

  /**
   * Reads {@code config.json} of a bundle.
   *
   * @throws IOException if it is not there or is no JSON object
   */
  public static OciConfig ofBundle(Path bundle) throws IOException {
    return new OciConfig(JsonFile.read(bundle.resolve("config.json"), WANTED).texts("annotations"));
  }

  /** True for the container that only holds the namespaces of a pod. */
  public boolean isSandbox() {
    return first(CRI + "container-type", CRIO + "ContainerType").equals("sandbox");
  }

  /** The container's name, empty if none is said. */
  public String containerName() {
    return first(
        CRI + "container-name", "io.kubernetes.container.name", "nerdctl/name", CRIO + "Name");
  }

  /** The image's name as the user wrote it, empty if none is said. */
  public String imageName() {
    return first(CRI + "image-name", CRIO + "ImageName", "org.opencontainers.image.ref.name");
  }

  /** The image's digest, empty if none is said. */
  public String imageDigest() {
    String image = first(CRIO + "ImageRef", CRIO + "Image", "org.opencontainers.image.base.digest");
    int digest = image.indexOf("sha256:");
    return digest < 0 ? "" : image.substring(digest);
  }

  /** The engine that wrote it, empty if it does not say. */
  public String engine() {
    String manager = annotation("io.container.manager");
    if (manager.equals("libpod")) {
      return "podman";
    }
    if (manager.equals("cri-o")) {
      return manager;
    }
    return annotation(CRI + "container-type").isEmpty() && annotation("nerdctl/namespace").isEmpty()
        ? ""
        : "containerd";
  }

  /** The container's pod, {@link PodInfo#NONE} if it has none. */
  public PodInfo pod() {
    String podName = first(CRI + "sandbox-name", LABEL_OF_POD_NAME);
    if (podName.isEmpty()) {
      return PodInfo.NONE;
    }
    return new PodInfo(
        first(CRI + "sandbox-namespace", "io.kubernetes.pod.namespace"),
        podName,
        first(CRI + "sandbox-uid", "io.kubernetes.pod.uid"),
        containerName(),
        podLabels(),
        "",
        "");
  }

  private Map<String, String> podLabels() {
    String labels = annotation(CRIO + "Labels");
    if (labels.isEmpty()) {
      return Map.of();
    }
    try {
      byte[] json = labels.getBytes(java.nio.charset.StandardCharsets.UTF_8);
      return JsonFile.parseAll("the annotation " + CRIO + "Labels", json).texts();
    } catch (IOException e) {
      // Somebody else's text that is no JSON: labels that nobody knows.
      return Map.of();
    }
  }

  private String annotation(String name) {
    return annotations.getOrDefault(name, "");
  }

  private String first(String... names) {
    for (String name : names) {
      String value = annotation(name);
      if (!value.isEmpty()) {
        return value;
      }
    }
    return "";
  }
}
