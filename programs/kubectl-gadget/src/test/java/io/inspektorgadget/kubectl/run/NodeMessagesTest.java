// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NodeMessagesTest {
  private static NodeMessages of(String... failures) {
    List<NodeState> states = new ArrayList<>();
    for (String failure : failures) {
      NodeState state = Printed.node("node" + (states.size() + 1), "pod");
      if (!failure.isEmpty()) {
        state.fail(failure);
      }
      states.add(state);
    }
    return NodeMessages.of(states, NodeState::failure);
  }

  @Test
  void whatAllSayIsSaidOnce() {
    NodeMessages messages = of("no", "no");
    assertThat(messages.isOfAll()).isTrue();
    assertThat(messages.warnings()).containsExactly("no");
    assertThat(messages.error("kubectl gadget trace exec"))
        .isEqualTo("running kubectl gadget trace exec on all nodes: no");
  }

  @Test
  void whatSomeSayNamesThem() {
    NodeMessages messages = of("no", "", "no", "never");
    assertThat(messages.isOfAll()).isFalse();
    assertThat(messages.warnings()).containsExactly("node1, node3: no", "node4: never");
    assertThat(messages.error("x")).isEqualTo("running x on node1, node3: no; on node4: never");
  }

  @Test
  void aPodIsOnOneNodeSoTheOthersNeedNotSayThatTheyDoNotHaveIt() {
    String noMatch = "No container matches the requested filter";
    assertThat(of(noMatch, "").warnings()).isEmpty();
    assertThat(of(noMatch, noMatch).warnings()).containsExactly(noMatch);
    assertThat(of("").isEmpty()).isTrue();
  }
}
