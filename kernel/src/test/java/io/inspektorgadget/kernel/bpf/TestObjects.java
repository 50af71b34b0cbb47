// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The small objects of kernel/src/test/bpf, as the build compiled them. */
final class TestObjects {
  private TestObjects() {}

  static byte[] bytes(String name) {
    String path = "/bpf/" + name + ".bpf.o";
    try (InputStream in = TestObjects.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("reading " + path + ": build/compile-bpf did not make it");
      }
      return in.readAllBytes();
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    }
  }

  static BpfObject open(String name) {
    return BpfObject.open(name, bytes(name));
  }
}
