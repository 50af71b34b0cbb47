// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import io.inspektorgadget.kernel.btf.Btf;
import io.inspektorgadget.kernel.btf.BtfException;
import io.inspektorgadget.kernel.btf.ObjectVariables;
import io.inspektorgadget.kernel.elf.ElfException;
import io.inspektorgadget.kernel.elf.ElfFile;
import io.inspektorgadget.kernel.io.Errno;
import io.inspektorgadget.kernel.io.MappedMemory;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The types and global variables of one object, read from its bytes, and the memory behind the
 * variables once it is loaded. Reading the bytes here first keeps malformed ones from libbpf. One
 * thread at a time.
 */
final class GlobalVariables implements AutoCloseable {
  private final String name;
  private final Btf btf;
  private final ObjectVariables variables;
  private final Map<String, MappedMemory> mappedSections = new HashMap<>();

  private GlobalVariables(String name, Btf btf, ObjectVariables variables) {
    this.name = name;
    this.btf = btf;
    this.variables = variables;
  }

  /**
   * Reads and checks an object.
   *
   * @throws BpfException if it is no BPF object, cut off, or contradicts itself
   */
  static GlobalVariables read(String name, byte[] elf) {
    try {
      ElfFile file = ElfFile.of(name, elf);
      if (file.machine() != ElfFile.MACHINE_BPF) {
        throw new BpfException(
            "opening", name, 0, "it is compiled for another machine; compile it for bpf");
      }
      Btf btf = Btf.ofObject(file);
      return new GlobalVariables(name, btf, ObjectVariables.of(file, btf));
    } catch (ElfException | BtfException malformed) {
      throw new BpfException("opening", name, 0, String.valueOf(malformed.getMessage()));
    }
  }

  Btf btf() {
    return btf;
  }

  ObjectVariables.@Nullable Variable find(String variable) {
    ObjectVariables.Variable found = variables.find(variable);
    return found != null && isGlobal(found.section()) ? found : null;
  }

  ObjectVariables.Variable require(String variable) {
    ObjectVariables.Variable found = find(variable);
    if (found == null) {
      throw new BpfException("using", "variable " + variable, Errno.ENOENT, name + " has none");
    }
    return found;
  }

  private static boolean isGlobal(String section) {
    return section.startsWith(".rodata")
        || section.startsWith(".data")
        || section.startsWith(".bss");
  }

  /** Changes what a variable starts with. */
  void set(List<BpfMap> maps, String variable, byte[] value) {
    ObjectVariables.Variable place = require(variable);
    if (value.length != place.sizeBytes()) {
      throw new BpfException(
          "setting",
          "variable " + variable,
          Errno.EINVAL,
          "it has " + place.sizeBytes() + " bytes, not " + value.length);
    }
    MemorySegment initial = mapOf(maps, place).initialValue();
    MemorySegment.copy(MemorySegment.ofArray(value), 0, initial, place.offsetBytes(), value.length);
  }

  /** The bytes of a variable of a loaded object, shared with the programs. */
  MemorySegment mapped(List<BpfMap> maps, String variable) {
    ObjectVariables.Variable place = require(variable);
    MappedMemory memory = mappedSections.get(place.section());
    if (memory == null) {
      BpfMap map = mapOf(maps, place);
      boolean writable = !place.section().startsWith(".rodata");
      memory = MappedMemory.ofFd(map.fd(), 0, map.valueSizeBytes(), writable, "map " + map.name());
      mappedSections.put(place.section(), memory);
    }
    return memory.segment().asSlice(place.offsetBytes(), place.sizeBytes());
  }

  /** libbpf names these maps by their section, behind the start of the object's name if short. */
  private BpfMap mapOf(List<BpfMap> maps, ObjectVariables.Variable place) {
    for (BpfMap map : maps) {
      if (map.isInternal() && map.name().endsWith(place.section())) {
        return map;
      }
    }
    throw new BpfException("using", "variable " + place.name(), Errno.ENOENT, "it has no memory");
  }

  @Override
  public void close() {
    mappedSections.values().forEach(MappedMemory::close);
    mappedSections.clear();
  }
}
