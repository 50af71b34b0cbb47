// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.trace.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.LossReport;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ControlLineTest {
  private static final List<ControlLine> LINES =
      List.of(
          new ControlLine.Start(1, "19a-1"),
          new ControlLine.Loss(12, new LossReport(LossReport.Stage.KERNEL_RING, "open", 3, 17), 0),
          new ControlLine.Loss(99, new LossReport(LossReport.Stage.CLIENT, "stream", 40, 40), 2),
          new ControlLine.Warning(7, "a \"word\"\n\u001b[31m\u007f\u009b é \u202e"),
          new ControlLine.Source(8, "calls \"x\""),
          new ControlLine.End(1_000, ControlLine.Cause.STOPPED, "", 0),
          new ControlLine.End(5, ControlLine.Cause.FAILED, "reading x: EIO", 4),
          new ControlLine.End(5, ControlLine.Cause.TIMED_OUT, "", Long.MAX_VALUE));

  @Test
  void aLineIsReadAsItIsWritten() {
    for (ControlLine line : LINES) {
      assertThat(ControlLine.parse(line.json())).contains(line);
      assertThat(ControlLine.parse(line.json() + "\r\n")).contains(line);
    }
  }

  @Test
  void linesAreWhatTheDocumentationSays() {
    assertThat(LINES.get(0).json()).isEqualTo("{\"type\":\"start\",\"seq\":1,\"run\":\"19a-1\"}");
    assertThat(LINES.get(1).json())
        .isEqualTo(
            "{\"type\":\"loss\",\"seq\":12,\"count\":3,\"source\":\"open\","
                + "\"stage\":\"kernel-ring\",\"total\":17}");
    assertThat(LINES.get(2).json())
        .isEqualTo(
            "{\"type\":\"loss\",\"seq\":99,\"count\":40,\"messages\":2,\"source\":\"stream\","
                + "\"stage\":\"client\",\"total\":40}");
    assertThat(LINES.get(6).json())
        .isEqualTo(
            "{\"type\":\"end\",\"seq\":5,\"cause\":\"failed\",\"lost\":4,"
                + "\"message\":\"reading x: EIO\"}");
  }

  @Test
  void nothingThatATerminalObeysIsWritten() {
    for (ControlLine line : LINES) {
      assertThat(line.json().chars()).allMatch(c -> c >= 0x20 && c < 0x7f);
    }
  }

  @Test
  void eventsAreNoControlLines() {
    for (String event :
        List.of(
            "{}",
            "[]",
            "{\"type\":\"loss\"}",
            "{\"type\":\"end\",\"uid\":0}",
            "{\"seq\":1,\"type\":\"end\"}",
            "{\"type\":\"loss\",\"seq\":\"1\"}",
            "{\"type\":\"loss\",\"seq\":{\"a\":1},\"x\":2}",
            "{\"type\":\"loss\",\"seq\":1",
            "{\"type\":\"loss\",\"seq\":99999999999999999999}",
            "")) {
      assertThat(ControlLine.parse(event)).as(event).isEmpty();
    }
  }

  @Test
  void aTypeOfALaterVersionIsKnownAsSuch() {
    assertThat(ControlLine.parse("{\"type\":\"pause\",\"seq\":8,\"why\":{\"a\":[1]}}"))
        .contains(new ControlLine.Unknown(8, "pause"));
    assertThat(ControlLine.parse("{\"type\":\"loss\",\"seq\":8,\"stage\":\"moon\"}"))
        .contains(new ControlLine.Unknown(8, "loss"));
  }

  @Test
  void brokenLinesAreNoControlLinesAndDoNotThrow() {
    Random random = new Random(11);
    for (int i = 0; i < 50_000; i++) {
      String whole = LINES.get(random.nextInt(LINES.size())).json();
      StringBuilder broken = new StringBuilder(whole);
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        int at = random.nextInt(broken.length());
        switch (random.nextInt(3)) {
          case 0 -> broken.setCharAt(at, (char) random.nextInt(0x180));
          case 1 -> broken.deleteCharAt(at);
          default -> broken.setLength(Math.max(4, at));
        }
      }
      ControlLine.parse(broken.toString())
          .ifPresent(line -> assertThat(ControlLine.parse(line.json())).isPresent());
    }
  }

  @Test
  void everyCauseOfAnEndHasItsWord() {
    assertThat(ControlLine.Cause.of(new EndCause.Stopped()).word()).isEqualTo("stopped");
    assertThat(ControlLine.Cause.of(new EndCause.TimedOut()).word()).isEqualTo("timed-out");
    assertThat(ControlLine.Cause.of(new EndCause.Completed()).word()).isEqualTo("completed");
    assertThat(ControlLine.Cause.of(new EndCause.Failed(new IllegalStateException())).word())
        .isEqualTo("failed");
  }
}
