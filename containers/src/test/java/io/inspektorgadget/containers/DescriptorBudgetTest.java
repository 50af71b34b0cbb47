// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DescriptorBudgetTest {
  private final List<String> warnings = new ArrayList<>();
  private long limit = 1_024;
  private final DescriptorBudget budget = new DescriptorBudget(() -> limit, warnings::add);

  @Test
  void leavesFilesForEverythingElse() {
    assertThat(budget.most()).isEqualTo(768);
    limit = 100;
    assertThat(budget.most()).isEqualTo(50);
    limit = Long.MAX_VALUE;
    assertThat(budget.hasRoom(1_000_000)).isTrue();
  }

  @Test
  void saysOnceWhatItsLimitIsWhenItIsReached() {
    assertThat(budget.takes("web", 766)).isTrue();
    assertThat(warnings).isEmpty();
    assertThat(budget.takes("shop", 768)).isFalse();
    assertThat(budget.takes("shop2", 768)).isFalse();
    assertThat(budget.hasRoom(768)).isFalse();
    assertThat(warnings)
        .singleElement()
        .asString()
        .startsWith(
            "watching container shop: of the 1024 files that this process may have open, those of"
                + " containers are 768 (raise the limit, by ulimit -n")
        .contains("within a second");
  }

  @Test
  void saysItAgainOnlyWhenThereWasRoomForManyMeanwhile() {
    assertThat(budget.takes("shop", 768)).isFalse();
    assertThat(budget.takes("web", 760)).isTrue();
    assertThat(budget.takes("shop2", 768)).isFalse();
    assertThat(warnings).hasSize(1);
    assertThat(budget.takes("web", 100)).isTrue();
    assertThat(budget.takes("shop3", 768)).isFalse();
    assertThat(warnings).hasSize(2);
  }

  @Test
  void followsALimitThatIsChanged() {
    assertThat(budget.takes("web", 700)).isTrue();
    limit = 512;
    assertThat(budget.takes("web", 700)).isFalse();
    assertThat(warnings).singleElement().asString().contains("of the 512 files");
  }
}
