// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.elf;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A 64-bit little-endian ELF file. Every offset and size in it is checked before it is followed, so
 * hostile bytes give an {@link ElfException} and nothing else. Immutable; safe for concurrent use
 * as long as the memory below it is.
 */
public final class ElfFile {
  /** Machine number of eBPF objects. */
  public static final int MACHINE_BPF = 247;

  static final ValueLayout.OfShort INT16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt INT32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong INT64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int HEADER_BYTES = 64;
  private static final int SECTION_HEADER_BYTES = 64;
  private static final int PROGRAM_HEADER_BYTES = 56;
  private static final int SYMBOL_BYTES = 24;
  private static final int MAGIC = 0x464c457f;
  private static final int CLASS_64 = 2;
  private static final int ORDER_LITTLE = 1;
  private static final int NOTE_BUILD_ID = 3;
  private static final int GNU_NAME = 0x00554e47;

  private final String name;
  private final MemorySegment bytes;
  private final int machine;
  private final List<ElfSection> sections;
  private final List<ElfSegment> segments;

  private ElfFile(String name, MemorySegment bytes) {
    this.name = name;
    this.bytes = bytes;
    checkHeader();
    this.machine = uint16(18);
    this.segments = List.copyOf(readSegments());
    this.sections = List.copyOf(readSections());
  }

  /**
   * Reads a file that is in memory.
   *
   * @param name what errors call it
   * @throws ElfException if it is no ELF file, cut off, or contradicts itself
   */
  public static ElfFile of(String name, byte[] bytes) {
    return new ElfFile(name, MemorySegment.ofArray(bytes).asReadOnly());
  }

