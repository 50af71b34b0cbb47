// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.gadget;

import io.inspektorgadget.containers.CollectionOptions;
import io.inspektorgadget.containers.ContainerCollection;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.ValueList;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.CatalogJson;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.run.RunLimits;
import io.inspektorgadget.model.run.RunRequest;
import io.inspektorgadget.testing.TimeLimit;
import io.inspektorgadget.tracers.catalog.GadgetSource;
import io.inspektorgadget.tracers.run.GadgetRun;
import io.inspektorgadget.tracers.run.GadgetRunner;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The catalog, the containers of this machine, and runs over them. Closed by the test class. */
final class Gadgets implements AutoCloseable {
  static final RunLimits FREQUENT = new RunLimits(0, 100, 0);

  private final ContainerCollection containers =
      ContainerCollection.start(HostFilesystem.ofEnvironment(), CollectionOptions.DEFAULTS);

  static Catalog catalog() {
    try (InputStream in = Gadgets.class.getClassLoader().getResourceAsStream(Catalog.RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the build left out " + Catalog.RESOURCE);
      }
      return CatalogJson.read(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static GadgetSpec named(String name) {
    return catalog().gadgets().stream()
        .filter(gadget -> gadget.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** A gadget of src/test/bpf, compiled as {@code ig run DIR} does it. */
  static GadgetSpec compiled(String name) {
    Path folder = Path.of(System.getProperty("ig.checkout", "."), "programs/ig/src/test/bpf", name);
    return new GadgetSource(catalog(), System.getenv()).find(folder.toString());
  }

  /** A gadget of src/test/bpf, as the build compiled it, with its gadget.yaml. */
  static GadgetSpec built(String name) {
    URL object = Gadgets.class.getResource("/bpf/" + name + "/program.bpf.o");
    if (object == null) {
      throw new IllegalStateException("the build left out the test gadget " + name);
    }
    String file = Path.of(URI.create(object.toString())).toString();
    return new GadgetSource(catalog(), System.getenv()).find(file);
  }

  /** Selects the shell, once its namespace is known as a container. */
  ContainerSelector selecting(NamespacedShell shell) {
    ContainerInfo container =
        TimeLimit.usual()
            .<ContainerInfo>awaitValue(
                "the container with the mount namespace " + shell.mountNsInode(),
                () -> containers.byMountNs(shell.mountNsInode(), 0));
    return ContainerSelector.ofNames(new ValueList(List.of(container.name()), List.of()));
  }

  /** Starts a gadget and waits until it is attached. */
  GadgetRun start(RunRequest request, EventSink sink) throws InterruptedException {
    GadgetRun run =
        new GadgetRunner(() -> containers, HostFilesystem.ofEnvironment(), "").start(request, sink);
    run.awaitAttached();
    return run;
  }

  static RunRequest request(GadgetSpec gadget, ContainerSelector selector) {
    return new RunRequest(gadget, Map.of(), selector, FREQUENT);
  }

  @Override
  public void close() {
    containers.close();
  }
}
