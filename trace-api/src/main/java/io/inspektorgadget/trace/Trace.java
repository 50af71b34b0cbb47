// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One gadget on one node: a wish ({@code spec}) and what became of it ({@code status}). As a class
 * of the Kubernetes client it is mutable and for one thread.
 */
@Group(Trace.GROUP)
@Version(Trace.VERSION)
@AdditionalPrinterColumn(name = "Node", jsonPath = ".spec.node")
@AdditionalPrinterColumn(name = "Gadget", jsonPath = ".spec.gadget")
@AdditionalPrinterColumn(name = "Output", jsonPath = ".spec.outputMode")
@AdditionalPrinterColumn(name = "State", jsonPath = ".status.state")
@AdditionalPrinterColumn(name = "Error", jsonPath = ".status.operationError")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public class Trace extends CustomResource<TraceSpec, TraceStatus> implements Namespaced {
  private static final long serialVersionUID = 1L;

  /** API group. */
  public static final String GROUP = "gadget.kinvolk.io";

  /** Its only version. */
  public static final String VERSION = "v1alpha1";

  /** Name of its definition in a cluster. */
  public static final String DEFINITION_NAME = "traces." + GROUP;

  /** Path of the definition on the class path, as YAML. */
  public static final String DEFINITION_RESOURCE = DEFINITION_NAME + "-v1.yml";

  /** The annotation that commands: {@code start}, {@code stop} … The controller removes it. */
  public static final String OPERATION = GROUP + "/operation";

  /** Begins further annotations that belong to a command; they are removed with it. */
  public static final String OPERATION_PARAMETER_PREFIX = OPERATION + "-";

  /** Keeps a deleted Trace until its node has freed what it held. */
  public static final String FINALIZER = GROUP + "/finalizer";

  /** By which the gadget pod calls the tracer of a Trace. */
  public static String tracerId(String namespace, String name) {
    return "trace_" + namespace + "_" + name;
  }

  /** By which the gadget pod calls its tracer. */
  public String tracerId() {
    return tracerId(getMetadata().getNamespace(), getMetadata().getName());
  }

  /** What is wished; everything empty if it says nothing. */
  public TraceSpec wish() {
    TraceSpec spec = getSpec();
    return spec == null ? TraceSpec.EMPTY : spec;
  }

  /** What became of it; everything empty before the first operation. */
  public TraceStatus outcome() {
    TraceStatus status = getStatus();
    return status == null ? TraceStatus.EMPTY : status;
  }

  /** Its annotations; may be empty. */
  public Map<String, String> annotations() {
    Map<String, String> annotations = getMetadata().getAnnotations();
    return annotations == null ? Map.of() : annotations;
  }

  /** The commanding annotation's value, or null without one. */
  public @Nullable String operation() {
    return annotations().get(OPERATION);
  }

  /** True once somebody has deleted it; it then waits for its finalizers. */
  public boolean deleted() {
    return getMetadata().getDeletionTimestamp() != null;
  }

  /** True if its node still has to agree to its deletion. */
  public boolean hasFinalizer() {
    return getMetadata().getFinalizers() != null
        && getMetadata().getFinalizers().contains(FINALIZER);
  }

  /** Counts the changes of its spec; 0 if it was never stored. */
  public long generation() {
    Long generation = getMetadata().getGeneration();
    return generation == null ? 0 : generation;
  }

  /** A spec is read or set as a whole; there is none before. */
  @Override
  protected @Nullable TraceSpec initSpec() {
    return null;
  }

  @Override
  protected @Nullable TraceStatus initStatus() {
    return null;
  }
}
