// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.examples;

import io.inspektorgadget.containers.CollectionOptions;
import io.inspektorgadget.containers.ContainerCollection;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.CatalogJson;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.run.RunLimits;
import io.inspektorgadget.model.run.RunRequest;
import io.inspektorgadget.tracers.run.GadgetRun;
import io.inspektorgadget.tracers.run.GadgetRunner;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Tracers alone: {@code TraceOpens [PID]} prints which files the host, or one process, opens. It
 * looks for no containers and follows none.
 */
public final class TraceOpens {
  private TraceOpens() {}

  /** Traces until it is interrupted. */
  public static void main(String[] args) throws Exception {
    Map<String, String> parameters = args.length == 0 ? Map.of() : Map.of("pid", args[0]);
    Catalog catalog =
        CatalogJson.read(
            Objects.requireNonNull(ClassLoader.getSystemResourceAsStream(Catalog.RESOURCE)));
    GadgetSpec gadget = Objects.requireNonNull(catalog.find("trace_open"));
    RunRequest request = new RunRequest(gadget, parameters, ContainerSelector.HOST, RunLimits.NONE);
    FieldLines sink = new FieldLines(List.of("proc.comm", "proc.pid", "fname", "error"));

    HostFilesystem host = HostFilesystem.ofEnvironment();
    CollectionOptions noBirths = CollectionOptions.DEFAULTS.withoutBirths();
    try (ContainerCollection containers = ContainerCollection.start(host, noBirths);
        GadgetRun run = new GadgetRunner(() -> containers, host, "").start(request, sink)) {
      System.err.println("tracing; Ctrl-C ends it");
      Runtime.getRuntime().addShutdownHook(new Thread(run::close));
      run.awaitEnd();
    }
  }
}
