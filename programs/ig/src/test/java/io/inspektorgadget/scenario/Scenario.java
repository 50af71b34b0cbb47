// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.scenario;

import io.inspektorgadget.model.event.LossReport;
import io.inspektorgadget.testing.KernelNeed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * One entry of a scenario.yaml.
 *
 * @param name a sentence that says what is proved
 * @param needs that without which it cannot run
 * @param everyKernel true: in guests this one stands for its gadget, not the first
 * @param command what is run, in a mount namespace of its own
 * @param outside true: in another mount namespace than the selected one
 * @param parameters the gadget's flags
 * @param expected each of these must match one record at least; values by field name
 * @param never none of these may match a record
 * @param none true: there must be no record at all
 * @param losable the stages at which records may be lost; else none may be
 */
record Scenario(
    String name,
    List<KernelNeed> needs,
    boolean everyKernel,
    List<String> command,
    boolean outside,
    Map<String, String> parameters,
    List<Map<String, String>> expected,
    List<Map<String, String>> never,
    boolean none,
    Set<LossReport.Stage> losable) {

  /** Reads a file. An entry that expects nothing and forbids nothing is refused. */
  static List<Scenario> read(Path file) throws IOException {
    Object document =
        new Load(LoadSettings.builder().setLabel(file.toString()).build())
            .loadFromString(Files.readString(file));
    List<Scenario> scenarios = new ArrayList<>();
    for (Object entry : list(map(document).get("scenarios"))) {
      Map<?, ?> values = map(entry);
      Scenario scenario =
          new Scenario(
              String.valueOf(values.get("name")),
              texts(values.get("needs")).stream().map(KernelNeed::new).toList(),
              Boolean.TRUE.equals(values.get("every-kernel")),
              texts(values.get("run")),
              Boolean.TRUE.equals(values.get("outside")),
              textMap(values.get("parameters")),
              records(values.get("expect")),
              records(values.get("never")),
              Boolean.TRUE.equals(values.get("none")),
              texts(values.get("losable")).stream()
                  .map(LossReport.Stage::valueOf)
                  .collect(Collectors.toSet()));
      if (scenario.expected.isEmpty() && scenario.never.isEmpty() && !scenario.none) {
        throw new IllegalArgumentException(file + ": \"" + scenario.name + "\" proves nothing");
      }
      scenarios.add(scenario);
    }
    return scenarios;
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  private static List<String> texts(@Nullable Object value) {
    return list(value).stream().map(String::valueOf).toList();
  }

  private static Map<String, String> textMap(@Nullable Object value) {
    Map<String, String> texts = new LinkedHashMap<>();
    map(value).forEach((key, text) -> texts.put(String.valueOf(key), text(text)));
    return texts;
  }

  private static String text(@Nullable Object value) {
    return value instanceof List<?> list
        ? String.join(" ", list.stream().map(String::valueOf).toList())
        : String.valueOf(value);
  }

  private static List<Map<String, String>> records(@Nullable Object value) {
    List<Map<String, String>> records = new ArrayList<>();
    for (Object entry : list(value)) {
      records.add(textMap(entry));
    }
    return records;
  }
}
