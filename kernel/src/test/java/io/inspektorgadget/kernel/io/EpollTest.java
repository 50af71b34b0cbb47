// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.inspektorgadget.kernel.OpenDescriptors;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EpollTest {
  @Test
  void reportsTheTokensOfReadableDescriptors() {
    int[] tokens = new int[8];
    try (Epoll epoll = Epoll.open();
        EventFd first = EventFd.open();
        EventFd second = EventFd.open()) {
      epoll.add(first.fd(), 17);
      epoll.add(second.fd(), -5);
      assertThat(epoll.await(tokens, 0)).isZero();
      second.signal();
      assertThat(epoll.await(tokens, 1000)).isEqualTo(1);
      assertThat(tokens[0]).isEqualTo(-5);
      first.signal();
      assertThat(epoll.await(tokens, 1000)).isEqualTo(2);
      assertThat(List.of(tokens[0], tokens[1])).containsExactlyInAnyOrder(17, -5);
      assertThat(second.drain()).isTrue();
      assertThat(second.drain()).isFalse();
      assertThat(epoll.await(tokens, 1000)).isEqualTo(1);
      assertThat(tokens[0]).isEqualTo(17);
      epoll.remove(first.fd());
      assertThat(epoll.await(tokens, 0)).isZero();
    }
  }

  @Test
  void wakesAWaitingThread() throws Exception {
    try (Epoll epoll = Epoll.open();
        EventFd event = EventFd.open()) {
      epoll.add(event.fd(), 3);
      int[] tokens = new int[1];
      CompletableFuture<Integer> waiting =
          CompletableFuture.supplyAsync(() -> epoll.await(tokens, 30_000));
      event.signal();
      assertThat(waiting.get(30, TimeUnit.SECONDS)).isEqualTo(1);
      assertThat(tokens[0]).isEqualTo(3);
    }
  }

  @Test
  void namesTheErrorOfAnAddThatIsRefused() {
    try (Epoll epoll = Epoll.open();
        EventFd event = EventFd.open()) {
      epoll.add(event.fd(), 1);
      assertThatThrownBy(() -> epoll.add(event.fd(), 1))
          .isInstanceOfSatisfying(
              SystemCallException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST))
          .hasMessageStartingWith("adding descriptor")
          .hasMessageEndingWith("EEXIST");
    }
  }

  @Test
  void givesEveryDescriptorBackOnceAndRefusesUseAfterwards() {
    List<String> before = OpenDescriptors.kernelObjects();
    Epoll epoll = Epoll.open();
    EventFd event = EventFd.open();
    epoll.close();
    epoll.close();
    event.close();
    event.close();
    assertThat(OpenDescriptors.kernelObjects()).isEqualTo(before);
    assertThatThrownBy(event::signal).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> epoll.await(new int[1], 0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void waitingLeavesNextToNoGarbage() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().threadId();
    int[] tokens = new int[4];
    try (Epoll epoll = Epoll.open();
        EventFd event = EventFd.open()) {
      epoll.add(event.fd(), 1);
      event.signal();
      int ready = 0;
      for (int round = 0; round < 200_000; round++) {
        ready += epoll.await(tokens, 0);
      }
      long before = threads.getThreadAllocatedBytes(thread);
      for (int round = 0; round < 100_000; round++) {
        ready += epoll.await(tokens, 0);
      }
      long allocated = threads.getThreadAllocatedBytes(thread) - before;
      assertThat(ready).isEqualTo(300_000);
      // The JVM's own call of a native function, where its compiler does not see through it.
      assertThat(allocated / 100_000).as("bytes a wait").isLessThan(64);
    }
  }
}
