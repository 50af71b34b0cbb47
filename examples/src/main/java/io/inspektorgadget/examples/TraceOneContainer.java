// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.examples;

import io.inspektorgadget.columns.EventPrinter;
import io.inspektorgadget.columns.OutputMode;
import io.inspektorgadget.columns.PrinterOptions;
import io.inspektorgadget.containers.CollectionOptions;
import io.inspektorgadget.containers.ContainerCollection;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.ValueList;
import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.CatalogJson;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.run.RunLimits;
import io.inspektorgadget.model.run.RunRequest;
import io.inspektorgadget.tracers.run.GadgetRun;
import io.inspektorgadget.tracers.run.GadgetRunner;
import java.util.Map;
import java.util.Objects;

/**
 * Trace-Collection: {@code TraceOneContainer NAME GADGET}, such as {@code TraceOneContainer web
 * trace_exec}, runs a gadget in the containers of that name and prints JSON, one event a line. A
 * container that starts later belongs to it from its first instruction on.
 */
public final class TraceOneContainer {
  private TraceOneContainer() {}

  /** Traces until it is interrupted. */
  public static void main(String[] args) throws Exception {
    Catalog catalog =
        CatalogJson.read(
            Objects.requireNonNull(ClassLoader.getSystemResourceAsStream(Catalog.RESOURCE)));
    GadgetSpec gadget = Objects.requireNonNull(catalog.find(args[1]), "no gadget " + args[1]);
    ContainerSelector selector = ContainerSelector.ofNames(ValueList.parse(args[0]));
    StandardStreams streams = new StandardStreams();
    PrinterOptions json = PrinterOptions.USUAL.withMode(OutputMode.JSON);
    EventPrinter printer =
        new EventPrinter(
            gadget.sources().stream().map(GadgetSpec.SourceSpec::source).toList(),
            json,
            streams,
            streams);
    RunRequest request = new RunRequest(gadget, Map.of(), selector, RunLimits.NONE);

    HostFilesystem host = HostFilesystem.ofEnvironment();
    try (ContainerCollection containers =
            ContainerCollection.start(host, CollectionOptions.DEFAULTS);
        GadgetRun run = new GadgetRunner(() -> containers, host, "").start(request, printer)) {
      System.err.println("tracing " + args[0] + "; Ctrl-C ends it");
      Runtime.getRuntime().addShutdownHook(new Thread(run::close));
      run.awaitEnd();
    }
  }
}