  /**
   * Maps a file and reads its headers; the rest is read when it is asked for. The mapping is valid
   * as long as the arena.
   *
   * @throws IOException if the file cannot be opened or mapped
   * @throws ElfException if it is no ELF file, cut off, or contradicts itself
   */
  public static ElfFile map(Path path, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      return new ElfFile(path.toString(), mapped);
    }
  }

  /** What errors call it. */
  public String name() {
    return name;
  }

  /** Machine number ({@code e_machine}), such as {@link #MACHINE_BPF}. */
  public int machine() {
    return machine;
  }

  /** All sections, the empty first one included; unmodifiable, empty if stripped of them. */
  public List<ElfSection> sections() {
    return sections;
  }

  /** All program headers; unmodifiable, empty in objects. */
  public List<ElfSegment> segments() {
    return segments;
  }

  /** The first section of that name, or null. */
  public @Nullable ElfSection section(String sectionName) {
    for (ElfSection section : sections) {
      if (section.name().equals(sectionName)) {
        return section;
      }
    }
    return null;
  }

  /** The bytes of a section, read-only; empty for one that has none in the file. */
  public MemorySegment contents(ElfSection section) {
    return section.type() == ElfSection.NOBITS
        ? bytes.asSlice(0, 0)
        : slice(section.offset(), section.sizeBytes(), "section " + section.name());
  }

  /**
   * The symbol table of a type, or null if the file has none.
   *
   * @param sectionType {@link ElfSection#SYMTAB} or {@link ElfSection#DYNSYM}
   * @throws ElfException if it lies outside the file or its names are in no section
   */
  public @Nullable ElfSymbolTable symbols(int sectionType) {
    for (ElfSection section : sections) {
      if (section.type() == sectionType) {
        if (section.link() < 0 || section.link() >= sections.size()) {
          throw failure("the names of " + section.name() + " are in no section");
        }
        MemorySegment entries = contents(section);
        if (entries.byteSize() / SYMBOL_BYTES > Integer.MAX_VALUE) {
          throw failure(section.name() + " has more symbols than can be counted");
        }
        return new ElfSymbolTable(this, entries, contents(sections.get(section.link())));
      }
    }
    return null;
  }

  /** The GNU build id, or null if the file has none that can be read. */
  public byte @Nullable [] buildId() {
    for (ElfSegment segment : segments) {
      if (segment.type() == ElfSegment.NOTE) {
        byte[] id = buildIdIn(slice(segment.offset(), segment.fileSizeBytes(), "a note segment"));
        if (id != null) {
          return id;
        }
      }
    }
    for (ElfSection section : sections) {
      if (section.type() == ElfSection.NOTE) {
        byte[] id = buildIdIn(contents(section));
        if (id != null) {
          return id;
        }
      }
    }
    return null;
  }

  /** The NUL-terminated text at an offset of a string table. */
  String textAt(MemorySegment table, long offset, String what) {
    if (offset < 0 || offset >= table.byteSize()) {
      if (offset == 0) {
        return "";
      }
      throw failure(what + " lies at " + offset + " of " + table.byteSize() + " bytes of names");
    }
    try {
      return table.getString(offset);
    } catch (IndexOutOfBoundsException e) {
      throw failure(what + " has no end");
    }
  }

  private void checkHeader() {
    if (bytes.byteSize() < 4 || bytes.get(INT32, 0) != MAGIC) {
      throw failure("it does not begin with 7f 45 4c 46; give a file that clang or a linker made");
    }
    if (bytes.byteSize() < HEADER_BYTES) {
      throw failure("it is cut off after " + bytes.byteSize() + " bytes; build or copy it again");
    }
    if (bytes.get(ValueLayout.JAVA_BYTE, 4) != CLASS_64) {
      throw failure("it is no 64-bit file, and only those are read");
    }
    if (bytes.get(ValueLayout.JAVA_BYTE, 5) != ORDER_LITTLE) {
      throw failure("it is big-endian, and only little-endian files are read; build it for bpfel");
    }
  }

  private List<ElfSegment> readSegments() {
    long offset = bytes.get(INT64, 32);
    int count = offset == 0 ? 0 : uint16(56);
    List<ElfSegment> result = new ArrayList<>();
    if (count == 0) {
      return result;
    }
    checkEntrySize(54, PROGRAM_HEADER_BYTES, "program headers");
    MemorySegment table = slice(offset, (long) count * PROGRAM_HEADER_BYTES, "program headers");
    for (int i = 0; i < count; i++) {
      long at = (long) i * PROGRAM_HEADER_BYTES;
      result.add(
          new ElfSegment(
              table.get(INT32, at),
              table.get(INT32, at + 4),
              table.get(INT64, at + 8),
              table.get(INT64, at + 16),
              table.get(INT64, at + 32),
              table.get(INT64, at + 40)));
    }
    return result;
  }

  private List<ElfSection> readSections() {
    long offset = bytes.get(INT64, 40);
    List<ElfSection> result = new ArrayList<>();
    if (offset == 0) {
      return result;
    }
    checkEntrySize(58, SECTION_HEADER_BYTES, "section headers");
    long count = uint16(60);
    MemorySegment first = slice(offset, SECTION_HEADER_BYTES, "section headers");
    if (count == 0) {
      // More sections than 16 bits count: the number stands in the first header's size.
      count = first.get(INT64, 32);
    }
    int nameIndex = uint16(62);
    if (nameIndex == 0xffff) {
      nameIndex = first.get(INT32, 40);
    }
    if (count <= 0 || count > bytes.byteSize() / SECTION_HEADER_BYTES) {
      throw failure(
          "it claims "
              + Long.toUnsignedString(count)
              + " sections in its "
              + bytes.byteSize()
              + " bytes");
    }
    MemorySegment table = slice(offset, count * SECTION_HEADER_BYTES, "section headers");
    MemorySegment names = sectionNames(table, nameIndex, count);
    for (int i = 0; i < count; i++) {
      result.add(readSection(table, i, names));
    }
    return result;
  }

  private MemorySegment sectionNames(MemorySegment table, int nameIndex, long count) {
    if (nameIndex < 0 || nameIndex >= count) {
      throw failure("the names of its sections are in section " + nameIndex + " of " + count);
    }
    long at = (long) nameIndex * SECTION_HEADER_BYTES;
    return slice(table.get(INT64, at + 24), table.get(INT64, at + 32), "names of sections");
  }

  private ElfSection readSection(MemorySegment table, int index, MemorySegment names) {
    long at = (long) index * SECTION_HEADER_BYTES;
    long nameOffset = Integer.toUnsignedLong(table.get(INT32, at));
    ElfSection section =
        new ElfSection(
            index,
            textAt(names, nameOffset, "the name of section " + index),
            table.get(INT32, at + 4),
            table.get(INT64, at + 8),
            table.get(INT64, at + 16),
            table.get(INT64, at + 24),
            table.get(INT64, at + 32),
            table.get(INT32, at + 40),
            table.get(INT32, at + 44));
    if (section.type() != ElfSection.NOBITS && index > 0) {
      slice(section.offset(), section.sizeBytes(), "section " + section.name());
    }
    return section;
  }

  private void checkEntrySize(int headerOffset, int expectedBytes, String what) {
    int size = uint16(headerOffset);
    if (size != expectedBytes) {
      throw failure("its " + what + " have " + size + " bytes each instead of " + expectedBytes);
    }
  }

  private MemorySegment slice(long offset, long sizeBytes, String what) {
    if (offset < 0 || sizeBytes < 0 || offset > bytes.byteSize() - sizeBytes) {
      throw failure(
          what
              + " lies at "
              + Long.toUnsignedString(offset)
              + " with "
              + Long.toUnsignedString(sizeBytes)
              + " bytes, but the file has "
              + bytes.byteSize()
              + "; build or copy it again");
    }
    return bytes.asSlice(offset, sizeBytes);
  }

  private static byte @Nullable [] buildIdIn(MemorySegment notes) {
    long at = 0;
    while (at + 12 <= notes.byteSize()) {
      long nameBytes = Integer.toUnsignedLong(notes.get(INT32, at));
      long valueBytes = Integer.toUnsignedLong(notes.get(INT32, at + 4));
      long valueAt = at + 12 + align4(nameBytes);
      long end = valueAt + align4(valueBytes);
      if (valueAt + valueBytes > notes.byteSize()) {
        return null;
      }
      if (notes.get(INT32, at + 8) == NOTE_BUILD_ID
          && nameBytes == 4
          && notes.get(INT32, at + 12) == GNU_NAME) {
        return notes.asSlice(valueAt, valueBytes).toArray(ValueLayout.JAVA_BYTE);
      }
      at = end;
    }
    return null;
  }

  private static long align4(long value) {
    return (value + 3) & ~3L;
  }

  private int uint16(long offset) {
    return Short.toUnsignedInt(bytes.get(INT16, offset));
  }

  private ElfException failure(String cause) {
    return new ElfException(name, cause);
  }
}
