// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.kernel.OpenDescriptors;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class KernelHandoverTest {
  private static final long LIMIT_MS = 30_000;

  @Test
  void holdsWhatItTookUntilItIsClosedThenTheKernelClosesIt() {
    Pipe pipe = Pipe.open();
    int[] tokens = new int[1];
    try (Epoll epoll = Epoll.open();
        Fd readEnd = pipe.readEnd()) {
      epoll.add(readEnd.number(), 7);
      List<String> before = OpenDescriptors.kernelObjects();
      KernelHandover handover = Objects.requireNonNull(KernelHandover.of(pipe.writeEnd().number()));
      pipe.writeEnd().close();
      assertThat(epoll.await(tokens, 50)).isZero();
      handover.close();
      assertThat(epoll.await(tokens, LIMIT_MS)).isEqualTo(1);
      assertThat(tokens[0]).isEqualTo(7);
      // The write end is gone, and no socket is left.
      assertThat(OpenDescriptors.kernelObjects()).hasSize(before.size() - 1);
    }
  }

  @Test
  void takesNothingThatIsNotOpenAndLeavesNothing() {
    List<String> before = OpenDescriptors.kernelObjects();
    assertThat(KernelHandover.of(1_000_000)).isNull();
    assertThat(KernelHandover.of(new int[1000])).isNull();
    assertThat(OpenDescriptors.kernelObjects()).isEqualTo(before);
  }
}
