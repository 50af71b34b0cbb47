// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.trace;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.inspektorgadget.trace.Trace;
import io.inspektorgadget.trace.TraceState;
import io.inspektorgadget.trace.TraceStatus;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Traces through the Kubernetes client. It changes them by patches only, which say what they expect
 * to find, so that nothing that a user writes at the same moment is lost. Safe for concurrent use.
 */
final class KubernetesTraceStore implements TraceStore {
  private static final int UNPROCESSABLE = 422;

  private final KubernetesClient client;

  /** A store over a client, which stays the caller's. */
  KubernetesTraceStore(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public @Nullable Trace find(TraceKey key) {
    return resource(key).get();
  }

  @Override
  public void writeStatus(Trace trace, TraceStatus status) {
    TraceState state = status.state();
    Map<String, Object> members = new HashMap<>();
    members.put("state", state == null ? null : state.word());
    members.put("output", orNull(status.output()));
    members.put("operationError", orNull(status.operationError()));
    members.put("operationWarning", orNull(status.operationWarning()));
    String patch = json(Map.of("status", members));
    resource(TraceKey.of(trace))
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
  }

  /** In a merge patch null takes a member off. */
  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  @Override
  public void takeOperation(Trace trace) {
    List<Map<String, Object>> patch = new ArrayList<>();
    String operation = trace.operation();
    if (operation != null) {
      patch.add(step("test", annotationPath(Trace.OPERATION), operation));
      patch.add(step("remove", annotationPath(Trace.OPERATION), null));
    }
    for (Map.Entry<String, String> annotation : trace.annotations().entrySet()) {
      if (annotation.getKey().startsWith(Trace.OPERATION_PARAMETER_PREFIX)) {
        patch.add(step("remove", annotationPath(annotation.getKey()), null));
      }
    }
    patch("taking the operation off " + TraceKey.of(trace), trace, patch);
  }

  private static String annotationPath(String key) {
    return "/metadata/annotations/" + key.replace("~", "~0").replace("/", "~1");
  }

  @Override
  public void addFinalizer(Trace trace) {
    List<String> finalizers = finalizers(trace);
    List<String> wanted = new ArrayList<>(finalizers);
    wanted.add(Trace.FINALIZER);
    patch(
        "adding the finalizer to " + TraceKey.of(trace),
        trace,
        List.of(unchanged(trace), step("add", "/metadata/finalizers", wanted)));
  }

  @Override
  public void removeFinalizer(Trace trace) {
    List<String> wanted = new ArrayList<>(finalizers(trace));
    wanted.remove(Trace.FINALIZER);
    patch(
        "removing the finalizer of " + TraceKey.of(trace),
        trace,
        List.of(unchanged(trace), step("replace", "/metadata/finalizers", wanted)));
  }

  private static List<String> finalizers(Trace trace) {
    List<String> finalizers = trace.getMetadata().getFinalizers();
    return finalizers == null ? List.of() : finalizers;
  }

  /** Finalizers of others stand in the same list: it may not have changed since it was read. */
  private static Map<String, Object> unchanged(Trace trace) {
    return step("test", "/metadata/resourceVersion", trace.getMetadata().getResourceVersion());
  }

  private static Map<String, Object> step(String op, String path, @Nullable Object value) {
    return value == null
        ? Map.of("op", op, "path", path)
        : Map.of("op", op, "path", path, "value", value);
  }

  private void patch(String doing, Trace trace, List<Map<String, Object>> steps) {
    try {
      resource(TraceKey.of(trace)).patch(PatchContext.of(PatchType.JSON), json(steps));
    } catch (KubernetesClientException e) {
      switch (e.getCode()) {
        // The server has no code of its own for a patch whose test does not hold.
        case UNPROCESSABLE, HttpURLConnection.HTTP_CONFLICT, HttpURLConnection.HTTP_NOT_FOUND ->
            throw new TraceChangedException(doing + ": it has changed meanwhile", e);
        default -> throw e;
      }
    }
  }

  private String json(Object value) {
    return client.getKubernetesSerialization().asJson(value);
  }

  private Resource<Trace> resource(TraceKey key) {
    return client.resources(Trace.class).inNamespace(key.namespace()).withName(key.name());
  }
}
