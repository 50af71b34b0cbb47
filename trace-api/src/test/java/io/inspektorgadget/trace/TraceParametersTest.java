// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.model.gadget.Catalog;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parameters of the seed's Traces in the words of this catalog. */
final class TraceParametersTest {
  private static final Catalog CATALOG = Traces.catalog();

  private static TraceRun run(String gadget, TraceOutputMode mode, Map<String, String> given) {
    TraceSpec wish = Traces.withParameters(gadget, mode, given);
    return TraceGadget.of(CATALOG, wish).run(wish);
  }

  @Test
  void ownKeysAreTakenWithDashOrUnderscore() {
    TraceRun run =
        run(
            "sigsnoop",
            TraceOutputMode.STREAM,
            Map.of("signal", "SIGTERM", "pid", "12", "failed", "true", "kill_only", "true"));
    assertThat(run.request().parameters())
        .isEqualTo(Map.of("signal", "SIGTERM", "pid", "12", "failed", "true", "kill-only", "true"));
    assertThat(run.warnings()).isEmpty();
  }

  @Test
  void zeroAndNothingMeanTheDefaultAsInOldManifests() {
    TraceRun run =
        run("sigsnoop", TraceOutputMode.STREAM, Map.of("pid", "0", "failed", "", "signal", "0"));
    assertThat(run.request().parameters()).isEqualTo(Map.of("signal", "0"));
  }

  @Test
  void annotationsTranslateNamesAndPresence() {
    assertThat(
            run("process-collector", TraceOutputMode.STATUS, Map.of("show-threads", "true"))
                .request()
                .parameters())
        .isEqualTo(Map.of("threads", "true"));
    assertThat(run("profile", TraceOutputMode.STATUS, Map.of("user", "")).request().parameters())
        .isEqualTo(Map.of("user-stacks-only", "true"));
  }

  @Test
  void tablesHaveAnIntervalRowsAndAnOrder() {
    Map<String, String> given = new LinkedHashMap<>();
    given.put("interval", "2");
    given.put("max_rows", "50");
    given.put("sort_by", "-ops,-bytes,-time");
    TraceRun run = run("biotop", TraceOutputMode.STREAM, given);
    assertThat(run.request().limits().intervalMs()).isEqualTo(2_000);
    assertThat(run.rowsMax()).isEqualTo(50);
    assertThat(run.sort()).isEqualTo("-io,-bytes,-us");
    assertThat(run.request().parameters()).isEmpty();
  }

  @Test
  void whatNobodyKnowsHasNoEffectAndIsSaid() {
    TraceRun run = run("execsnoop", TraceOutputMode.STREAM, Map.of("path", "x", "interval", "1"));
    assertThat(run.request().parameters()).isEmpty();
    assertThat(run.warnings())
        .containsExactlyInAnyOrder(
            "parameter \"path\" has no effect: gadget \"execsnoop\" does not have it"
                + "; did you mean paths?",
            "parameter \"interval\" has no effect: gadget \"execsnoop\" does not have it");
  }

  @ParameterizedTest
  @CsvSource({"interval,0", "interval,x", "interval,-1", "max_rows,1.5", "max_rows,99999999999"})
  void numbersAreChecked(String name, String value) {
    assertThatThrownBy(() -> run("biotop", TraceOutputMode.STREAM, Map.of(name, value)))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("\"" + name + "\"")
        .hasMessageContaining("\"" + value + "\"");
  }

  @ParameterizedTest
  @CsvSource({"500ms,500", "3s,3000", "1,1000"})
  void anIntervalIsInSecondsUnlessItSaysOtherwise(String text, long expectedMs) {
    assertThat(
            run("biotop", TraceOutputMode.STREAM, Map.of("interval", text))
                .request()
                .limits()
                .intervalMs())
        .isEqualTo(expectedMs);
  }
}
