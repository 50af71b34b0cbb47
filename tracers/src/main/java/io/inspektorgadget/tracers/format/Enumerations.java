// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import io.inspektorgadget.kernel.btf.Btf;
import io.inspektorgadget.kernel.btf.BtfException;
import io.inspektorgadget.kernel.btf.BtfType;
import io.inspektorgadget.tracers.event.FieldFormatter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Formatters of enumerations, from what a schema says of them: {@code NAME:1=ONE|2=TWO}, or {@code
 * NAME:set:SEPARATOR:1=ONE|2=TWO} for a set of bits. Numbers of the kernel's enumerations differ
 * from one version to the next, so the running kernel's BTF is asked first: an enumeration of that
 * name which shares a word with the object's is the same one, and its numbers win. Single thread.
 */
final class Enumerations {
  private static final String SET_PREFIX = "set:";

  private final Path kernelTypes;
  private boolean isRead;
  private @Nullable Btf kernel;

  /** Over the kernel that shows its types at that path; read only once an enumeration asks. */
  Enumerations(Path kernelTypes) {
    this.kernelTypes = kernelTypes;
  }

  /** The formatter of the field with that index. */
  FieldFormatter formatter(int source, String argument) {
    int nameEnd = argument.indexOf(':');
    String name = argument.substring(0, nameEnd);
    String rest = argument.substring(nameEnd + 1);
    if (!rest.startsWith(SET_PREFIX)) {
      return new NamedNumberFormatter(source, values(name, rest), "UNKNOWN", false);
    }
    int end = rest.indexOf(':', SET_PREFIX.length());
    String separator = rest.substring(SET_PREFIX.length(), end);
    return new BitSetFormatter(source, values(name, rest.substring(end + 1)), separator);
  }

  private Map<Long, String> values(String name, String inObject) {
    Map<Long, String> own = NumberNames.parse(inObject);
    Btf types = name.isEmpty() ? null : kernel();
    BtfType.Enumeration running =
        types == null ? null : types.find(BtfType.Enumeration.class, name);
    if (running == null) {
      return own;
    }
    Map<Long, String> names = new LinkedHashMap<>();
    boolean isSame = false;
    for (BtfType.Enumerator value : running.values()) {
      names.putIfAbsent(value.value(), value.name());
      isSame |= own.containsValue(value.name());
    }
    return isSame ? names : own;
  }

  private @Nullable Btf kernel() {
    if (!isRead) {
      isRead = true;
      try {
        kernel = Btf.ofKernel(kernelTypes);
      } catch (BtfException e) {
        // Without the kernel's types the object's own are the best there is; loading an object that
        // needs the kernel's has said so before.
        kernel = null;
      }
    }
    return kernel;
  }
}
