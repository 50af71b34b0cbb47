// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.gadget;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.kernel.bpf.BpfMap;
import io.inspektorgadget.kernel.bpf.BpfObject;
import io.inspektorgadget.kernel.bpf.KernelFeature;
import io.inspektorgadget.testing.Needs;
import io.inspektorgadget.testing.TimeLimit;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A stack that finds no place in its map is counted as lost; its sample is kept. */
@Tag("kernel")
final class LostStacksKernelTest {
  private static final String PROFILER = "/gadgets/profile_cpu.bpf.o";
  private static final int FREQUENCY_HZ = 999;

  private static byte[] profiler() throws IOException {
    try (InputStream in = LostStacksKernelTest.class.getResourceAsStream(PROFILER)) {
      return Objects.requireNonNull(in, PROFILER).readAllBytes();
    }
  }

  @Test
  @Needs(KernelFeature.PERF_EVENT)
  void oneThatFindsNoPlaceIsCounted() throws IOException {
    try (BpfObject object = BpfObject.open("profile_cpu", profiler())) {
      // Room for one, and those that run here have many.
      object.map("ig_ustack").setMaxEntries(1);
      object.map("ig_kstack").setMaxEntries(1);
      object.load();
      BpfMap lost = object.map("gadget_map_full");
      assertThat(lost.sumPerCpu(0)).isZero();
      object.attachCpuClock(object.program("ig_profile"), FREQUENCY_HZ);
      TimeLimit.usual().await("a lost stack", () -> lost.sumPerCpu(0) > 0);
      assertThat(object.map("counts").forEach((key, value) -> {})).isPositive();
    }
  }
}
