// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.model.container.ContainerInfo.MountNs;
import org.junit.jupiter.api.Test;

class DismissedNamespacesTest {
  private static final int MORE_THAN_IT_KEEPS = 1_000;

  private final DismissedNamespaces dismissed = new DismissedNamespaces();

  @Test
  void knowsWhatWasAddedByTheIdThatIsNeverUsedAgain() {
    dismissed.add(new MountNs(5, 100));
    assertThat(dismissed.contains(5, 100)).isTrue();
    assertThat(dismissed.contains(5, 0)).isTrue();
    assertThat(dismissed.contains(5, 101)).as("the number was given again").isFalse();
    assertThat(dismissed.contains(6, 100)).isFalse();
  }

  @Test
  void whoseIdNobodyKnowsIsKnownByItsNumber() {
    dismissed.add(new MountNs(5, 0));
    assertThat(dismissed.contains(5, 100)).isTrue();
  }

  @Test
  void nothingIsNobodys() {
    assertThat(dismissed.contains(0, 0)).isFalse();
  }

  @Test
  void forgetsTheOldest() {
    for (int i = 1; i <= MORE_THAN_IT_KEEPS; i++) {
      dismissed.add(new MountNs(i, i));
    }
    assertThat(dismissed.contains(1, 1)).isFalse();
    assertThat(dismissed.contains(MORE_THAN_IT_KEEPS, MORE_THAN_IT_KEEPS)).isTrue();
  }
}
