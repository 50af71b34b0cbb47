// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.columns.json.JsonEventReader;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.EventView;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.model.schema.EventSchema;
import io.inspektorgadget.model.schema.FieldOrigin;
import io.inspektorgadget.model.schema.FieldSpec;
import io.inspektorgadget.model.schema.FieldType;
import io.inspektorgadget.trace.stream.ControlLine;
import io.inspektorgadget.trace.stream.StreamedSource;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a run with several data sources becomes in a log. */
final class LogSinkTest {
  private static final DataSource CALLS = source("calls", DataSource.Kind.STREAM);
  private static final DataSource TOTALS = source("totals", DataSource.Kind.INTERVAL);

  private final LineLog log = new LineLog("r", LineLog.Limits.USUAL);

  /** A source with a number, and one that its JSON does not have. */
  private static DataSource source(String name, DataSource.Kind kind) {
    return new DataSource(
        name,
        kind,
        new EventSchema(
            List.of(number(0, "n", Map.of()), number(1, "secret", Map.of("json.skip", "true")))),
        Map.of());
  }

  private static FieldSpec number(int index, String name, Map<String, String> annotations) {
    return new FieldSpec(
        index, name, FieldType.UINT32, "", new FieldOrigin.Computed("none", -1, ""), annotations);
  }

  private static EventView event(DataSource source, int n) {
    byte[] json = ("{\"n\":" + n + ",\"secret\":7}").getBytes(StandardCharsets.US_ASCII);
    return new JsonEventReader(StreamedSource.of(source), Map.of()).event(json, 0, json.length);
  }

  private List<String> read(long fromSeq) {
    List<String> lines = new ArrayList<>();
    try (LogReader reader = log.reader(fromSeq, () -> {})) {
      for (ByteBuffer bytes = reader.next(); bytes != null; bytes = reader.next()) {
        StandardCharsets.US_ASCII.decode(bytes).toString().lines().forEach(lines::add);
      }
    }
    return lines;
  }

  private static String source(long seq, String name) {
    return new ControlLine.Source(seq, name).json();
  }

  private static String end(long seq) {
    return new ControlLine.End(seq, ControlLine.Cause.COMPLETED, "", 0).json();
  }

  @Test
  void eachLineOfSeveralSourcesIsOfTheOneNamedLast() {
    LogSink sink = new LogSink(List.of(CALLS, TOTALS), log);
    sink.opened(CALLS);
    sink.opened(TOTALS);
    sink.event(event(CALLS, 1));
    sink.event(event(CALLS, 2));
    sink.event(event(TOTALS, 3));
    sink.event(event(TOTALS, 4));
    sink.batchEnd(TOTALS);
    sink.event(event(CALLS, 5));
    sink.batchEnd(CALLS);
    sink.ended(new EndCause.Completed());
    assertThat(read(1))
        .containsExactly(
            new ControlLine.Start(1, "r").json(),
            source(1, "calls"),
            "{\"n\":1,\"secret\":7}",
            "{\"n\":2,\"secret\":7}",
            source(3, "totals"),
            "[{\"n\":3,\"secret\":7},{\"n\":4,\"secret\":7}]",
            source(4, "calls"),
            "{\"n\":5,\"secret\":7}",
            end(5));
    assertThat(read(2))
        .as("told to a late reader, too")
        .startsWith(
            new ControlLine.Start(2, "r").json(), source(2, "calls"), "{\"n\":2,\"secret\":7}");
  }

  @Test
  void aSourceThatIsAloneIsNotNamed() {
    LogSink sink = new LogSink(List.of(CALLS), log);
    sink.opened(CALLS);
    sink.event(event(CALLS, 1));
    sink.ended(new EndCause.Completed());
    assertThat(read(1))
        .containsExactly(new ControlLine.Start(1, "r").json(), "{\"n\":1,\"secret\":7}", end(2));
  }
}
