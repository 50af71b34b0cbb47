// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.identity;

import io.inspektorgadget.model.container.PodInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a bundle's {@code config.json} says about who its container is. Immutable.
 *
 * @param annotations its annotations; unmodifiable
 * @param rootPath where its root file system is, as the runtime sees it; empty if unknown
 */
public record OciConfig(Map<String, String> annotations, String rootPath) {

  /** Says nothing. */
  public static final OciConfig EMPTY = new OciConfig(Map.of(), "");

  /** What is read of a {@code config.json}; unmodifiable. */
  public static final Set<String> WANTED = Set.of("annotations", "root.path");

  private static final String CRI = "io.kubernetes.cri.";
  private static final String CRIO = "io.kubernetes.cri-o.";
  private static final String LABEL_OF_POD_NAME = "io.kubernetes.pod.name";
  private static final Set<String> KUBELETS_OWN =
      Set.of(
          LABEL_OF_POD_NAME,
          "io.kubernetes.pod.namespace",
          "io.kubernetes.pod.uid",
          "io.kubernetes.container.name");

  public OciConfig {
    annotations = Map.copyOf(annotations);
  }

  /**
   * Reads {@code config.json} of a bundle.
   *
   * @throws IOException if it is not there or is no JSON object
   */
  public static OciConfig ofBundle(Path bundle) throws IOException {
    return of(JsonFile.read(bundle.resolve("config.json"), WANTED));
  }

  /** What a {@code config.json} says of which at least {@link #WANTED} has been read. */
  public static OciConfig of(JsonFile config) {
    return new OciConfig(config.texts("annotations"), config.text("root", "path"));
  }

  /** The same with what labels of its engine say too; what the bundle says goes first. */
  OciConfig with(Map<String, String> labels) {
    Map<String, String> all = new HashMap<>(labels);
    all.putAll(annotations);
    return new OciConfig(all, rootPath);
  }

  /** True for the container that only holds the namespaces of a pod. */
  public boolean isSandbox() {
    return first(CRI + "container-type", CRIO + "ContainerType").equals("sandbox")
        || annotation("io.kubernetes.docker.type").equals("podsandbox");
  }

  /** The id of the container that holds the namespaces of its pod, empty if none is said. */
  String sandboxId() {
    return first(CRI + "sandbox-id", CRIO + "SandboxID");
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
    String image = first(CRIO + "ImageRef", CRIO + "Image");
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

  /**
   * The container's pod, {@link PodInfo#NONE} if it has none.
   *
   * @param sandbox what the bundle of its sandbox says, which has the labels of the pod
   */
  public PodInfo pod(OciConfig sandbox) {
    String podName = first(CRI + "sandbox-name", LABEL_OF_POD_NAME);
    if (podName.isEmpty()) {
      return PodInfo.NONE;
    }
    return new PodInfo(
        first(CRI + "sandbox-namespace", "io.kubernetes.pod.namespace"),
        podName,
        first(CRI + "sandbox-uid", "io.kubernetes.pod.uid"),
        containerName(),
        sandbox.podLabels(),
        "",
        "");
  }

  /**
   * The labels of a pod.
   *
   * @param ofSandbox labels of its sandbox, among them those that the kubelet adds to find its own
   */
  public static Map<String, String> podLabels(Map<String, String> ofSandbox) {
    Map<String, String> labels = new HashMap<>(ofSandbox);
    labels.keySet().removeIf(KUBELETS_OWN::contains);
    return labels;
  }

  private Map<String, String> podLabels() {
    String labels = annotation(CRIO + "Labels");
    if (labels.isEmpty()) {
      return Map.of();
    }
    try {
      byte[] json = labels.getBytes(java.nio.charset.StandardCharsets.UTF_8);
      return podLabels(JsonFile.parseAll("the annotation " + CRIO + "Labels", json).texts());
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
