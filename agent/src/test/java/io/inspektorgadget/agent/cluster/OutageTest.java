// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OutageTest {
  private final List<String> messages = new ArrayList<>();
  private final Outage outage = new Outage(messages::add);

  @Test
  void theSameIsSaidOnceUntilItIsOver() {
    IllegalStateException away = new IllegalStateException("away");
    for (int i = 0; i < 3; i++) {
      assertThat(outage.explain("watching pods", away)).isTrue();
    }
    assertThat(messages).containsExactly("watching pods: away; trying again");
    outage.explain("watching pods", new IllegalStateException("forbidden"));
    assertThat(messages).hasSize(2).last().asString().contains("forbidden");
    outage.isOver();
    outage.explain("watching pods", new IllegalStateException("forbidden"));
    assertThat(messages).hasSize(3);
  }
}
