// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ElfFileTest {
  private static final Path LIBRARY = Path.of(System.getProperty("java.home"), "lib/libjava.so");

  private static byte[] object() {
    ElfBytes elf = new ElfBytes();
    int code = elf.section("tracepoint/x", 1, 4, new byte[32], 0);
    int maps = elf.section(".maps", 1, 3, new byte[16], 0);
    byte[] relocation =
        ByteBuffer.allocate(16)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(8)
            .putLong((2L << 32) | 1)
            .array();
    elf.section(".reltracepoint/x", ElfSection.REL, 0, relocation, code);
    elf.symbol("unused_map", 1, maps, 0, 8).symbol("used_map", 1, maps, 8, 8);
    elf.symbol("program", 2, code, 0, 32);
    return elf.build();
  }

  @Test
  void readsSectionsAndSymbols() {
    ElfFile elf = ElfFile.of("mine", object());
    assertThat(elf.machine()).isEqualTo(ElfFile.MACHINE_BPF);
    assertThat(elf.sections())
        .extracting(ElfSection::name)
        .containsExactly(
            "", "tracepoint/x", ".maps", ".reltracepoint/x", ".symtab", ".strtab", ".shstrtab");
    ElfSymbolTable symbols = Objects.requireNonNull(elf.symbols(ElfSection.SYMTAB));
    assertThat(symbols.count()).isEqualTo(4);
    assertThat(symbols.name(3)).isEqualTo("program");
    assertThat(symbols.isFunction(3)).isTrue();
    assertThat(symbols.isObject(2)).isTrue();
    assertThat(symbols.value(2)).isEqualTo(8);
    assertThat(symbols.sizeBytes(2)).isEqualTo(8);
    assertThat(symbols.sectionIndex(2)).isEqualTo(2);
    assertThat(elf.symbols(ElfSection.DYNSYM)).isNull();
    assertThat(elf.section(".data")).isNull();
  }

  @Test
  void tellsWhichSymbolsTheCodeUses() {
    assertThat(ElfRelocations.namesUsedByCode(ElfFile.of("mine", object())))
        .containsExactly("used_map");
  }

  @Test
  void mapsALibrary() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      ElfFile elf = ElfFile.map(LIBRARY, arena);
      ElfSection text = Objects.requireNonNull(elf.section(".text"));
      assertThat(text.isExecutable()).isTrue();
      assertThat(elf.contents(text).byteSize()).isEqualTo(text.sizeBytes());
      assertThat(elf.contents(Objects.requireNonNull(elf.section(".bss"))).byteSize()).isZero();
      assertThat(elf.segments())
          .filteredOn(ElfSegment::isExecutable)
          .anyMatch(s -> s.type() == ElfSegment.LOAD);
    }
  }

  @Test
  void readsTheBuildId() {
    ElfBytes elf = new ElfBytes();
    byte[] note =
        ByteBuffer.allocate(32)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(4)
            .putInt(5)
            .putInt(3)
            .put(new byte[] {'G', 'N', 'U', 0, 1, 2, 3, 4, 5})
            .array();
    elf.section(".note.gnu.build-id", ElfSection.NOTE, 2, note, 0);
    assertThat(ElfFile.of("mine", elf.build()).buildId()).containsExactly(1, 2, 3, 4, 5);
    assertThat(ElfFile.of("mine", object()).buildId()).isNull();
  }

  @Test
  void namesFileAndCause() {
    byte[] big = object();
    big[5] = 2;
    assertThatThrownBy(() -> ElfFile.of("big.o", big))
        .isInstanceOf(ElfException.class)
        .hasMessageContainingAll("reading the ELF file big.o", "big-endian");
    assertThatThrownBy(() -> ElfFile.of("text.o", new byte[] {104, 105, 10, 10}))
        .isInstanceOf(ElfException.class)
        .hasMessageContainingAll("text.o", "7f 45 4c 46");
    byte[] cut = Arrays.copyOf(object(), 300);
    assertThatThrownBy(() -> ElfFile.of("cut.o", cut))
        .isInstanceOf(ElfException.class)
        .hasMessageContainingAll("cut.o", "300");
  }

  @Test
  void mutatedFilesAreReadOrRefused() {
    Random random = new Random(4);
    byte[] whole = object();
    int refused = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] mutated = Arrays.copyOf(whole, whole.length - random.nextInt(3) * random.nextInt(99));
      for (int i = 0; i <= random.nextInt(6); i++) {
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
      }
      try {
        readAll(ElfFile.of("fuzz", mutated));
      } catch (ElfException e) {
        assertThat(e).hasMessageStartingWith("reading the ELF file fuzz: ");
        refused++;
      }
    }
    assertThat(refused).isBetween(1_000, 19_999);
  }

  private static void readAll(ElfFile elf) {
    for (ElfSection section : elf.sections()) {
      assertThat(elf.contents(section).toArray(ValueLayout.JAVA_BYTE)).isNotNull();
    }
    ElfSymbolTable symbols = elf.symbols(ElfSection.SYMTAB);
    for (int i = 0; symbols != null && i < symbols.count(); i++) {
      assertThat(symbols.name(i)).isNotNull();
    }
    assertThat(ElfRelocations.namesUsedByCode(elf)).isNotNull();
    elf.buildId();
  }
}
