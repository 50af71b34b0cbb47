// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.btf;

import io.inspektorgadget.kernel.elf.ElfFile;
import io.inspektorgadget.kernel.elf.ElfSection;
import io.inspektorgadget.kernel.elf.ElfSymbolTable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The variables of an object: their types from its BTF, their places from its symbol table (the
 * offsets in the BTF of an object that no linker has seen are all 0). Immutable.
 */
public final class ObjectVariables {
  private final Map<String, Variable> byName;

  private ObjectVariables(Map<String, Variable> byName) {
    this.byName = byName;
  }

  /**
   * A variable.
   *
   * @param section the section it lies in, such as {@code .rodata} or {@code .maps}
   * @param offsetBytes where it begins in its section
   * @param sizeBytes its size
   * @param type id of its type
   */
  public record Variable(String name, String section, int offsetBytes, int sizeBytes, int type) {}

  /**
   * The variables of an object, in the order of its BTF.
   *
   * @throws io.inspektorgadget.kernel.elf.ElfException if its symbol table contradicts itself
   * @throws BtfException if a variable lies outside its section
   */
  public static ObjectVariables of(ElfFile elf, Btf btf) {
    Map<String, Integer> sections = new LinkedHashMap<>();
    Map<String, Integer> offsets = new LinkedHashMap<>();
    readSymbols(elf, sections, offsets);
    Map<String, Variable> byName = new LinkedHashMap<>();
    for (int id = 1; id < btf.count(); id++) {
      if (btf.type(id) instanceof BtfType.Var variable) {
        Integer section = sections.get(variable.name());
        Integer offset = offsets.get(variable.name());
        if (section == null || offset == null) {
          continue;
        }
        ElfSection home = elf.sections().get(section);
        int size = btf.sizeBytes(variable.type());
        if ((long) offset + size > home.sizeBytes()) {
          throw new BtfException(
              elf.name(), "the variable " + variable.name() + " lies outside " + home.name());
        }
        byName.put(
            variable.name(),
            new Variable(variable.name(), home.name(), offset, size, variable.type()));
      }
    }
    return new ObjectVariables(byName);
  }

  private static void readSymbols(
      ElfFile elf, Map<String, Integer> sections, Map<String, Integer> offsets) {
    ElfSymbolTable symbols = elf.symbols(ElfSection.SYMTAB);
    if (symbols == null) {
      return;
    }
    for (int i = 1; i < symbols.count(); i++) {
      int section = symbols.sectionIndex(i);
      long value = symbols.value(i);
      if (symbols.isObject(i)
          && section > 0
          && section < elf.sections().size()
          && value >= 0
          && value <= Integer.MAX_VALUE) {
        String name = symbols.name(i);
        sections.put(name, section);
        offsets.put(name, (int) value);
      }
    }
  }

  /** The variable of that name, or null if the object has none that occupies memory. */
  public @Nullable Variable find(String name) {
    return byName.get(name);
  }

  /** All variables, in the order of the object's BTF; unmodifiable. */
  public Iterable<Variable> all() {
    return java.util.Collections.unmodifiableCollection(byName.values());
  }
}
