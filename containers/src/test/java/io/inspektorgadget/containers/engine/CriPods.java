// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Pods as the kubelet makes them: by an engine's interface for it. All use the host's network, so
 * that none needs a network plug-in. Closing removes them.
 */
public final class CriPods implements AutoCloseable {
  private static final String SERVICE = "runtime.v1.RuntimeService/";
  private static final long LIMIT_MS = 60_000;
  private static final int NAMESPACE_OF_NODE = 2;

  private final GrpcChannel channel;

  /** How each pod was asked for, by its id. */
  private final Map<String, byte[]> pods = new LinkedHashMap<>();

  /** Pods of the engine that listens at this socket. */
  public CriPods(Path socket) {
    this.channel = new GrpcChannel(socket, LIMIT_MS);
  }

  /** A message as it is made. */
  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message text(int field, String text) {
      out.writeBytes(ProtoMessage.withText(field, text));
      return this;
    }

    Message number(int field, int number) {
      out.write(field << 3);
      out.write(number);
      return this;
    }

    Message message(int field, byte[] message) {
      out.writeBytes(ProtoMessage.withBytes(field, message));
      return this;
    }

    Message texts(int field, Map<String, String> texts) {
      texts.forEach(
          (key, value) -> message(field, new Message().text(1, key).text(2, value).bytes()));
      return this;
    }

    byte[] bytes() {
      return out.toByteArray();
    }
  }

  private static byte[] namespaces(boolean hostPid) {
    Message options = new Message().number(1, NAMESPACE_OF_NODE);
    return (hostPid ? options.number(2, NAMESPACE_OF_NODE) : options).bytes();
  }

  /**
   * Starts a pod without containers.
   *
   * @return its id
   */
  public String run(String name, String namespace, Map<String, String> labels, boolean hostPid)
      throws IOException {
    byte[] security = new Message().message(1, namespaces(hostPid)).bytes();
    byte[] config =
        new Message()
            .message(
                1, new Message().text(1, name).text(2, "uid-" + name).text(3, namespace).bytes())
            .texts(6, labels)
            .message(8, new Message().message(2, security).bytes())
            .bytes();
    String id = call("RunPodSandbox", new Message().message(1, config).bytes()).text(1);
    pods.put(id, config);
    return id;
  }

  /**
   * Starts a container in a pod.
   *
   * @return its id
   */
  public String start(String pod, String name, String image, boolean hostPid, String... command)
      throws IOException {
    byte[] security = new Message().message(3, namespaces(hostPid)).bytes();
    Message config =
        new Message()
            .message(1, new Message().text(1, name).bytes())
            .message(2, new Message().text(1, image).bytes())
            .texts(9, Map.of("io.kubernetes.container.name", name))
            .message(15, new Message().message(2, security).bytes());
    for (String word : command) {
      config.text(3, word);
    }
    Message create =
        new Message()
            .text(1, pod)
            .message(2, config.bytes())
            .message(3, Objects.requireNonNull(pods.get(pod)));
    String id = call("CreateContainer", create.bytes()).text(1);
    call("StartContainer", new Message().text(1, id).bytes());
    return id;
  }

  /** Executes a program in a container and waits for its end. */
  public void execute(String containerId, String... command) throws IOException {
    Message request = new Message().text(1, containerId);
    for (String word : command) {
      request.text(2, word);
    }
    call("ExecSync", request.bytes());
  }

  private ProtoMessage call(String method, byte[] request) throws IOException {
    return ProtoMessage.parse(channel.call(SERVICE + method, Map.of(), request));
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      for (String id : pods.keySet()) {
        call("StopPodSandbox", ProtoMessage.withText(1, id));
        call("RemovePodSandbox", ProtoMessage.withText(1, id));
      }
    }
  }
}
