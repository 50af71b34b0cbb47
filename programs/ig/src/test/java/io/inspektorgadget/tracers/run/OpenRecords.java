// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import io.inspektorgadget.kernel.bpf.BpfObject;
import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.CatalogJson;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.gadget.GadgetSpec.ObjectLocation;
import io.inspektorgadget.model.schema.EventSchema;
import io.inspektorgadget.model.schema.FieldOrigin;
import io.inspektorgadget.model.schema.FieldSpec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** What is needed to write records of {@code trace_open} by hand. */
final class OpenRecords {
  private OpenRecords() {}

  private static byte[] resource(String path) throws IOException {
    try (InputStream in = OpenRecords.class.getClassLoader().getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("the build left out " + path);
      }
      return in.readAllBytes();
    }
  }

  static GadgetSpec gadget() throws IOException {
    byte[] json = resource(Catalog.RESOURCE);
    return CatalogJson.read(new ByteArrayInputStream(json)).gadgets().stream()
        .filter(gadget -> gadget.name().equals("trace_open"))
        .findFirst()
        .orElseThrow();
  }

  static int offset(EventSchema schema, String name) {
    FieldSpec field = schema.field(name);
    if (field == null || !(field.origin() instanceof FieldOrigin.Stored stored)) {
      throw new IllegalStateException("trace_open stores no " + name);
    }
    return stored.offsetBytes();
  }

  /** The gadget's object, opened and not loaded; the caller closes it. */
  static BpfObject object(GadgetSpec spec) throws IOException {
    if (!(spec.object() instanceof ObjectLocation.Resource(String path))) {
      throw new IllegalStateException("trace_open has no object: " + spec.object());
    }
    return BpfObject.open(spec.name(), resource(path));
  }
}
