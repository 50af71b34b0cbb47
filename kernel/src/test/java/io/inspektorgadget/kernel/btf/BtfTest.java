// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.btf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.inspektorgadget.kernel.elf.ElfBytes;
import io.inspektorgadget.kernel.elf.ElfException;
import io.inspektorgadget.kernel.elf.ElfFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BtfTest {
  private static BtfBytes sample() {
    return new BtfBytes()
        .integer("int", 4, 1)
        .integer("char", 1, 1)
        .integer("_Bool", 1, 4)
        .typedef("pid", 1)
        .type(BtfDecoder.KIND_ARRAY, "", 0, 0, 2, 1, 16)
        .struct("event", 32, "id", 4, 0, "comm", 5, 32, "", 7, 160)
        .type(BtfDecoder.KIND_UNION, "", 1, 8, 0, 1, 0)
        .type(BtfDecoder.KIND_ENUM, "color", 2, 4, 1, -1, 1, 7)
        .type(BtfDecoder.KIND_ENUM64, "wide", 1, 8, 1, 5, 1)
        .type(BtfDecoder.KIND_CONST, "", 0, 4)
        .type(BtfDecoder.KIND_PTR, "", 0, 6)
        .type(BtfDecoder.KIND_FUNC_PROTO, "", 1, 1, 1, 11)
        .type(BtfDecoder.KIND_FUNC, "program", 0, 12)
        .type(BtfDecoder.KIND_VAR, "limit", 0, 10, 1)
        .type(BtfDecoder.KIND_DATASEC, ".rodata", 1, 0, 14, 0, 4)
        .type(BtfDecoder.KIND_FLOAT, "double", 0, 8);
  }

  private static Btf parse(BtfBytes bytes) {
    return Btf.parse("mine", MemorySegment.ofArray(bytes.build()));
  }

  private static byte[] object(byte[] btf) {
    ElfBytes elf = new ElfBytes();
    elf.section(".BTF", 1, 0, btf, 0);
    int rodata = elf.section(".rodata", 1, 2, new byte[12], 0);
    return elf.symbol("limit", 1, rodata, 8, 4).build();
  }

  @Test
  void decodesEveryKind() {
    Btf btf = parse(sample());
    assertThat(btf.count()).isEqualTo(17);
    assertThat(btf.type(0)).isEqualTo(new BtfType.None());
    assertThat(btf.type(1)).isEqualTo(new BtfType.Int("int", 4, true, false));
    assertThat(btf.type(3)).isEqualTo(new BtfType.Int("_Bool", 1, false, true));
    assertThat(btf.type(5)).isEqualTo(new BtfType.Array(2, 16));
    BtfType.Struct event = Objects.requireNonNull(btf.find(BtfType.Struct.class, "event"));
    assertThat(event.members())
        .containsExactly(
            new BtfType.Member("id", 4, 0, 0),
            new BtfType.Member("comm", 5, 32, 0),
            new BtfType.Member("", 7, 160, 0));
    assertThat(btf.type(7)).matches(type -> ((BtfType.Struct) type).union());
    assertThat(((BtfType.Enumeration) btf.type(8)).values())
        .extracting(BtfType.Enumerator::value)
        .containsExactly(0xffffffffL, 7L);
    assertThat(((BtfType.Enumeration) btf.type(9)).values())
        .extracting(BtfType.Enumerator::value)
        .containsExactly((1L << 32) + 5);
    assertThat(btf.type(13)).isEqualTo(new BtfType.Func("program", 12));
    assertThat(btf.type(14)).isEqualTo(new BtfType.Var("limit", 10, 1));
    assertThat(btf.type(16)).isEqualTo(new BtfType.FloatType("double", 8));
  }

  @Test
  void looksThroughNamesAndQualifiers() {
    Btf btf = parse(sample());
    assertThat(btf.resolve(10)).isEqualTo(btf.type(1));
    assertThat(btf.sizeBytes(10)).isEqualTo(4);
    assertThat(btf.sizeBytes(5)).isEqualTo(16);
    assertThat(btf.sizeBytes(11)).isEqualTo(8);
    assertThat(btf.sizeBytes(6)).isEqualTo(32);
    assertThat(btf.find(BtfType.Struct.class, "pid")).isNull();
    assertThat(btf.idOf(BtfType.Typedef.class, "pid")).isEqualTo(4);
  }

  @Test
  void placesVariablesByTheSymbolTable() {
    ElfFile elf = ElfFile.of("mine", object(sample().build()));
    ObjectVariables variables = ObjectVariables.of(elf, Btf.ofObject(elf));
    assertThat(variables.find("limit"))
        .isEqualTo(new ObjectVariables.Variable("limit", ".rodata", 8, 4, 10));
    assertThat(variables.find("other")).isNull();
    assertThat(variables.all()).hasSize(1);
  }

  @Test
  void refusesWhatContradictsItself() {
    assertRefused(new BtfBytes().typedef("a", 2).typedef("b", 1), "names deep");
    assertRefused(new BtfBytes().typedef("a", 9), "refers to the type 9");
    assertRefused(new BtfBytes().type(27, "odd", 0, 0), "kind 27");
    assertRefused(new BtfBytes().integer("int", 3, 0), "has 3 bytes");
    assertRefused(new BtfBytes().struct("s", -1), "size");
    assertRefused(new BtfBytes().type(BtfDecoder.KIND_STRUCT, "s", 9, 4), "cut off");
    assertRefused(new BtfBytes().type(BtfDecoder.KIND_ARRAY, "", 0, 0, 1, 1, -1), "elements");
  }

  private static void assertRefused(BtfBytes bytes, String cause) {
    byte[] object = object(bytes.build());
    assertThatThrownBy(() -> Btf.ofObject("bad.o", object))
        .isInstanceOf(BtfException.class)
        .hasMessageContainingAll("reading the BTF of bad.o: ", cause);
  }

  @Test
  void refusesArraysThatAreTooLarge() {
    Btf btf =
        parse(
            new BtfBytes()
                .integer("int", 4, 0)
                .type(BtfDecoder.KIND_ARRAY, "", 0, 0, 1, 1, Integer.MAX_VALUE)
                .type(BtfDecoder.KIND_ARRAY, "", 0, 0, 3, 1, 1));
    assertThatThrownBy(() -> btf.sizeBytes(2)).hasMessageContaining("2 GiB");
    assertThatThrownBy(() -> btf.sizeBytes(3)).hasMessageContaining("dimensions");
  }

  @Test
  void refusesOtherBytes() {
    byte[] swapped = sample().build();
    swapped[0] = (byte) 0xeb;
    swapped[1] = (byte) 0x9f;
    assertThatThrownBy(() -> Btf.parse("big", MemorySegment.ofArray(swapped)))
        .hasMessageContainingAll("big", "big-endian");
    assertThatThrownBy(() -> Btf.parse("text", MemorySegment.ofArray(new byte[64])))
        .isInstanceOf(BtfException.class);
    assertThatThrownBy(() -> Btf.ofObject("plain.o", new ElfBytes().build()))
        .hasMessageContainingAll("plain.o", "no section .BTF", "clang -g");
  }

  @Test
  void mutatedBtfIsReadOrRefused() {
    Random random = new Random(7);
    byte[] whole = object(sample().build());
    int refused = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] mutated = whole.clone();
      for (int i = 0; i <= random.nextInt(8); i++) {
        mutated[64 + random.nextInt(mutated.length - 64)] = (byte) random.nextInt();
      }
      try {
        ElfFile elf = ElfFile.of("fuzz", mutated);
        Btf btf = Btf.ofObject(elf);
        for (int id = 0; id < btf.count(); id++) {
          assertThat(btf.sizeBytes(id)).isNotNegative();
        }
        assertThat(ObjectVariables.of(elf, btf).all()).isNotNull();
      } catch (BtfException | ElfException e) {
        assertThat(e).hasMessageStartingWith("reading the ");
        refused++;
      }
    }
    assertThat(refused).isBetween(1_000, 19_999);
  }

  @Test
  void readsTheRunningKernel() {
    assumeThat(Btf.KERNEL_PATH).matches(Files::isReadable, "the kernel shows its BTF");
    Btf kernel = Btf.ofKernel();
    BtfType.Struct task = Objects.requireNonNull(kernel.find(BtfType.Struct.class, "task_struct"));
    assertThat(task.members()).extracting(BtfType.Member::name).contains("pid", "tgid", "comm");
    assertThat(task.sizeBytes()).isGreaterThan(1_000);
  }

  @Test
  void saysWhatAKernelWithoutBtfNeeds() {
    assertThatThrownBy(() -> Btf.ofKernel(java.nio.file.Path.of("/nowhere/vmlinux")))
        .hasMessageContainingAll("/nowhere/vmlinux", "CONFIG_DEBUG_INFO_BTF");
  }
}
