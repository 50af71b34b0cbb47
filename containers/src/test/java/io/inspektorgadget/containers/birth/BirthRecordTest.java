// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers.birth;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.containers.birth.Birth.Cause;
import io.inspektorgadget.containers.birth.Birth.Command;
import io.inspektorgadget.containers.birth.Birth.FirstProcess;
import io.inspektorgadget.containers.birth.Birth.Groups;
import io.inspektorgadget.kernel.btf.Btf;
import io.inspektorgadget.kernel.btf.BtfType;
import io.inspektorgadget.model.container.ContainerInfo.MountNs;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BirthRecordTest {
  private static final int START = 24;
  private static final int FUZZ_ROUNDS = 2_000;
  private static final long INODE = 4_026_532_177L;

  private final byte[] bytes = new byte[START + BirthRecord.ARGS + 64];
  private final MemorySegment memory = MemorySegment.ofArray(bytes);

  private void number(int at, long value) {
    memory.set(JAVA_INT_UNALIGNED, START + at, (int) value);
  }

  private void unique(int at, long value) {
    memory.set(JAVA_LONG_UNALIGNED, START + at, value);
  }

  private void text(int at, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    MemorySegment.copy(utf8, 0, memory, JAVA_BYTE, START + at, utf8.length);
  }

  @Test
  void hasTheLayoutOfTheKernelProgram() {
    Btf btf = Btf.ofObject("lineage.bpf.o", LineageHook.bytes());
    BtfType.Struct struct = Objects.requireNonNull(btf.find(BtfType.Struct.class, "birth"));
    Map<String, Integer> offsets =
        struct.members().stream()
            .collect(
                Collectors.toMap(BtfType.Member::name, member -> member.offsetBits() / Byte.SIZE));
    assertThat(offsets)
        .containsEntry("mntns_unique", BirthRecord.UNIQUE)
        .containsEntry("owner_unique", BirthRecord.OWNER)
        .containsEntry("cgroup_id", BirthRecord.CGROUP)
        .containsEntry("pids_cgroup_id", BirthRecord.PIDS_CGROUP)
        .containsEntry("time_ns", BirthRecord.TIME)
        .containsEntry("mntns", BirthRecord.MNTNS)
        .containsEntry("netns", BirthRecord.NETNS)
        .containsEntry("pid", BirthRecord.PID)
        .containsEntry("ns_pid", BirthRecord.NS_PID)
        .containsEntry("runtime_pid", BirthRecord.RUNTIME_PID)
        .containsEntry("kind", BirthRecord.KIND)
        .containsEntry("args_length", BirthRecord.ARGS_LENGTH)
        .containsEntry("args_truncated", BirthRecord.ARGS_TRUNCATED)
        .containsEntry("cwd_length", BirthRecord.CWD_LENGTH)
        .containsEntry("comm", BirthRecord.COMM)
        .containsEntry("nodename", BirthRecord.NODENAME)
        .containsEntry("cgroup_leaf", BirthRecord.CGROUP_LEAF)
        .containsEntry("pids_cgroup_leaf", BirthRecord.PIDS_CGROUP_LEAF)
        .containsEntry("cwd", BirthRecord.CWD)
        .containsEntry("args", BirthRecord.ARGS);
  }

  @Test
  void readsBirthOfARuntime() {
    unique(BirthRecord.UNIQUE, 42);
    unique(BirthRecord.OWNER, 42);
    unique(BirthRecord.CGROUP, 900);
    unique(BirthRecord.PIDS_CGROUP, 901);
    unique(BirthRecord.TIME, 123);
    number(BirthRecord.MNTNS, INODE);
    number(BirthRecord.NETNS, INODE + 1);
    number(BirthRecord.PID, 77);
    number(BirthRecord.NS_PID, 1);
    number(BirthRecord.RUNTIME_PID, 70);
    number(BirthRecord.KIND, 1);
    text(BirthRecord.COMM, "sleep");
    text(BirthRecord.NODENAME, "box");
    text(BirthRecord.CGROUP_LEAF, "web");
    text(BirthRecord.PIDS_CGROUP_LEAF, "/");
    text(BirthRecord.CWD, "bundle\0lib\0var\0");
    number(BirthRecord.CWD_LENGTH, 15);
    text(BirthRecord.ARGS, "runc\0run\0\0web\0");
    number(BirthRecord.ARGS_LENGTH, 14);
    Birth birth = BirthRecord.read(memory, START, BirthRecord.ARGS + 14);
    assertThat(birth)
        .isEqualTo(
            new Birth(
                Cause.BY_RUNTIME,
                new MountNs(INODE, 42),
                42,
                new FirstProcess(77, 1, "sleep"),
                INODE + 1,
                new Groups(900, "web", 901, ""),
                "box",
                new Command(70, List.of("runc", "run", "", "web"), false, "/var/lib/bundle"),
                123,
                null));
  }

  @Test
  void readsWordsThatWereCut() {
    text(BirthRecord.ARGS, "runc\0ru");
    number(BirthRecord.ARGS_LENGTH, 7);
    number(BirthRecord.ARGS_TRUNCATED, 1);
    Birth birth = BirthRecord.read(memory, START, BirthRecord.ARGS + 7);
    assertThat(birth.command()).isEqualTo(new Command(0, List.of("runc", "ru"), true, ""));
    assertThat(birth.cause()).isEqualTo(Cause.UNEXPLAINED);
  }

  @Test
  void readsNoFurtherThanTheRecord() {
    Random random = new Random(3);
    for (int round = 0; round < FUZZ_ROUNDS; round++) {
      random.nextBytes(bytes);
      int length = BirthRecord.ARGS + random.nextInt(64);
      Birth birth = BirthRecord.read(memory, START, length);
      int words = birth.command().words().stream().mapToInt(String::length).sum();
      assertThat(words).isLessThan(64);
    }
    assertThatThrownBy(() -> BirthRecord.read(memory, START, BirthRecord.ARGS - 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
