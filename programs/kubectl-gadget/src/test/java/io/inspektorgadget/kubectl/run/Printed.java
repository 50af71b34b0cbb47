// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.run;

import io.inspektorgadget.cli.BuildResources;
import io.inspektorgadget.cli.terminal.StandardError;
import io.inspektorgadget.columns.ByteSink;
import io.inspektorgadget.columns.EventPrinter;
import io.inspektorgadget.columns.MessageSink;
import io.inspektorgadget.columns.OutputMode;
import io.inspektorgadget.columns.PrinterOptions;
import io.inspektorgadget.kubectl.KubectlGadgetMain;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.schema.DataSource;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What a run of a gadget of the catalog prints, in memory. */
final class Printed implements ByteSink, MessageSink {
  final List<String> messages = new ArrayList<>();
  final GadgetSpec gadget;
  final EventPrinter sink;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  Printed(String gadgetName, OutputMode mode) {
    this.gadget = gadget(gadgetName);
    this.sink = new EventPrinter(sources(), PrinterOptions.USUAL.withMode(mode), this, this);
  }

  static GadgetSpec gadget(String name) {
    return Objects.requireNonNull(
        ClusterCatalog.of(new BuildResources(KubectlGadgetMain.class).catalog()).find(name));
  }

  /** The state of a node of whose start nobody wants to know. */
  static NodeState node(String name, String pod) {
    return new NodeState(name, pod, new StartTimes(false, 0, StandardError.ofProcess()));
  }

  List<DataSource> sources() {
    return gadget.sources().stream().map(GadgetSpec.SourceSpec::source).toList();
  }

  synchronized String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Override
  public synchronized void write(byte[] array, int offset, int length) {
    bytes.write(array, offset, length);
  }

  @Override
  public void flush() {}

  @Override
  public synchronized void warning(String line) {
    messages.add(line);
  }

  @Override
  public synchronized void loss(String line) {
    messages.add(line);
  }
}
