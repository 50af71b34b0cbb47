// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.model.event.LossReport;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a scenario wants to see of its subject.
 *
 * @param bystander pid of a process that is selected although it is not the subject, and that a
 *     snapshot rightly shows; 0 if there is none
 */
record Expectation(Scenario scenario, Subject subject, long bystander) {
  private static final String PID_PLACE = "${RUN_PID}";

  /** Text with the subject's pid in its place. */
  static String place(String text, Subject subject) {
    return text.replace(PID_PLACE, Long.toString(subject.pid()));
  }

  /** True if every expected record is there; says nothing about forbidden ones. */
  boolean isComplete(RecordedEvents recorded) {
    List<Map<String, String>> events = others(recorded);
    return scenario.expected().stream()
        .allMatch(expected -> events.stream().anyMatch(event -> matches(event, expected)));
  }

  /** Asserts all of it, and that nothing was lost but what may be. */
  void check(RecordedEvents recorded) {
    assertThat(recorded.losses())
        .as("losses")
        .allMatch(loss -> scenario.losable().contains(loss.stage()));
    if (!recorded.losses().isEmpty()) {
      assertThat(recorded.losses().stream().mapToLong(LossReport::count).sum())
          .as("what was lost, of which there must be less than of records")
          .isLessThan(recorded.events().size());
    }
    List<Map<String, String>> events = others(recorded);
    if (scenario.none()) {
      assertThat(events).as("records, of which there must be none").isEmpty();
    }
    for (Map<String, String> expected : scenario.expected()) {
      assertThat(events)
          .as("a record with %s", expected)
          .anyMatch(event -> matches(event, expected));
    }
    for (Map<String, String> forbidden : scenario.never()) {
      assertThat(events)
          .as("no record with %s", forbidden)
          .noneMatch(event -> matches(event, forbidden));
    }
  }

  private List<Map<String, String>> others(RecordedEvents recorded) {
    String pid = Long.toString(bystander);
    return recorded.events().stream()
        .filter(event -> !pid.equals(event.get("pid")) && !pid.equals(event.get("proc.pid")))
        .toList();
  }

  private boolean matches(Map<String, String> event, Map<String, String> wanted) {
    return wanted.entrySet().stream()
        .allMatch(entry -> {
          String actual = event.get(entry.getKey());
          String value = place(entry.getValue(), subject);
          return actual != null
              && (value.startsWith("~")
                  ? Pattern.compile(value.substring(1)).matcher(actual).find()
                  : actual.equals(value));
        });
  }
}
