// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.elf;

/** A file is no ELF file that can be read; the message names the file, the place and the cause. */
public final class ElfException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ElfException(String file, String cause) {
    super("reading the ELF file " + file + ": " + cause);
  }
}
