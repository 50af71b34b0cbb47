// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.elf;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashSet;
import java.util.Set;

/** What the instructions of an object refer to ({@code Elf64_Rel[]} of executable sections). */
public final class ElfRelocations {
  private static final int ENTRY_BYTES = 16;

  private ElfRelocations() {}

  /**
   * Names of the symbols that some instruction of the object refers to, such as maps.
   *
   * @throws ElfException if a relocation refers to a symbol that is not there
   */
  public static Set<String> namesUsedByCode(ElfFile elf) {
    Set<String> names = new LinkedHashSet<>();
    ElfSymbolTable symbols = elf.symbols(ElfSection.SYMTAB);
    if (symbols == null) {
      return names;
    }
    for (ElfSection section : elf.sections()) {
      int target = section.info();
      if (section.type() == ElfSection.REL
          && target > 0
          && target < elf.sections().size()
          && elf.sections().get(target).isExecutable()) {
        MemorySegment entries = elf.contents(section);
        for (long at = 0; at + ENTRY_BYTES <= entries.byteSize(); at += ENTRY_BYTES) {
          long symbol = entries.get(ElfFile.INT64, at + 8) >>> 32;
          if (symbol >= symbols.count()) {
            throw new ElfException(
                elf.name(), section.name() + " refers to the symbol " + symbol + ", which is none");
          }
          names.add(symbols.name((int) symbol));
        }
      }
    }
    return names;
  }
}
