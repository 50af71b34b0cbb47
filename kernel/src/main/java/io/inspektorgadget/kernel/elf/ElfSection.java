// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.elf;

/**
 * A section header ({@code Elf64_Shdr}).
 *
 * @param index its position in the table
 * @param name its name, such as {@code .BTF}
 * @param type {@code SHT_…}, as in {@code elf.h}
 * @param flags {@code SHF_…} bits
 * @param address where it lies in memory; 0 in objects
 * @param offset where its bytes begin in the file
 * @param sizeBytes how many bytes it has; those of {@link #NOBITS} are not in the file
 * @param link index of the section it belongs to, such as a symbol table's strings
 * @param info what depends on the type, such as the section a relocation table is for
 */
public record ElfSection(
    int index,
    String name,
    int type,
    long flags,
    long address,
    long offset,
    long sizeBytes,
    int link,
    int info) {

  /** Type of a symbol table. */
  public static final int SYMTAB = 2;

  /** Type of notes. */
  public static final int NOTE = 7;

  /** Type of a section without bytes in the file, such as {@code .bss}. */
  public static final int NOBITS = 8;

  /** Type of relocations without addends. */
  public static final int REL = 9;

  /** Type of the symbol table of the dynamic linker. */
  public static final int DYNSYM = 11;

  private static final long EXECUTABLE_FLAG = 4;

  /** True if it holds instructions. */
  public boolean isExecutable() {
    return (flags & EXECUTABLE_FLAG) != 0;
  }
}
