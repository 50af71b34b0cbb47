// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.symbols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.kernel.elf.ElfException;
import io.inspektorgadget.kernel.elf.ElfFile;
import io.inspektorgadget.kernel.elf.ElfSection;
import io.inspektorgadget.kernel.elf.ElfSegment;
import io.inspektorgadget.kernel.elf.ElfSymbolTable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SymbolsTest {
  private static final Path LIBRARY = Path.of(System.getProperty("java.home"), "lib/libjava.so");

  private static Kallsyms kallsyms(String text) throws IOException {
    return Kallsyms.parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void namesKernelAddresses() throws IOException {
    Kallsyms symbols =
        kallsyms(
            """
            ffffffff81000000 T _stext
            ffffffffc0001000 t late\t[module]
            ffffffff81000100 t do_sys_open
            ffffffff81000100 t alias_of_it
            ffffffff81000180 D some_variable
            ffffffff81000200 W weak_one
            """);
    assertThat(symbols.count()).isEqualTo(4);
    assertThat(symbols.nameOf(0xffffffff81000000L)).isEqualTo("_stext");
    assertThat(symbols.nameOf(0xffffffff810000ffL)).isEqualTo("_stext");
    assertThat(symbols.nameOf(0xffffffff81000190L)).isEqualTo("do_sys_open");
    assertThat(symbols.nameOf(0xffffffff81000200L)).isEqualTo("weak_one");
    assertThat(symbols.nameOf(0x1000)).isNull();
    assertThat(symbols.nameOf(0xffffffffd0000000L)).isNull();
    assertThat(symbols.isHidden()).isFalse();
  }

  @Test
  void tellsThatTheKernelHidesItsAddresses() throws IOException {
    Kallsyms symbols = kallsyms("0000000000000000 T _stext\n0000000000000000 t other\n");
    assertThat(symbols.isHidden()).isTrue();
    assertThat(symbols.nameOf(0)).isNull();
    assertThat(kallsyms("").isHidden()).isFalse();
  }

  @Test
  void survivesLinesOfAnotherShape() throws IOException {
    Kallsyms symbols =
        kallsyms(
            """
            nonsense

            12 T
             T x
            ffffffff81000000 T good
            ffffffff81000010 T end
            xyz T a b c d e\
            """);
    assertThat(symbols.nameOf(0xffffffff81000000L)).isEqualTo("good");
  }

  @Test
  void namesCodeOfALibraryByItsPlaceInTheFile() throws IOException {
    try (Arena arena = Arena.ofConfined();
        ElfSymbols symbols = ElfSymbols.open(LIBRARY)) {
      ElfFile file = ElfFile.map(LIBRARY, arena);
      ElfSymbolTable table = file.symbols(ElfSection.SYMTAB);
      ElfSymbolTable used =
          Objects.requireNonNull(table == null ? file.symbols(ElfSection.DYNSYM) : table);
      int found = 0;
      for (int i = 1; i < used.count(); i++) {
        if (used.isFunction(i) && used.sizeBytes(i) > 8 && used.sectionIndex(i) != 0) {
          assertThat(symbols.nameAt(fileOffset(file, used.value(i)) + 4)).isNotNull();
          assertThat(symbols.nameOf(used.value(i))).isNotEmpty();
          found++;
        }
      }
      assertThat(found).isPositive();
      assertThat(symbols.count()).isPositive();
      assertThat(symbols.nameAt(-1)).isNull();
      assertThat(symbols.nameAt(0)).isNull();
    }
  }

  private static long fileOffset(ElfFile file, long address) {
    for (ElfSegment segment : file.segments()) {
      long distance = address - segment.address();
      if (segment.type() == ElfSegment.LOAD
          && distance >= 0
          && distance < segment.fileSizeBytes()) {
        return segment.offset() + distance;
      }
    }
    throw new IllegalStateException("no segment holds " + address);
  }

  @Test
  void refusesFilesThatAreNoElf(@TempDir Path folder) throws IOException {
    Path text = Files.writeString(folder.resolve("script.sh"), "#!/bin/sh\n");
    assertThatThrownBy(() -> ElfSymbols.open(text))
        .isInstanceOf(ElfException.class)
        .hasMessageContaining("script.sh");
    assertThatThrownBy(() -> ElfSymbols.open(folder.resolve("none")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void readsMappings() {
    ProcessMaps maps =
        ProcessMaps.parse(
            """
            55d0c0000000-55d0c0002000 r--p 00000000 fe:01 1234 /usr/bin/with space
            55d0c0002000-55d0c0005000 r-xp 00002000 fe:01 1234 /usr/bin/with space
            7ffd10000000-7ffd10021000 rw-p 00000000 00:00 0 [stack]
            7ffd10030000-7ffd10031000 rw-p 00000000 00:00 0
            nonsense
            ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]
            """);
    assertThat(maps.mappings()).hasSize(5);
    ProcessMaps.Mapping code = Objects.requireNonNull(maps.find(0x55d0c0002345L));
    assertThat(code.executable()).isTrue();
    assertThat(code.path()).isEqualTo("/usr/bin/with space");
    assertThat(code.fileOffset(0x55d0c0002345L)).isEqualTo(0x2345);
    assertThat(code.inode()).isEqualTo(1234);
    assertThat(code.deviceMajor()).isEqualTo(0xfe);
    assertThat(code.deviceMinor()).isEqualTo(1);
    assertThat(Objects.requireNonNull(maps.find(0xffffffffff600010L)).path())
        .isEqualTo("[vsyscall]");
    assertThat(maps.find(0x55d0c0005000L)).isNull();
  }

  @Test
  void readsItsOwnMappings() throws IOException {
    ProcessMaps maps = ProcessMaps.read(Path.of("/proc/self/maps"));
    assertThat(maps.mappings()).anyMatch(m -> m.executable() && m.path().endsWith("libjvm.so"));
  }
}
