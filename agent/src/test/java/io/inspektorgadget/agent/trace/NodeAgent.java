// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.trace;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.inspektorgadget.agent.stream.LineLog;
import io.inspektorgadget.agent.stream.LogReader;
import io.inspektorgadget.agent.tracer.GadgetTracers;
import io.inspektorgadget.containers.CollectionOptions;
import io.inspektorgadget.containers.ContainerCollection;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.CatalogJson;
import io.inspektorgadget.tracers.run.GadgetRunner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** What a gadget pod runs, in this process, for a node that is this host. Can be started again. */
final class NodeAgent implements AutoCloseable {
  private final ContainerCollection containers;
  private final GadgetTracers tracers;
  private final TraceController controller;
  private final List<String> messages = new CopyOnWriteArrayList<>();

  NodeAgent(KubernetesClient client, String nodeName) throws IOException {
    HostFilesystem host = new HostFilesystem(Path.of("/"));
    containers = ContainerCollection.start(host, CollectionOptions.DEFAULTS);
    tracers =
        new GadgetTracers(
            new GadgetRunner(() -> containers, host, nodeName),
            containers::containers,
            Optional::empty,
            LineLog.Limits.USUAL);
    controller =
        TraceController.start(
            client, new TraceController.Scope(nodeName, catalog(), messages::add), tracers);
  }

  /** The gadgets of this build. */
  static Catalog catalog() throws IOException {
    try (InputStream file =
        NodeAgent.class.getClassLoader().getResourceAsStream(Catalog.RESOURCE)) {
      if (file == null) {
        throw new IllegalStateException("the build left out " + Catalog.RESOURCE);
      }
      return CatalogJson.read(file);
    }
  }

  GadgetTracers tracers() {
    return tracers;
  }

  List<String> messages() {
    return List.copyOf(messages);
  }

  /** Reads a tracer's stream from its beginning until it has the text, and returns all of it. */
  String readUntil(String tracerId, String text, long limitMs) throws InterruptedException {
    LineLog log =
        tracers.log(tracerId).orElseThrow(() -> new IllegalStateException("no tracer " + tracerId));
    Semaphore more = new Semaphore(1);
    StringBuilder read = new StringBuilder();
    long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMs);
    try (LogReader reader = log.reader(1, more::release)) {
      while (read.indexOf(text) < 0) {
        for (ByteBuffer bytes = reader.next(); bytes != null; bytes = reader.next()) {
          read.append(StandardCharsets.UTF_8.decode(bytes));
        }
        long waitNs = deadlineNs - System.nanoTime();
        if (read.indexOf(text) < 0
            && (reader.isDone() || !more.tryAcquire(waitNs, TimeUnit.NANOSECONDS))) {
          throw new AssertionError("no \"" + text + "\" within " + limitMs + " ms in:\n" + read);
        }
      }
    }
    return read.toString();
  }

  /** As SIGTERM would end it. */
  @Override
  public void close() {
    try (containers;
        tracers) {
      controller.close();
    }
  }
}
