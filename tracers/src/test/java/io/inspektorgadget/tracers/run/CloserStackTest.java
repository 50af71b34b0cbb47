// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloserStackTest {
  private final List<String> closed = new ArrayList<>();
  private final CloserStack closers = new CloserStack();

  private CloserStack.Resource closing(String name) {
    return () -> closed.add(name);
  }

  private CloserStack.Resource throwing(String name) {
    return () -> {
      closed.add(name);
      throw new IllegalStateException(name);
    };
  }

  @Test
  void closesInReverseOrderAndOnce() {
    List.of("object", "ring", "link").forEach(name -> closers.add(closing(name)));
    closers.close();
    closers.close();
    assertThat(closed).containsExactly("link", "ring", "object");
  }

  @Test
  void nothingStaysOpenBecauseOfOne() {
    closers.add(closing("first"));
    closers.add(throwing("second"));
    closers.add(closing("third"));
    closers.add(throwing("fourth"));
    assertThatThrownBy(closers::close)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("fourth")
        .satisfies(
            e -> assertThat(e.getSuppressed()).extracting("message").containsExactly("second"));
    assertThat(closed).containsExactly("fourth", "third", "second", "first");
    assertThatCode(closers::close).doesNotThrowAnyException();
  }

  @Test
  void whatIsAddedLaterIsClosedLater() {
    closers.add(closing("a"));
    closers.close();
    closers.add(closing("b"));
    closers.close();
    assertThat(closed).containsExactly("a", "b");
  }
}
