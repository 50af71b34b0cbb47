// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.schema;

import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.gadget.GadgetSpec.ObjectLocation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** The compiled objects of src/test/bpf. */
final class TestObjects {
  private TestObjects() {}

  static byte[] bytes(String name) {
    try (InputStream in = TestObjects.class.getResourceAsStream("/bpf/" + name + ".bpf.o")) {
      if (in == null) {
        throw new IllegalStateException("src/test/bpf/" + name + ".bpf.c was not compiled");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static GadgetSpec read(String name, @Nullable String yaml) {
    return GadgetReader.read(name, bytes(name), yaml, new ObjectLocation.Resource(name));
  }
}
