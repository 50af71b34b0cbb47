// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.LossReport;
import io.inspektorgadget.testing.TimeLimit;
import io.inspektorgadget.trace.stream.ControlLine;
import io.inspektorgadget.trace.stream.StreamPosition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class LineLogTest {
  private static final long NEVER_FORGOTTEN_MS = 3_600_000;
  private static final LineLog.Limits LIMITS = new LineLog.Limits(100, 4_096, 0);
  private final LineLog log = new LineLog("r", LIMITS);
  private long written;

  /** Appends one chunk; a line is its own number, filled up to 20 bytes. */
  private void append(int lines) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines; i++) {
      text.append(line(++written)).append('\n');
    }
    byte[] bytes = ("??" + text + "??").getBytes(StandardCharsets.US_ASCII);
    log.append(bytes, 2, bytes.length - 4);
  }

  private static String line(long seq) {
    return String.format("{\"n\":%013d}", seq);
  }

  /** What a reader has read, checked against the numbers that it was told. */
  private static final class Reading implements AutoCloseable {
    final LogReader reader;
    final StreamPosition position = new StreamPosition();
    final List<ControlLine> control = new ArrayList<>();
    final AtomicInteger wakes = new AtomicInteger();
    long lines;

    Reading(LineLog log, long fromSeq) {
      reader = log.reader(fromSeq, wakes::incrementAndGet);
    }

    /** Takes one piece; false if there was none. */
    boolean step() {
      ByteBuffer bytes = reader.next();
      if (bytes == null) {
        return false;
      }
      String text = StandardCharsets.US_ASCII.decode(bytes).toString();
      assertThat(text).endsWith("\n");
      text.lines().forEach(this::accept);
      return true;
    }

    private void accept(String text) {
      Optional<ControlLine> parsed = ControlLine.parse(text);
      if (parsed.isPresent()) {
        control.add(parsed.get());
        position.control(parsed.get());
        assertThat(position.nextSeq()).isEqualTo(parsed.get().seq());
      } else {
        assertThat(text).isEqualTo(line(position.nextSeq()));
        position.line();
        lines++;
      }
    }

    Reading all() {
      while (step()) {
        assertThat(lines).isLessThan(1_000_000);
      }
      return this;
    }

    @Override
    public void close() {
      reader.close();
    }
  }

  private Reading reading(long fromSeq) {
    return new Reading(log, fromSeq);
  }

  /** Of 2,000 bytes at most, 10 lines of which are for everybody. */
  private static LineLog recalling(long recallMs) {
    return new LineLog("r", new LineLog.Limits(10, 2_000, recallMs));
  }

  private static void append(LineLog log, int lines) {
    byte[] bytes = "{\"n\":1}\n".getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < lines; i++) {
      log.append(bytes, 0, bytes.length);
    }
  }

  private static ControlLine first(LineLog log, long fromSeq) {
    try (LogReader reader = log.reader(fromSeq, () -> {})) {
      ByteBuffer start = reader.next();
      ByteBuffer next = reader.next();
      assertThat(start).isNotNull();
      assertThat(next).isNotNull();
      String text = StandardCharsets.US_ASCII.decode(next).toString();
      return ControlLine.parse(text)
          .orElseGet(() ->
              ControlLine.parse(StandardCharsets.US_ASCII.decode(start).toString()).orElseThrow());
    }
  }

  @Test
  void aReaderThatIsOnItsWayLosesNothing() {
    LineLog unread = recalling(NEVER_FORGOTTEN_MS);
    append(unread, 200);
    assertThat(first(unread, 1)).isEqualTo(new ControlLine.Start(1, "r"));
    assertThat(first(unread, 0)).isEqualTo(new ControlLine.Start(191, "r"));
    // Nor does it if it was there, and its connection has broken off.
    append(unread, 20);
    assertThat(first(unread, 201)).isEqualTo(new ControlLine.Start(201, "r"));
  }

  @Test
  void whatIsKeptForReadersThatAreNotThereHasALimit() {
    LineLog unread = recalling(NEVER_FORGOTTEN_MS);
    append(unread, 1_000);
    assertThat(unread.sizeBytes()).isLessThanOrEqualTo(2_000);
    assertThat(first(unread, 1)).isInstanceOf(ControlLine.Loss.class);
  }

  @Test
  void nothingIsKeptLongForReadersThatDoNotCome() {
    LineLog unread = recalling(1);
    append(unread, 200);
    TimeLimit.usual()
        .await(
            "the early lines are forgotten",
            () -> {
              append(unread, 1);
              return unread.sizeBytes() <= 10 * 8;
            });
  }

  @Test
  void aReaderFromTheBeginningGetsEverything() {
    try (Reading reading = reading(0)) {
      append(1);
      append(3);
      reading.all();
      append(2);
      reading.all();
      assertThat(reading.lines).isEqualTo(6);
      assertThat(reading.control).containsExactly(new ControlLine.Start(1, "r"));
    }
  }

  @Test
  void aLateReaderGetsTheLastHundredLines() {
    for (int i = 0; i < 70; i++) {
      append(1 + i % 7);
    }
    try (Reading reading = reading(0).all()) {
      assertThat(reading.lines).isEqualTo(100);
      assertThat(reading.control).containsExactly(new ControlLine.Start(written - 99, "r"));
      assertThat(reading.position.nextSeq()).isEqualTo(written + 1);
    }
  }

  @Test
  void theBacklogOfOneLargeChunkIsItsEnd() {
    append(150);
    try (Reading reading = reading(0).all()) {
      assertThat(reading.lines).isEqualTo(100);
    }
    assertThat(log.lastLine()).isEqualTo(line(150));
  }

  @Test
  void aReaderGoesOnAtTheLineThatItAsksFor() {
    for (int i = 0; i < 30; i++) {
      append(4);
    }
    for (long from = 21; from <= 121; from++) {
      try (Reading reading = reading(from).all()) {
        assertThat(reading.control).containsExactly(new ControlLine.Start(from, "r"));
        assertThat(reading.lines).isEqualTo(121 - from);
      }
    }
  }

  @Test
  void whatIsGoneIsSaidToAReaderThatAsksForIt() {
    for (int i = 0; i < 300; i++) {
      append(1);
    }
    try (Reading reading = reading(50).all()) {
      assertThat(reading.position.missed()).isEqualTo(151);
      assertThat(reading.lines).isEqualTo(100);
      assertThat(reading.control)
          .containsExactly(
              new ControlLine.Start(50, "r"),
              new ControlLine.Loss(
                  201, new LossReport(LossReport.Stage.CLIENT, "stream", 151, 151), 0));
    }
  }

  @Test
  void aNumberOfAnotherRunGivesTheBacklog() {
    append(5);
    try (Reading reading = reading(7).all()) {
      assertThat(reading.lines).isEqualTo(5);
      assertThat(reading.control).containsExactly(new ControlLine.Start(1, "r"));
    }
    try (Reading reading = reading(6).all()) {
      assertThat(reading.lines).isZero();
      append(1);
      assertThat(reading.all().lines).isEqualTo(1);
    }
  }

  @Test
  void aSlowReaderLosesCountedLinesAndHoldsNothing() {
    try (Reading slow = reading(0);
        Reading fast = reading(0)) {
      slow.step();
      for (int i = 0; i < 2_000; i++) {
        append(10);
        fast.all();
        assertThat(log.sizeBytes()).isLessThanOrEqualTo(LIMITS.sizeMaxBytes());
      }
      assertThat(fast.lines).isEqualTo(20_000);
      assertThat(fast.position.missed()).isZero();
      slow.all();
      assertThat(slow.position.missed()).isPositive();
      assertThat(slow.lines + slow.position.missed()).isEqualTo(20_000);
      assertThat(slow.control).hasSize(2);
      append(1);
      assertThat(slow.all().lines + slow.position.missed()).isEqualTo(20_001);
    }
  }

  @Test
  void controlLinesStandWhereTheyHappenedAndMissingOnesAreCounted() {
    try (Reading slow = reading(0);
        Reading fast = reading(0)) {
      append(2);
      log.loss(new LossReport(LossReport.Stage.KERNEL_RING, "open", 7, 7));
      append(1);
      log.warning("careful");
      fast.all();
      assertThat(fast.control)
          .containsExactly(
              new ControlLine.Start(1, "r"),
              new ControlLine.Loss(
                  3, new LossReport(LossReport.Stage.KERNEL_RING, "open", 7, 7), 0),
              new ControlLine.Warning(4, "careful"));
      for (int i = 0; i < 100; i++) {
        append(10);
      }
      slow.all();
      assertThat(slow.control).hasSize(2);
      assertThat(slow.control.get(1))
          .isInstanceOfSatisfying(
              ControlLine.Loss.class, loss -> assertThat(loss.messages()).isEqualTo(2));
      assertThat(slow.lines + slow.position.missed()).isEqualTo(written);
    }
    assertThat(log.lost()).isEqualTo(7);
  }

  @Test
  void theEndComesAfterEverythingAndAlsoForThoseWhoComeLater() {
    try (Reading early = reading(0).all()) {
      append(3);
      log.loss(new LossReport(LossReport.Stage.AGENT, "open", 2, 2));
      log.end(new EndCause.Failed(new IllegalStateException("reading x: EIO")));
      log.end(new EndCause.Stopped());
      log.append("late\n".getBytes(StandardCharsets.US_ASCII), 0, 5);
      log.warning("late");
      ControlLine.End end = new ControlLine.End(4, ControlLine.Cause.FAILED, "reading x: EIO", 2);
      assertThat(early.reader.isDone()).isFalse();
      assertThat(early.all().control).last().isEqualTo(end);
      assertThat(early.reader.isDone()).isTrue();
      assertThat(early.lines).isEqualTo(3);
      try (Reading late = reading(0).all()) {
        assertThat(late.control).last().isEqualTo(end);
        assertThat(late.lines).isEqualTo(3);
      }
    }
    assertThat(log.readers()).isZero();
  }

  @Test
  void aReaderIsWokenOnceWhenItHadTakenAll() {
    try (Reading reading = reading(0).all()) {
      assertThat(reading.wakes).hasValue(0);
      append(1);
      append(1);
      assertThat(reading.wakes).hasValue(1);
      reading.all();
      log.end(new EndCause.Completed());
      assertThat(reading.wakes).hasValue(2);
    }
    append(1);
  }

  @Test
  void withoutReadersOnlyTheBacklogIsKept() {
    for (int i = 0; i < 1_000; i++) {
      append(1);
    }
    assertThat(log.sizeBytes()).isEqualTo(100L * (line(1).length() + 1));
    try (Reading reading = reading(0)) {
      for (int i = 0; i < 80; i++) {
        append(1);
      }
      assertThat(log.sizeBytes()).isEqualTo(180L * (line(1).length() + 1));
      reading.all();
      assertThat(log.sizeBytes()).isEqualTo(100L * (line(1).length() + 1));
      assertThat(reading.lines).isEqualTo(180);
    }
  }

  @Test
  void aChunkLargerThanTheLimitIsStillRead() {
    append(1);
    append(1_000);
    assertThat(log.sizeBytes()).isEqualTo(1_000L * (line(1).length() + 1));
    try (Reading reading = reading(2).all()) {
      assertThat(reading.lines).isEqualTo(1_000);
    }
  }

  @Test
  void whateverReadersDoTheirNumbersAreRight() {
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      LineLogTest one = new LineLogTest();
      List<Reading> readings = new ArrayList<>();
      long lost = 0;
      for (int step = 0; step < 300; step++) {
        switch (random.nextInt(6)) {
          case 0, 1 -> one.append(1 + random.nextInt(random.nextBoolean() ? 3 : 60));
          case 2 -> {
            one.log.loss(new LossReport(LossReport.Stage.KERNEL_RING, "x", 1, ++lost));
          }
          case 3 -> readings.add(one.reading(random.nextInt((int) one.written + 2)));
          default -> {
            if (!readings.isEmpty()) {
              readings.get(random.nextInt(readings.size())).step();
            }
          }
        }
      }
      one.log.end(new EndCause.Stopped());
      for (Reading reading : readings) {
        reading.all();
        assertThat(reading.position.isEnded()).isTrue();
        assertThat(reading.position.nextSeq()).isEqualTo(one.written + 1);
        reading.close();
      }
      assertThat(one.log.lines()).isEqualTo(one.written);
      assertThat(one.log.readers()).isZero();
    }
  }
}
