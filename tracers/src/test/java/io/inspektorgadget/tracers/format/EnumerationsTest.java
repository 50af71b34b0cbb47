// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.kernel.elf.ElfFile;
import io.inspektorgadget.kernel.elf.ElfSection;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnumerationsTest {
  @TempDir Path directory;
  private Path kernelTypes = Path.of("");

  /** A kernel with {@code enum color} (RED 1, GREEN 2) and {@code enum trait_set} (FAST 1 …). */
  @BeforeEach
  void writeTypes() throws IOException {
    kernelTypes = directory.resolve("vmlinux");
    try (InputStream in =
        Objects.requireNonNull(
            EnumerationsTest.class.getResourceAsStream("/bpf/everything.bpf.o"))) {
      ElfFile object = ElfFile.of("everything", in.readAllBytes());
      ElfSection types = Objects.requireNonNull(object.section(".BTF"));
      Files.write(kernelTypes, object.contents(types).toArray(ValueLayout.JAVA_BYTE));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "color:7=RED|8=GREEN, 1, RED", // the kernel's numbers, not the object's
    "color:7=RED|8=GREEN, 7, UNKNOWN",
    "color:7=RED|8=GREEN, -1, DARK", // a name that is new in the kernel
    "color:1=OAK|2=BEECH, 1, OAK", // the same name by chance
    "shade:1=PALE, 1, PALE", // not of the kernel
    ":1=NAMELESS, 1, NAMELESS",
    "trait_set:set:|:16=FAST|32=LOUD, 3, FAST|LOUD",
    "other_set:set:+:16=FAST|32=LOUD, 48, FAST+LOUD",
  })
  void theRunningKernelsNumbersWin(String argument, long value, String expected) {
    Enumerations enumerations = new Enumerations(kernelTypes);
    assertThat(Formatted.number(enumerations.formatter(0, argument), value)).isEqualTo(expected);
  }

  @Test
  void withoutTheKernelsTypesTheObjectsCount() {
    Enumerations enumerations = new Enumerations(directory.resolve("absent"));
    assertThat(Formatted.number(enumerations.formatter(0, "color:7=RED"), 7)).isEqualTo("RED");
  }
}
