// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import io.inspektorgadget.kernel.elf.ElfException;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.kernel.symbols.ElfSymbols;
import io.inspektorgadget.kernel.symbols.ProcessMaps;
import io.inspektorgadget.model.event.TextBuffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names of functions in running processes, from the ELF files that they have mapped. Files are
 * opened through the process's own root, once each; a process's mappings are read again when an
 * address lies in none of them. The last {@value #PROCESSES_MAX} processes and {@value #FILES_MAX}
 * files are kept. Single thread: the run's event loop.
 */
final class ProcessSymbols implements AutoCloseable {
  private static final int PROCESSES_MAX = 256;
  private static final int FILES_MAX = 64;

  private final HostFilesystem host;
  private final Map<Long, ProcessMaps> processes = new LinkedHashMap<>();
  private final Map<FileKey, OpenedFile> files = new HashMap<>();

  private record FileKey(int major, int minor, long inode) {}

  /** A file's symbols; null where it cannot be read. */
  private record OpenedFile(@Nullable ElfSymbols symbols) {}

  ProcessSymbols(HostFilesystem host) {
    this.host = host;
  }

  /** Appends the name of the function that an address of the process belongs to. */
  void write(long pid, long codeAddress, boolean isReturn, TextBuffer out) {
    // A call may be the last instruction of its function: what it returns to is another one's.
    long address = isReturn ? codeAddress - 1 : codeAddress;
    ProcessMaps.Mapping mapping = mapping(pid, address);
    if (mapping == null) {
      out.appendAscii("0x").appendHex(address);
      return;
    }
    ElfSymbols symbols = mapping.inode() == 0 ? null : symbols(pid, mapping);
    String name = symbols == null ? null : symbols.nameAt(mapping.fileOffset(address));
    if (name != null) {
      out.appendUtf8(name);
    } else if (mapping.path().isEmpty()) {
      out.appendAscii("0x").appendHex(address);
    } else {
      String path = mapping.path();
      out.append(path.substring(path.lastIndexOf('/') + 1).getBytes(StandardCharsets.ISO_8859_1));
      out.appendAscii("+0x").appendHex(mapping.fileOffset(address));
    }
  }

  private ProcessMaps.@Nullable Mapping mapping(long pid, long address) {
    ProcessMaps maps = processes.get(pid);
    ProcessMaps.Mapping found = maps == null ? null : maps.find(address);
    if (found != null) {
      return found;
    }
    try {
      maps = ProcessMaps.read(host.resolve("/proc/" + pid + "/maps"));
    } catch (IOException e) {
      // The process has ended: what is known of it must do.
      return null;
    }
    if (processes.size() >= PROCESSES_MAX) {
      processes.remove(processes.keySet().iterator().next());
    }
    processes.put(pid, maps);
    return maps.find(address);
  }

  private @Nullable ElfSymbols symbols(long pid, ProcessMaps.Mapping mapping) {
    FileKey key = new FileKey(mapping.deviceMajor(), mapping.deviceMinor(), mapping.inode());
    OpenedFile file = files.get(key);
    if (file == null) {
      if (files.size() >= FILES_MAX) {
        close();
      }
      file = new OpenedFile(open(pid, mapping));
      files.put(key, file);
    }
    return file.symbols();
  }

  private @Nullable ElfSymbols open(long pid, ProcessMaps.Mapping mapping) {
    // map_files leads to the right file even after it was deleted or replaced.
    Path file =
        host.resolve(
            "/proc/"
                + pid
                + "/map_files/"
                + Long.toHexString(mapping.start())
                + "-"
                + Long.toHexString(mapping.end()));
    try {
      return ElfSymbols.open(file);
    } catch (IOException | ElfException e) {
      // No ELF file, or the process is gone: its addresses are shown by file and offset.
      return null;
    }
  }

  /** Closes the files that are open; they are opened again when needed. */
  @Override
  public void close() {
    for (OpenedFile file : files.values()) {
      if (file.symbols() != null) {
        file.symbols().close();
      }
    }
    files.clear();
  }
}
