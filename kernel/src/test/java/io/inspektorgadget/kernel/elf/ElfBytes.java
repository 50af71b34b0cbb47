// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.elf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Builds small ELF objects byte by byte, right or wrong. */
@SuppressWarnings({"ArrayRecordComponent", "ByteBufferBackingArray"}) // never compared; own buffers
public final class ElfBytes {
  private final List<Section> sections = new ArrayList<>();
  private final ByteBuffer symbols = buffer(4096);
  private final StringBuilder symbolNames = new StringBuilder("\0");

  private record Section(String name, int type, long flags, byte[] bytes, int link, int info) {}

  /** An object with the empty section and the empty symbol. */
  public ElfBytes() {
    sections.add(new Section("", 0, 0, new byte[0], 0, 0));
    symbols.put(new byte[24]);
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Adds a section and returns its index. */
  public int section(String name, int type, long flags, byte[] bytes, int info) {
    // Symbols come last: their section is the one behind all others.
    sections.add(new Section(name, type, flags, bytes, 0, info));
    return sections.size() - 1;
  }

  /** Adds a symbol; type 1 is a variable, 2 a function. */
  public ElfBytes symbol(String name, int type, int section, long value, long size) {
    symbols.putInt(symbolNames.length()).put((byte) type).put((byte) 0).putShort((short) section);
    symbols.putLong(value).putLong(size);
    symbolNames.append(name).append('\0');
    return this;
  }

  /** The whole file, for eBPF. */
  public byte[] build() {
    List<Section> all = new ArrayList<>(sections);
    byte[] table = java.util.Arrays.copyOf(symbols.array(), symbols.position());
    all.add(new Section(".symtab", ElfSection.SYMTAB, 0, table, all.size() + 1, 1));
    all.add(new Section(".strtab", 3, 0, ascii(symbolNames.toString()), 0, 0));
    StringBuilder names = new StringBuilder("\0");
    List<Integer> nameOffsets = new ArrayList<>();
    for (Section section : all) {
      nameOffsets.add(names.length());
      names.append(section.name()).append('\0');
    }
    nameOffsets.add(names.length());
    names.append(".shstrtab").append('\0');
    all.add(new Section(".shstrtab", 3, 0, ascii(names.toString()), 0, 0));
    int contentBytes = all.stream().mapToInt(s -> s.bytes().length).sum();
    ByteBuffer file = buffer(64 + contentBytes + 64 * all.size());
    file.putInt(0x464c457f).put((byte) 2).put((byte) 1).put((byte) 1).position(16);
    file.putShort((short) 1).putShort((short) ElfFile.MACHINE_BPF).putInt(1);
    file.putLong(0).putLong(0).putLong(64 + contentBytes).putInt(0);
    file.putShort((short) 64).putShort((short) 0).putShort((short) 0).putShort((short) 64);
    file.putShort((short) all.size()).putShort((short) (all.size() - 1));
    all.forEach(section -> file.put(section.bytes()));
    int offset = 64;
    for (int i = 0; i < all.size(); i++) {
      Section section = all.get(i);
      file.putInt(nameOffsets.get(i)).putInt(section.type()).putLong(section.flags()).putLong(0);
      file.putLong(offset).putLong(section.bytes().length);
      file.putInt(section.link()).putInt(section.info()).putLong(1).putLong(0);
      offset += section.bytes().length;
    }
    return file.array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
