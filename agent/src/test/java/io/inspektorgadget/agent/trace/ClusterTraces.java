// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.trace;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.inspektorgadget.trace.Trace;
import io.inspektorgadget.trace.TraceSpec;
import io.inspektorgadget.trace.TraceState;
import io.inspektorgadget.trace.TraceStatus;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The Traces of one namespace, as users handle them. */
public final class ClusterTraces {
  static final long LIMIT_MS = 60_000;

  private final KubernetesClient client;
  private final String namespace;

  /** Those of a namespace; the client stays the caller's. */
  public ClusterTraces(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** One of them. */
  public Resource<Trace> resource(String name) {
    return client.resources(Trace.class).inNamespace(namespace).withName(name);
  }

  /** What its tracer is called. */
  public String tracerId(String name) {
    return Trace.tracerId(namespace, name);
  }

  /** Creates one. */
  public void create(String name, TraceSpec spec) {
    Trace trace = new Trace();
    trace.setMetadata(new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
    trace.setSpec(spec);
    client.resource(trace).create();
  }

  /** As kubectl patch of a merge would. */
  public void patch(String name, String json) {
    resource(name).patch(PatchContext.of(PatchType.JSON_MERGE), json);
  }

  /** As kubectl annotate would; returns when the controller has taken it. */
  public void command(String name, String operation) {
    patch(
        name,
        "{\"metadata\":{\"annotations\":{\"" + Trace.OPERATION + "\":\"" + operation + "\"}}}");
    await(name, trace -> trace.operation() == null);
  }

  /** Waits until the condition holds, and returns the status then. */
  public TraceStatus await(String name, Predicate<Trace> condition) {
    return Objects.requireNonNull(
            resource(name)
                .waitUntilCondition(
                    trace -> trace != null && condition.test(trace),
                    LIMIT_MS,
                    TimeUnit.MILLISECONDS))
        .outcome();
  }

  /** Waits for a state. */
  public TraceStatus awaitState(String name, TraceState state) {
    return await(name, trace -> trace.outcome().state() == state);
  }

  /** Waits until it is gone. */
  public void awaitGone(String name) {
    resource(name).waitUntilCondition(Objects::isNull, LIMIT_MS, TimeUnit.MILLISECONDS);
  }

  /** Deletes one and waits until it is gone. */
  public void delete(String name) {
    resource(name).delete();
    awaitGone(name);
  }

  /** Deletes all and waits until they are gone. */
  public void deleteAll() {
    client.resources(Trace.class).inNamespace(namespace).delete();
    for (Trace trace : client.resources(Trace.class).inNamespace(namespace).list().getItems()) {
      awaitGone(trace.getMetadata().getName());
    }
  }
}
