// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.proc;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.kernel.OpenDescriptors;
import io.inspektorgadget.kernel.io.Epoll;
import java.util.List;
import org.junit.jupiter.api.Test;

class PidFdTest {
  @Test
  void becomesReadableWhenTheProcessEnds() throws Exception {
    List<String> before = OpenDescriptors.kernelObjects();
    Process child = new ProcessBuilder("cat").redirectErrorStream(true).start();
    int[] tokens = new int[1];
    try (PidFd process = PidFd.open(child.pid()).orElseThrow();
        Epoll epoll = Epoll.open()) {
      epoll.add(process.fd(), 9);
      assertThat(process.pid()).isEqualTo(child.pid());
      assertThat(epoll.await(tokens, 0)).isZero();
      child.getOutputStream().close();
      assertThat(epoll.await(tokens, 30_000)).isEqualTo(1);
      assertThat(tokens[0]).isEqualTo(9);
    }
    child.waitFor();
    child.destroy();
    assertThat(PidFd.open(child.pid())).isEmpty();
    assertThat(OpenDescriptors.kernelObjects())
        .filteredOn(target -> target.contains("pidfd") || target.contains("eventpoll"))
        .isEqualTo(
            before.stream()
                .filter(target -> target.contains("pidfd") || target.contains("eventpoll"))
                .toList());
  }

  @Test
  void isEmptyWhereNoProcessCanBe() {
    assertThat(PidFd.open(0)).isEmpty();
    assertThat(PidFd.open(-1)).isEmpty();
    assertThat(PidFd.open(Integer.MAX_VALUE)).isEmpty();
  }
}
