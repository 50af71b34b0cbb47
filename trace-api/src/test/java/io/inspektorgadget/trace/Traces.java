// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.CatalogJson;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Traces as tests need them, and the catalog of this build. */
final class Traces {
  private Traces() {}

  static Catalog catalog() {
    try (InputStream file = Trace.class.getClassLoader().getResourceAsStream(Catalog.RESOURCE)) {
      if (file == null) {
        throw new IllegalStateException("the build left out " + Catalog.RESOURCE);
      }
      return CatalogJson.read(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static TraceSpec wish(String gadget, RunMode runMode, TraceOutputMode outputMode) {
    return new TraceSpec("node1", gadget, runMode, null, outputMode, "", Map.of());
  }

  static TraceSpec withParameters(String gadget, TraceOutputMode mode, Map<String, String> given) {
    return new TraceSpec("node1", gadget, RunMode.MANUAL, null, mode, "", given);
  }

  static TraceSpec withFilter(String gadget, TraceOutputMode mode, TraceFilter filter) {
    return new TraceSpec("node1", gadget, RunMode.MANUAL, filter, mode, "", Map.of());
  }

  static Trace trace(TraceSpec spec, @Nullable TraceState state, @Nullable String operation) {
    Trace trace = new Trace();
    trace.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("gadget")
            .withName("t")
            .withGeneration(3L)
            .addToAnnotations(operation == null ? Map.of() : Map.of(Trace.OPERATION, operation))
            .build());
    trace.setSpec(spec);
    trace.setStatus(new TraceStatus(state, "", "", ""));
    return trace;
  }
}
