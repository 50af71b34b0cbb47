// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.flag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.model.container.ValueList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelSelectorTest {
  private static ValueList values(List<String> included, List<String> excluded) {
    return new ValueList(included, excluded);
  }

  @Test
  void readsEquality() {
    assertThat(LabelSelector.parse("app=web,tier!=db, env == prod"))
        .isEqualTo(
            Map.of(
                "app", values(List.of("web"), List.of()),
                "tier", values(List.of(), List.of("db")),
                "env", values(List.of("prod"), List.of())));
  }

  @Test
  void readsSets() {
    assertThat(LabelSelector.parse("env in (prod, test),tier notin (db,cache),app=web"))
        .isEqualTo(
            Map.of(
                "env", values(List.of("prod", "test"), List.of()),
                "tier", values(List.of(), List.of("db", "cache")),
                "app", values(List.of("web"), List.of())));
  }

  @Test
  void readsExistence() {
    assertThat(LabelSelector.parse("app.kubernetes.io/name,!batch"))
        .isEqualTo(
            Map.of(
                "app.kubernetes.io/name", values(List.of("*"), List.of()),
                "batch", values(List.of(), List.of("*"))));
  }

  @Test
  void takesAKeyMoreThanOnce() {
    assertThat(LabelSelector.parse("app=a,app=b,app!=c"))
        .isEqualTo(Map.of("app", values(List.of("a", "b"), List.of("c"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "=web", "app=", "app in prod", "app in (a,)", "a b", "app=(x", ",a"})
  void refusesWhatIsNoDemand(String text) {
    assertThatThrownBy(() -> LabelSelector.parse(text))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("reading --selector: \"")
        .hasMessageContaining("write app=web");
  }
}
