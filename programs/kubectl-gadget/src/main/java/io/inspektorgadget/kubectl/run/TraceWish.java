// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.run;

import io.inspektorgadget.cli.flag.ContainerFlags;
import io.inspektorgadget.cli.flag.Flag;
import io.inspektorgadget.cli.flag.ParsedFlags;
import io.inspektorgadget.cli.flag.UsageException;
import io.inspektorgadget.cli.run.GadgetInvocation;
import io.inspektorgadget.model.container.ValueList;
import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.run.RunRequest;
import io.inspektorgadget.trace.RunMode;
import io.inspektorgadget.trace.TraceFilter;
import io.inspektorgadget.trace.TraceGadget;
import io.inspektorgadget.trace.TraceOutputMode;
import io.inspektorgadget.trace.TraceSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a command line wishes of each node, as a Trace says it. Immutable.
 *
 * @param spec the spec without a node
 * @param gadget the gadget as Traces know it
 */
record TraceWish(TraceSpec spec, TraceGadget gadget) {

  /**
   * Translates a command line.
   *
   * @param namespace the namespace that is meant where the command line names none
   * @throws UsageException if it asks for what a Trace cannot say
   */
  static TraceWish of(GadgetInvocation invocation, String namespace) {
    GadgetSpec gadget = invocation.request().gadget();
    TraceSpec bare = spec(invocation.request(), null);
    TraceGadget known = TraceGadget.of(new Catalog(List.of(gadget)), bare);
    TraceFilter filter = filter(invocation, namespace, known.takesFilter());
    return new TraceWish(spec(invocation.request(), filter), known);
  }

  /** The spec for one node. */
  TraceSpec on(String node) {
    return new TraceSpec(
        node,
        spec.gadget(),
        spec.runMode(),
        spec.filter(),
        spec.outputMode(),
        spec.output(),
        spec.parameters());
  }

  /** The operation that sets it going. */
  String operation() {
    return gadget.operations().getFirst();
  }

  private static TraceSpec spec(RunRequest request, @Nullable TraceFilter filter) {
    Map<String, String> parameters = new HashMap<>(request.parameters());
    if (request.limits().intervalMs() > 0) {
      parameters.put("interval", request.limits().intervalMs() + "ms");
    }
    if (request.limits().ringSizeBytes() > 0) {
      parameters.put("ring_size", Long.toString(request.limits().ringSizeBytes()));
    }
    return new TraceSpec(
        "",
        request.gadget().name(),
        RunMode.MANUAL,
        filter,
        TraceOutputMode.STREAM,
        "",
        parameters);
  }

  private static @Nullable TraceFilter filter(
      GadgetInvocation invocation, String namespace, boolean takesFilter) {
    ParsedFlags flags = invocation.flags();
    if (!takesFilter) {
      refuseFilters(invocation.command(), flags);
      return null;
    }
    if (flags.isOn(ContainerFlags.ALL_NAMESPACES) && flags.has(ContainerFlags.NAMESPACE)) {
      throw new UsageException(
          "reading --all-namespaces: it means every namespace, and --namespace only some; give one"
              + " of them");
    }
    String wanted =
        flags.has(ContainerFlags.NAMESPACE) ? flags.text(ContainerFlags.NAMESPACE) : namespace;
    return new TraceFilter(
        flags.isOn(ContainerFlags.ALL_NAMESPACES) ? "" : wanted,
        flags.text(ContainerFlags.POD),
        labels(invocation.request().selector().labels()),
        flags.text(ContainerFlags.NAME));
  }

  private static void refuseFilters(String command, ParsedFlags flags) {
    List<Flag> filters = new ArrayList<>(ContainerFlags.inCluster());
    filters.removeAll(List.of(ContainerFlags.NODE, ContainerFlags.ALL_NAMESPACES));
    for (Flag flag : filters) {
      if (flags.has(flag)) {
        throw new UsageException(
            "reading "
                + flag.name()
                + ": what "
                + command
                + " shows belongs to no container; leave it out");
      }
    }
  }

  /** Demands on labels as a Trace says them. */
  private static Map<String, String> labels(Map<String, ValueList> wanted) {
    Map<String, String> labels = new TreeMap<>();
    wanted.forEach((key, values) -> {
      if (!ValueList.parse(values.text()).equals(values)) {
        throw new UsageException(
            "reading --selector: \""
                + key
                + "\" asks for a value that no label has: "
                + values.text()
                + "; values are letters, digits and . _ -");
      }
      labels.put(key, values.text());
    });
    return labels;
  }
}
