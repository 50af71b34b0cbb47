// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.symbols;

import io.inspektorgadget.kernel.elf.ElfException;
import io.inspektorgadget.kernel.elf.ElfFile;
import io.inspektorgadget.kernel.elf.ElfSection;
import io.inspektorgadget.kernel.elf.ElfSegment;
import io.inspektorgadget.kernel.elf.ElfSymbolTable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The functions of a program or library by the place of their code in the file. The file stays
 * mapped until this is closed. Lookups are safe from any thread until then.
 */
public final class ElfSymbols implements AutoCloseable {
  private final Arena arena;
  private final ElfFile file;
  private final @Nullable ElfSymbolTable table;
  private final SymbolIndex index;

  private ElfSymbols(Arena arena, ElfFile file, @Nullable ElfSymbolTable table, SymbolIndex index) {
    this.arena = arena;
    this.file = file;
    this.table = table;
    this.index = index;
  }

  /**
   * Opens a file and sorts its functions: those of the full symbol table, or of the dynamic one
   * where it was stripped.
   *
   * @throws IOException if the file cannot be opened
   * @throws ElfException if it is no ELF file that can be read
   */
  @SuppressWarnings("MustBeClosedChecker") // closed by close(), or here when opening ends early
  public static ElfSymbols open(Path path) throws IOException {
    Arena arena = Arena.ofShared();
    try {
      ElfFile file = ElfFile.map(path, arena);
      ElfSymbolTable full = file.symbols(ElfSection.SYMTAB);
      ElfSymbolTable table = full == null ? file.symbols(ElfSection.DYNSYM) : full;
      return new ElfSymbols(arena, file, table, index(table));
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private static SymbolIndex index(@Nullable ElfSymbolTable table) {
    SymbolIndex.Builder ranges = new SymbolIndex.Builder();
    if (table != null) {
      for (int i = 1; i < table.count(); i++) {
        if (table.isFunction(i) && table.sectionIndex(i) != 0) {
          ranges.add(table.value(i), table.sizeBytes(i), i);
        }
      }
    }
    return ranges.build();
  }

  /**
   * The function whose code lies at that offset of the file, or null if none is known there.
   *
   * @param fileOffset offset in the file: an address in a process, less the beginning of its
   *     mapping, plus the mapping's offset
   */
  public @Nullable String nameAt(long fileOffset) {
    for (ElfSegment segment : file.segments()) {
      long distance = fileOffset - segment.offset();
      if (segment.type() == ElfSegment.LOAD
          && distance >= 0
          && distance < segment.fileSizeBytes()) {
        return nameOf(segment.address() + distance);
      }
    }
    return null;
  }

  /** The function at an address as the file itself counts them, or null. */
  public @Nullable String nameOf(long address) {
    int symbol = index.find(address);
    return symbol < 0 || table == null ? null : table.name(symbol);
  }

  /** The file's build id in hexadecimal; empty if it has none. */
  public String buildId() {
    byte[] id = file.buildId();
    return id == null ? "" : HexFormat.of().formatHex(id);
  }

  /** Number of functions that can be named. */
  public int count() {
    return index.count();
  }

  /** Unmaps the file; lookups are then no longer possible. */
  @Override
  public void close() {
    arena.close();
  }
}
