// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.io;

/** The processor architectures whose kernel interface is known here. */
public enum Architecture {
  /** 64-bit x86. */
  AMD64,
  /** 64-bit Arm. */
  ARM64;

  /** The one that this process runs on. */
  public static final Architecture CURRENT = of(System.getProperty("os.arch"));

  /**
   * The architecture of a JDK's {@code os.arch}.
   *
   * @throws IllegalArgumentException if its system call numbers are not known here
   */
  static Architecture of(String osArch) {
    return switch (osArch) {
      case "amd64", "x86_64" -> AMD64;
      case "aarch64" -> ARM64;
      default ->
          throw new IllegalArgumentException(
              "calling the kernel on " + osArch + ": only amd64 and aarch64 are known");
    };
  }
}
