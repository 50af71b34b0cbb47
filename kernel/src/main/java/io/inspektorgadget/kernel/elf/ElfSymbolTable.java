// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.elf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A symbol table ({@code Elf64_Sym[]}) that is read in place: nothing is copied, names are made on
 * request. Immutable; valid as long as the file's memory is.
 */
public final class ElfSymbolTable {
  private static final int ENTRY_BYTES = 24;
  private static final int TYPE_MASK = 0xf;
  private static final int TYPE_OBJECT = 1;
  private static final int TYPE_FUNCTION = 2;

  private final ElfFile file;
  private final MemorySegment entries;
  private final MemorySegment names;

  ElfSymbolTable(ElfFile file, MemorySegment entries, MemorySegment names) {
    this.file = file;
    this.entries = entries;
    this.names = names;
  }

  /** Number of symbols; the first one is empty. */
  public int count() {
    return (int) (entries.byteSize() / ENTRY_BYTES);
  }

  /**
   * The symbol's name; bytes that are no UTF-8 become U+FFFD.
   *
   * @throws ElfException if the name lies outside the string table
   */
  public String name(int index) {
    return file.textAt(names, Integer.toUnsignedLong(int32(index, 0)), "the name of a symbol");
  }

  /** Its value: an offset in its section in objects, an address in programs and libraries. */
  public long value(int index) {
    return entries.get(ElfFile.INT64, at(index, 8));
  }

  /** How many bytes it covers. */
  public long sizeBytes(int index) {
    return entries.get(ElfFile.INT64, at(index, 16));
  }

  /** Index of the section it lies in; 0 if it is undefined. */
  public int sectionIndex(int index) {
    return Short.toUnsignedInt(entries.get(ElfFile.INT16, at(index, 6)));
  }

  /** True if it is a function. */
  public boolean isFunction(int index) {
    return type(index) == TYPE_FUNCTION;
  }

  /** True if it is a variable. */
  public boolean isObject(int index) {
    return type(index) == TYPE_OBJECT;
  }

  private int type(int index) {
    return entries.get(ValueLayout.JAVA_BYTE, at(index, 4)) & TYPE_MASK;
  }

  private int int32(int index, int offset) {
    return entries.get(ElfFile.INT32, at(index, offset));
  }

  private static long at(int index, int offset) {
    return (long) index * ENTRY_BYTES + offset;
  }
}
