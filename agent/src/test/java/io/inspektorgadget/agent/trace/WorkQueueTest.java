// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What waits is handed out once, and not before its time. */
@Timeout(20)
final class WorkQueueTest {
  private final WorkQueue<String> queue = new WorkQueue<>();

  @Test
  void aThingThatIsAddedTwiceIsHandedOutOnce() throws InterruptedException {
    queue.add("a");
    queue.add("a");
    assertThat(queue.take()).isEqualTo("a");
    queue.add("b");
    assertThat(queue.take()).isEqualTo("b");
  }

  @Test
  void whatIsDueSoonerComesFirst() throws InterruptedException {
    queue.addAfter("later", 30);
    queue.add("now");
    long begun = System.nanoTime();
    assertThat(queue.take()).isEqualTo("now");
    assertThat(queue.take()).isEqualTo("later");
    assertThat(System.nanoTime() - begun).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(15));
  }

  @Test
  void waitingIsCutShortByASoonerWishButNotProlonged() throws InterruptedException {
    queue.addAfter("a", 600_000);
    queue.add("a");
    queue.addAfter("a", 600_000);
    assertThat(queue.take()).isEqualTo("a");
  }

  @Test
  void aWaitingTakerWakesForWhatComes() throws Exception {
    queue.addAfter("much later", 600_000);
    CompletableFuture<String> taken =
        CompletableFuture.supplyAsync(() -> {
          try {
            return String.valueOf(queue.take());
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    queue.add("now");
    assertThat(taken.get(10, TimeUnit.SECONDS)).isEqualTo("now");
  }

  @Test
  void aClosedQueueHandsOutNothing() throws InterruptedException {
    queue.add("a");
    queue.close();
    assertThat(queue.take()).isNull();
  }
}
