// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kernel")
class BpfMapKernelTest {
  private final Arena arena = Arena.ofAuto();
  private final MemorySegment key = arena.allocate(8);
  private final MemorySegment value = arena.allocate(8);
  private final BpfObject object = TestObjects.open("tracing");
  private BpfMap table = object.map("table");

  @BeforeEach
  void load() {
    object.load();
    table = object.map("table");
  }

  @AfterEach
  void close() {
    object.close();
  }

  private void put(long number, int content) {
    key.set(JAVA_LONG, 0, number);
    value.set(JAVA_INT, 0, content);
    table.update(key, value);
  }

  @Test
  void updatesLooksUpAndDeletes() {
    put(5, 50);
    value.fill((byte) 0);
    assertThat(table.lookup(key, value)).isTrue();
    assertThat(value.get(JAVA_INT, 0)).isEqualTo(50);
    assertThat(table.delete(key)).isTrue();
    assertThat(table.delete(key)).isFalse();
    assertThat(table.lookup(key, value)).isFalse();
  }

  @Test
  void saysWhenItIsFull() {
    BpfMap small = object.map("small");
    for (int number = 0; number < 16; number++) {
      key.set(JAVA_INT, 0, number);
      small.update(key, value);
    }
    key.set(JAVA_INT, 0, 99);
    assertThatThrownBy(() -> small.update(key, value))
        .isInstanceOf(BpfException.class)
        .hasMessage("updating map small: E2BIG");
  }

  @Test
  void refusesMemoryThatIsTooSmallOrOfTheHeap() {
    assertThatThrownBy(() -> table.lookup(arena.allocate(4), value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("its key has to be native memory of 8 bytes, not 4");
    assertThatThrownBy(() -> table.lookup(MemorySegment.ofArray(new byte[8]), value))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void drainsEveryEntryOnceAndLeavesNone() {
    Map<Long, Integer> expected = new HashMap<>();
    for (int number = 0; number < 4000; number++) {
      put(number * 7L, number);
      expected.put(number * 7L, number);
    }
    Map<Long, Integer> visited = new HashMap<>();
    assertThat(table.forEach((k, v) -> visited.put(k.get(JAVA_LONG, 0), v.get(JAVA_INT, 0))))
        .isEqualTo(4000);
    assertThat(visited).isEqualTo(expected);
    Map<Long, Integer> drained = new HashMap<>();
    int count =
        table.drain(
            (k, v) -> assertThat(drained.put(k.get(JAVA_LONG, 0), v.get(JAVA_INT, 0))).isNull());
    assertThat(count).isEqualTo(4000);
    assertThat(drained).isEqualTo(expected);
    assertThat(table.drain((k, v) -> {})).isZero();
    assertThat(table.nextKey(null, key)).isFalse();
  }

  @Test
  void takesAnEntryOnlyWhereItIs() {
    put(3, 30);
    value.fill((byte) 0);
    assertThat(table.take(key, value)).isTrue();
    assertThat(value.get(JAVA_INT, 0)).isEqualTo(30);
    assertThat(table.take(key, value)).isFalse();
  }

  @Test
  void refusesToDrainAnArray() {
    assertThatThrownBy(() -> object.map("counters").drain((k, v) -> {}))
        .isInstanceOf(BpfException.class)
        .hasMessageContaining("cannot be deleted");
    assertThatThrownBy(() -> object.map("counters").sumPerCpu(2)).isInstanceOf(BpfException.class);
    assertThatThrownBy(() -> table.sumPerCpu(0)).isInstanceOf(BpfException.class);
  }

  @Test
  void givesThePerCpuValuesOfAnEntry() {
    BpfMap counters = object.map("counters");
    MemorySegment all = arena.allocate(counters.storageSizeBytes(), 8);
    long cpus = all.byteSize() / 8;
    for (int cpu = 0; cpu < cpus; cpu++) {
      all.set(JAVA_LONG, 8L * cpu, cpu + 1);
    }
    key.set(JAVA_INT, 0, 1);
    counters.update(key, all);
    assertThat(counters.sumPerCpu(1)).isEqualTo(cpus * (cpus + 1) / 2);
    assertThat(counters.forEach((k, v) -> assertThat(v.byteSize()).isEqualTo(8 * cpus)))
        .isEqualTo(2);
  }

  @Test
  void readsCountersWithoutAllocating() {
    BpfMap counters = object.map("counters");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().threadId();
    long sum = 0;
    for (int round = 0; round < 100_000; round++) {
      sum += counters.sumPerCpu(0);
    }
    long before = threads.getThreadAllocatedBytes(thread);
    for (int round = 0; round < 50_000; round++) {
      sum += counters.sumPerCpu(0);
    }
    assertThat(threads.getThreadAllocatedBytes(thread) - before).isLessThan(4096);
    assertThat(sum).isZero();
  }
}
