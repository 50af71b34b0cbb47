// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.ig.IgProgram.Ending;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Every gadget of the catalog in every mode that programs read. JSON is YAML as well, so one
 * foreign reader reads all of it.
 */
@Tag("cli")
@Timeout(120)
class OutputModesProgramTest {
  private List<Process> busy = List.of();

  @BeforeEach
  void startSomethingToSee() throws IOException {
    String loop = "while :; do /bin/true </dev/null; sleep 0.01; done";
    busy = List.of(new ProcessBuilder("nice", "sh", "-c", loop).start());
  }

  @AfterEach
  void endIt() {
    busy.forEach(Process::destroyForcibly);
  }

  static Stream<String> gadgets() throws Exception {
    return IgProgram.ig("list-gadgets", "-o", "names").out().lines();
  }

  private static String out(String gadget, String mode) throws Exception {
    Ending end =
        IgProgram.ig("run", gadget, "--host", "-t", "900ms", "--interval", "300ms", "-o", mode);
    assertThat(end.status()).as(end.err()).isZero();
    return end.out();
  }

  private static List<Object> documents(String text) {
    List<Object> documents = new ArrayList<>();
    new Load(LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build())
        .loadAllFromString(text)
        .forEach(documents::add);
    return documents;
  }

  /** Streams are one object an event, everything else one array an interval. */
  private static void check(String gadget, List<Object> documents) {
    assertThat(documents).isNotEmpty();
    for (Object document : documents) {
      boolean isStream = gadget.startsWith("trace_");
      assertThat(document).isInstanceOf(isStream ? Map.class : List.class);
      List<?> events = document instanceof List<?> list ? list : List.of(document);
      events.forEach(OutputModesProgramTest::checkKeys);
    }
  }

  private static void checkKeys(Object value) {
    if (value instanceof Map<?, ?> map) {
      assertThat(map).isNotEmpty();
      assertThat(map.keySet().stream().map(String::valueOf).toList()).isSorted();
      map.values().forEach(OutputModesProgramTest::checkKeys);
    }
  }

  @ParameterizedTest
  @MethodSource("gadgets")
  void programsCanReadIt(String gadget) throws Exception {
    List<Object> lines = new ArrayList<>();
    for (String line : out(gadget, "json").lines().toList()) {
      lines.addAll(documents(line));
    }
    check(gadget, lines);
    List<Object> pretty = new ArrayList<>();
    // Everything but the begin and the end of a document is indented.
    Arrays.stream(out(gadget, "jsonpretty").split("(?m)^(?=[\\[{])", -1))
        .filter(document -> !document.isBlank())
        .forEach(document -> pretty.addAll(documents(document)));
    check(gadget, pretty);
    check(gadget, documents(out(gadget, "yaml")));
  }
}
