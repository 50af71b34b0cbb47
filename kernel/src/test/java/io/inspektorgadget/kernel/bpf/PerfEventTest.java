// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PerfEventTest {
  @Test
  void readsTheKernelsListsOfCpus() {
    assertThat(PerfEvent.cpusOf("0\n")).containsExactly(0);
    assertThat(PerfEvent.cpusOf("0-3\n")).containsExactly(0, 1, 2, 3);
    assertThat(PerfEvent.cpusOf("0,2-3,8")).containsExactly(0, 2, 3, 8);
  }
}
