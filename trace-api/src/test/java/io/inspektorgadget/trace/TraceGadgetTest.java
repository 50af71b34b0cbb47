// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.PodInfo;
import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.GadgetSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the spec of a Trace means to a gadget, and the words of what it cannot mean. */
final class TraceGadgetTest {
  private static final Catalog CATALOG = Traces.catalog();

  @ParameterizedTest
  @CsvSource({
    "execsnoop, STREAM, ALWAYS",
    "trace_exec, STREAM, ALWAYS",
    "opensnoop, STREAM, ALWAYS",
    "sigsnoop, STREAM, ALWAYS",
    "biotop, STREAM, ALWAYS",
    "biolatency, STATUS, AT_STOP",
    "profile, STATUS, AT_STOP",
    "process-collector, STATUS, AT_ONCE",
    "snapshot_process, STREAM, AT_ONCE"
  })
  void everyGadgetIsFoundByItsNames(String name, TraceOutputMode mode, TraceGadget.Answer answer) {
    assertThat(TraceGadget.of(CATALOG, Traces.wish(name, RunMode.MANUAL, mode)).answer())
        .isEqualTo(answer);
  }

  @Test
  void everyGadgetOfTheCatalogCanBeATrace() {
    for (GadgetSpec spec : CATALOG.gadgets()) {
      TraceSpec wish = Traces.wish(spec.name(), RunMode.AUTO, TraceOutputMode.STREAM);
      assertThat(TraceGadget.of(CATALOG, wish).operations()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nosuch    | MANUAL | STREAM            | Unknown gadget \"nosuch\"",
        "''        | MANUAL | STREAM            | Unknown gadget \"\"",
        "execsnoop |        | STREAM            | Unsupported RunMode \"\" for gadget \"execsnoop\"",
        "execsnoop | AUTO   |                   | Unsupported OutputMode \"\" for gadget \"execsnoop\"",
        "execsnoop | AUTO   | STATUS            | Unsupported OutputMode \"Status\" for gadget"
            + " \"execsnoop\"",
        "biotop    | MANUAL | FILE              | Unsupported OutputMode \"File\" for gadget"
            + " \"biotop\"",
        "profile   | MANUAL | EXTERNAL_RESOURCE | Unsupported OutputMode \"ExternalResource\" for"
            + " gadget \"profile\""
      })
  void whatCannotBePerformedIsSaidInTheSeedsWords(
      String name, RunMode runMode, TraceOutputMode mode, String message) {
    assertThatThrownBy(() -> TraceGadget.of(CATALOG, Traces.wish(name, runMode, mode)))
        .isInstanceOf(TraceException.class)
        .hasMessage(message);
  }

  @Test
  void aGadgetOfTheWholeMachineTakesNoFilter() {
    TraceFilter filter = new TraceFilter("default", null, null, null);
    assertThatThrownBy(() ->
            TraceGadget.of(
                CATALOG, Traces.withFilter("biolatency", TraceOutputMode.STATUS, filter)))
        .hasMessage("Invalid filter: Filtering is not supported");
    TraceGadget.of(
        CATALOG, Traces.withFilter("biolatency", TraceOutputMode.STATUS, TraceFilter.ALL));
  }

  @Test
  void theFilterChoosesContainersByPodAndLabel() {
    ContainerSelector selector =
        selector(new TraceFilter("default,demo", "web", Map.of("app", "shop"), "nginx"));
    assertThat(selector.host()).isFalse();
    assertThat(selector.namespaces().included()).containsExactly("default", "demo");
    assertThat(selector.podNames().included()).containsExactly("web");
    assertThat(selector.names().included()).containsExactly("nginx");
    assertThat(selector.labels()).containsOnlyKeys("app");
    assertThat(selector.labels().get("app")).isNotNull();
    assertThat(selector(TraceFilter.ALL)).isEqualTo(ContainerSelector.ALL_CONTAINERS);
    assertThatThrownBy(() -> selector(new TraceFilter("a,,b", "", Map.of(), "")))
        .isInstanceOf(TraceException.class)
        .hasMessageStartingWith("Invalid filter: ")
        .hasMessageContaining("a,,b");
  }

  private static ContainerSelector selector(TraceFilter filter) {
    TraceSpec wish = Traces.withFilter("execsnoop", TraceOutputMode.STREAM, filter);
    return TraceGadget.of(CATALOG, wish).run(wish).request().selector();
  }

  @Test
  void onlyContainersThatMatchAreMeant() {
    ContainerSelector selector =
        selector(new TraceFilter("default", "", Map.of("app", "shop"), ""));
    assertThat(selector.matches(container("default", Map.of("app", "shop", "x", "y")))).isTrue();
    assertThat(selector.matches(container("demo", Map.of("app", "shop")))).isFalse();
    assertThat(selector.matches(container("default", Map.of("app", "other")))).isFalse();
    assertThat(selector.matches(container("default", Map.of()))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          shop          | shop, cart         | true  | false
          shop,cart     | shop, cart         | true  | true
          !shop         | shop, cart, ABSENT | false | true
          !shop,!cart   | cart, ABSENT       | false | true
          *             | cart, ABSENT       | true  | false
          !*            | cart, ABSENT       | false | true
          sh*,!shop     | shop, shed         | false | true
          """)
  void aLabelMayBeAListAnExclusionOrAbsent(
      String demand, String values, boolean first, boolean last) {
    ContainerSelector selector = selector(new TraceFilter("", "", Map.of("app", demand), ""));
    List<Boolean> matches = new ArrayList<>();
    for (String value : values.split(",", -1)) {
      String label = value.strip();
      matches.add(
          selector.matches(
              container("n", label.equals("ABSENT") ? Map.of() : Map.of("app", label))));
    }
    assertThat(matches.getFirst()).as("first of " + values).isEqualTo(first);
    assertThat(matches.getLast()).as("last of " + values).isEqualTo(last);
  }

  @Test
  void anEmptyLabelIsAskedForByAnEmptyText() {
    ContainerSelector selector = selector(new TraceFilter("", "", Map.of("app", ""), ""));
    assertThat(selector.matches(container("n", Map.of("app", "")))).isTrue();
    assertThat(selector.matches(container("n", Map.of("app", "shop")))).isFalse();
    assertThat(selector.matches(container("n", Map.of()))).isFalse();
  }

  @Test
  void aLabelsListWithoutAnElementIsRefused() {
    assertThatThrownBy(() -> selector(new TraceFilter("", "", Map.of("app", "a,"), "")))
        .isInstanceOf(TraceException.class)
        .hasMessageStartingWith("Invalid filter: ");
  }

  private static ContainerInfo container(String namespace, Map<String, String> labels) {
    return new ContainerInfo(
        new ContainerInfo.RuntimeInfo("containerd", "0123456789ab", "c", "", "", 0),
        1,
        new ContainerInfo.MountNs(1, 0),
        1,
        new ContainerInfo.Cgroup(1, ""),
        "",
        new PodInfo(namespace, "p", "", "c", labels, "", ""),
        Map.of());
  }
}
