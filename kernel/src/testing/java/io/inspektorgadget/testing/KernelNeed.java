// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.testing;

import io.inspektorgadget.kernel.bpf.KernelFeature;
import io.inspektorgadget.kernel.bpf.ProbeResult;
import io.inspektorgadget.kernel.bpf.Tracepoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Something that a test needs of the machine, as {@code scenario.yaml} writes it: a feature of the
 * kernel ({@code kprobe}, {@code bpf-lsm}, {@code perf-event} …), {@code iter/task}, a tracepoint
 * as {@code tracepoint/CATEGORY/NAME}, or {@code block-device}.
 *
 * @param text how it is written
 */
public record KernelNeed(String text) {
  private static final String BLOCK_DEVICE = "block-device";

  /** The need for a feature. */
  public static KernelNeed of(KernelFeature feature) {
    return new KernelNeed(feature.name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  /**
   * What is missing here, as the reason of a skipped test, {@code needs kprobe: this kernel has no
   * kprobes}; empty if nothing is, or if the probe cannot tell. {@code testing/summary.py} reads
   * the first word.
   *
   * @throws IllegalArgumentException for a text that names nothing
   */
  public String missing() {
    String why = why();
    return why.isEmpty() ? "" : "needs " + text + ": " + why;
  }

  private String why() {
    List<String> parts = Arrays.asList(text.split("/", -1));
    if (parts.getFirst().equals("tracepoint") && parts.size() == 3) {
      return Tracepoints.exists(parts.get(1), parts.get(2))
          ? ""
          : "this kernel has no such tracepoint";
    }
    if (text.equals(BLOCK_DEVICE)) {
      return liesOnBlockDevice(Path.of("/var/tmp")) ? "" : "/var/tmp lies on no block device";
    }
    return feature(parts).probe() instanceof ProbeResult.Unsupported(String why) ? why : "";
  }

  private KernelFeature feature(List<String> parts) {
    if (parts.getFirst().equals("iter") && parts.size() == 2) {
      return KernelFeature.ITERATOR;
    }
    return Arrays.stream(KernelFeature.values())
        .filter(feature -> of(feature).text.equals(text))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "reading the need \""
                    + text
                    + "\": neither a feature of the kernel nor tracepoint/CATEGORY/NAME, iter/KIND"
                    + " or "
                    + BLOCK_DEVICE));
  }

  /** File systems without a device have major number 0. */
  private static boolean liesOnBlockDevice(Path folder) {
    try {
      long device = ((Number) Files.getAttribute(folder, "unix:dev")).longValue();
      return (device >> 8 & 0xfff) != 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
