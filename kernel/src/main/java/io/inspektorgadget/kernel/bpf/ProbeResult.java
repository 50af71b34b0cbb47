// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

/** The answer to whether the running kernel has a feature. */
public sealed interface ProbeResult {
  /** It was tried and works. */
  record Supported() implements ProbeResult {}

  /** It was tried and this kernel does not have it. */
  record Unsupported(String why) implements ProbeResult {}

  /** It could not be tried. */
  record Unknown(String why) implements ProbeResult {}
}
