// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace;

import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.run.RunRequest;
import io.inspektorgadget.model.schema.DataSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A gadget of the catalog as Traces know it: which operations and output modes it has, and what a
 * Trace's spec means to it. Immutable.
 */
public final class TraceGadget {
  /** In the annotations of a data source: time between two results; none means one at the end. */
  private static final String FETCH_INTERVAL = "fetch-interval";

  /** A field of every record that belongs to a container. */
  private static final String CONTAINER_FIELD = "k8s.containerName";

  private final GadgetSpec spec;
  private final String calledName;
  private final Answer answer;

  /** When a gadget answers. */
  public enum Answer {
    /** All the time, by events or tables, until it is stopped. */
    ALWAYS,
    /** Once, when it is stopped. */
    AT_STOP,
    /** Once, at once. */
    AT_ONCE
  }

  private TraceGadget(GadgetSpec spec, String calledName) {
    this.spec = spec;
    this.calledName = calledName;
    this.answer = answerOf(spec);
  }

  /**
   * The gadget that a Trace asks for, checked for all that can be checked without starting it.
   *
   * @throws TraceException if there is none of that name, or it has not the wished run mode, output
   *     mode or filter
   */
  public static TraceGadget of(Catalog catalog, TraceSpec wish) {
    GadgetSpec found = catalog.find(wish.gadget());
    if (found == null) {
      throw new TraceException("Unknown gadget \"" + wish.gadget() + "\"");
    }
    TraceGadget gadget = new TraceGadget(found, wish.gadget());
    RunMode runMode = wish.runMode();
    if (runMode == null) {
      throw gadget.unsupported("RunMode", "");
    }
    TraceOutputMode outputMode = wish.outputMode();
    if (outputMode == null || !gadget.outputModes().contains(outputMode)) {
      throw gadget.unsupported("OutputMode", outputMode == null ? "" : outputMode.word());
    }
    if (!gadget.takesFilter() && !filterOf(wish).equals(TraceFilter.ALL)) {
      throw new TraceException("Invalid filter: Filtering is not supported");
    }
    return gadget;
  }

  /** When it answers. */
  public Answer answer() {
    return answer;
  }

  /** The output modes that it has: Status only where there is one result. */
  public Set<TraceOutputMode> outputModes() {
    return answer == Answer.ALWAYS
        ? EnumSet.of(TraceOutputMode.STREAM)
        : EnumSet.of(TraceOutputMode.STATUS, TraceOutputMode.STREAM);
  }

  /** The words of its operations. */
  public List<String> operations() {
    return answer == Answer.AT_ONCE ? List.of("collect") : List.of("start", "stop");
  }

  /** The error of an operation that it does not have. */
  TraceException unsupportedOperation(String word) {
    return unsupported("operation", word);
  }

  /**
   * The run that a Trace wishes.
   *
   * @throws TraceException if the filter or a parameter cannot be understood. A parameter that the
   *     gadget does not have is only worth a warning: manifests name some that never had an effect
   */
  public TraceRun run(TraceSpec wish) {
    ContainerSelector selector = filterOf(wish).selector();
    TraceParameters parameters = TraceParameters.of(spec, calledName, wish.parameters());
    return new TraceRun(
        new RunRequest(spec, parameters.values(), selector, parameters.limits()),
        parameters.sort(),
        parameters.rowsMax(),
        parameters.warnings());
  }

  private TraceException unsupported(String what, String word) {
    return new TraceException(
        "Unsupported " + what + " \"" + word + "\" for gadget \"" + calledName + "\"");
  }

  /** True if its records belong to containers, so that they can be chosen by container. */
  public boolean takesFilter() {
    return spec.sources().stream()
        .anyMatch(source -> source.source().schema().field(CONTAINER_FIELD) != null);
  }

  private static TraceFilter filterOf(TraceSpec wish) {
    TraceFilter filter = wish.filter();
    return filter == null ? TraceFilter.ALL : filter;
  }

  private static Answer answerOf(GadgetSpec spec) {
    boolean atOnce = true;
    boolean once = true;
    for (GadgetSpec.SourceSpec each : spec.sources()) {
      DataSource source = each.source();
      boolean snapshot = source.kind() == DataSource.Kind.SNAPSHOT;
      atOnce &= snapshot;
      once &= snapshot || (source.kind() == DataSource.Kind.INTERVAL && !isPeriodic(source));
    }
    return atOnce ? Answer.AT_ONCE : once ? Answer.AT_STOP : Answer.ALWAYS;
  }

  /** True if its tables come one after the other. */
  static boolean isPeriodic(DataSource source) {
    return source.kind() == DataSource.Kind.INTERVAL
        && !source.annotation(FETCH_INTERVAL).matches("0+(ms|s)?");
  }
}
