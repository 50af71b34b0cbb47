// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.btf;

import io.inspektorgadget.kernel.host.HostFilesystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The running kernel's types, reduced to those that our own objects look at (what {@code bpftool
 * gen min_core_btf} writes): libbpf reads them in a moment, where all types of the kernel take it
 * 20 ms and 11 MB for each object. Made once after a build, beside a copy of the kernel's notes,
 * whose build id says which kernel they are of. Thread-safe.
 */
public final class ReducedKernelTypes {
  /** The system property by which a launcher names the file. */
  private static final String PROPERTY = "ig.kernel-types";

  private static final String NOTES_SUFFIX = ".notes";

  private ReducedKernelTypes() {}

  /**
   * The file for objects of this build; null if there is none or it is of another kernel: then the
   * kernel's own types serve, as they do for objects of others.
   */
  public static @Nullable Path find() {
    String file = System.getProperty(PROPERTY);
    if (file == null) {
      return null;
    }
    try {
      byte[] made = Files.readAllBytes(Path.of(file + NOTES_SUFFIX));
      byte[] running =
          Files.readAllBytes(HostFilesystem.ofEnvironment().sysFs().resolve("kernel/notes"));
      return Arrays.equals(made, running) ? Path.of(file) : null;
    } catch (IOException e) {
      // Not made, or not readable: only slower.
      return null;
    }
  }
}
