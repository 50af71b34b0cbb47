// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.elf;

/**
 * A program header ({@code Elf64_Phdr}).
 *
 * @param type {@code PT_…}, as in {@code elf.h}
 * @param flags {@code PF_…} bits
 * @param offset where its bytes begin in the file
 * @param address where they lie in memory, before relocation
 * @param fileSizeBytes how many bytes the file has of it
 * @param memorySizeBytes how many it has in memory
 */
public record ElfSegment(
    int type, int flags, long offset, long address, long fileSizeBytes, long memorySizeBytes) {

  /** Type of a segment that is mapped into memory. */
  public static final int LOAD = 1;

  /** Type of a segment of notes. */
  public static final int NOTE = 4;

  private static final int EXECUTABLE_FLAG = 1;

  /** True if it is mapped executable. */
  public boolean isExecutable() {
    return (flags & EXECUTABLE_FLAG) != 0;
  }
}
