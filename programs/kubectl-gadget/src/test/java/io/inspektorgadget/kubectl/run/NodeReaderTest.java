// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.columns.OutputMode;
import io.inspektorgadget.trace.Trace;
import io.inspektorgadget.trace.TraceState;
import io.inspektorgadget.trace.TraceStatus;
import io.inspektorgadget.trace.client.ClusterException;
import io.inspektorgadget.trace.stream.ControlLine;
import io.inspektorgadget.trace.stream.StreamRequest;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stream over connections that break. */
@Timeout(20)
final class NodeReaderTest {
  private final Deque<String> answers = new ArrayDeque<>();
  private final List<String> asked = new ArrayList<>();
  private final Printed printed = new Printed("trace_open", OutputMode.JSON);
  private final NodeState state = Printed.node("node1", "gadget-a");

  private NodeReader reader() {
    RunMerge merge = new RunMerge(printed.sources(), printed.sink);
    return new NodeReader(state, "trace_gadget_x", this::connect, merge.begin("node1"));
  }

  private StreamConnector.Connection connect(String pod, StreamRequest.Receive request) {
    asked.add(pod + " " + request.line());
    String answer = answers.removeFirst();
    if (answer.startsWith("refuse ")) {
      throw new ClusterException(answer.substring(7), null);
    }
    InputStream in = new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8));
    return new StreamConnector.Connection() {
      @Override
      public InputStream lines() {
        return in;
      }

      @Override
      public String complaint() {
        return answer.isEmpty() ? "no tracer trace_gadget_x" : "";
      }

      @Override
      public void close() {}
    };
  }

  private static String start(long seq, String run) {
    return new ControlLine.Start(seq, run).json() + "\n";
  }

  private static String end(long seq) {
    return end(seq, ControlLine.Cause.COMPLETED);
  }

  private static String end(long seq, ControlLine.Cause cause) {
    return new ControlLine.End(seq, cause, "", 0).json() + "\n";
  }

  private void becomes(TraceState traceState, String error) {
    Trace trace = new Trace();
    trace.setStatus(TraceStatus.of(traceState, "").withError(error));
    state.told(trace);
  }

  private List<Integer> descriptors() {
    return printed
        .text()
        .lines()
        .map(line -> Integer.valueOf(line.replaceAll("\\{\"fd\":(\\d+),.*", "$1")))
        .toList();
  }

  @Test
  void aStreamIsReadFromItsFirstLineToItsEnd() throws InterruptedException {
    becomes(TraceState.STARTED, "");
    answers.add(start(1, "a") + "{\"fd\":1}\n{\"fd\":2}\n" + end(3));
    NodeReader reader = reader();
    reader.run();
    assertThat(asked).containsExactly("gadget-a receive-stream trace_gadget_x from 1 wait 30");
    assertThat(descriptors()).containsExactly(1, 2);
    assertThat(printed.messages).isEmpty();
    assertThat(reader.end()).isNotNull();
  }

  @Test
  void aStreamIsAskedForBeforeItsTraceIsStarted() throws InterruptedException {
    answers.add(start(1, "a") + "{\"fd\":1}\n" + end(2));
    NodeReader reader = reader();
    assertThat(state.isUnheard()).isTrue();
    reader.run();
    assertThat(descriptors()).containsExactly(1);
    assertThat(state.isUnheard()).isFalse();
    assertThat(printed.messages).isEmpty();
  }

  @Test
  void oneThatCannotBeAskedForEarlyIsAskedForWhenItsTraceIsStarted() throws InterruptedException {
    answers.add("refuse unknown option -wait");
    answers.add(start(1, "a") + "{\"fd\":1}\n" + end(2));
    Thread.ofPlatform().start(() -> becomes(TraceState.STARTED, ""));
    reader().run();
    assertThat(asked).hasSize(2).endsWith("gadget-a receive-stream trace_gadget_x from 1");
    assertThat(descriptors()).containsExactly(1);
    assertThat(printed.messages).isEmpty();
  }

  @Test
  void aTracerThatDidNotComeInTimeIsAskedForAgain() throws InterruptedException {
    becomes(TraceState.STARTED, "");
    answers.add(
        new ControlLine.End(1, ControlLine.Cause.FAILED, "none within 30 s", 0).json() + "\n");
    answers.add(start(1, "a") + "{\"fd\":1}\n" + end(2));
    NodeReader reader = reader();
    reader.run();
    assertThat(descriptors()).containsExactly(1);
    assertThat(reader.end()).isNotNull();
    assertThat(printed.messages).isEmpty();
  }

  @Test
  void aTraceThatIsRefusedBeforeItsStreamBeginsIsTold() {
    becomes(TraceState.STOPPED, "Unknown gadget \"x\"");
    assertThat(state.isRefused()).isTrue();
    state.read();
    assertThat(state.isRefused()).isFalse();
  }

  @Test
  void aBrokenOneGoesOnWhereItWasAndSaysWhatWasMissed() throws InterruptedException {
    becomes(TraceState.STARTED, "");
    answers.add(start(1, "a") + "{\"fd\":1}\n{\"fd\":2}\n{\"fd\"");
    answers.add("refuse nobody answers");
    answers.add("");
    answers.add(start(6, "a") + "{\"fd\":6}\n" + end(7));
    reader().run();
    assertThat(asked).hasSize(4).endsWith("gadget-a receive-stream trace_gadget_x from 3");
    assertThat(descriptors()).containsExactly(1, 2, 6);
    assertThat(printed.messages)
        .containsExactly(
            "node1: the stream has broken off; taking it up again",
            "node1: 3 events were missed while the stream was broken off");
  }

  @Test
  void aRestartedPodIsReadFromTheBeginningOfItsNewRun() throws InterruptedException {
    becomes(TraceState.STARTED, "");
    answers.add(start(1, "a") + "{\"fd\":1}\n{\"fd\":2}\n");
    answers.add(start(3, "b") + "{\"fd\":9}\n");
    answers.add(start(1, "b") + "{\"fd\":7}\n{\"fd\":8}\n{\"fd\":9}\n" + end(4));
    reader().run();
    assertThat(asked).last().asString().endsWith(" from 1");
    assertThat(descriptors()).containsExactly(1, 2, 7, 8, 9);
    assertThat(printed.messages)
        .anyMatch(message -> message.contains("the gadget was started again"))
        .hasSize(2);
  }

  @Test
  void aPodThatEndsInOrderIsReplacedAndReadAgain() throws InterruptedException {
    becomes(TraceState.STARTED, "");
    answers.add(start(1, "a") + "{\"fd\":1}\n" + end(2, ControlLine.Cause.STOPPED));
    answers.add(start(1, "b") + "{\"fd\":2}\n" + end(2));
    reader().run();
    assertThat(descriptors()).containsExactly(1, 2);
    assertThat(printed.messages).hasSize(2);
  }

  @Test
  void aRunThatSomebodyElseStopsIsOver() throws InterruptedException {
    becomes(TraceState.STARTED, "");
    answers.add(start(1, "a") + "{\"fd\":1}\n" + end(2, ControlLine.Cause.STOPPED));
    NodeReader reader = reader();
    Thread.ofPlatform().start(() -> becomes(TraceState.STOPPED, ""));
    reader.run();
    assertThat(asked.size()).isLessThanOrEqualTo(1);
    assertThat(printed.messages).isEmpty();
    assertThat(state.failure()).isEmpty();
  }

  @Test
  void lossesAndWarningsOfTheNodeAreSaid() throws InterruptedException {
    becomes(TraceState.STARTED, "");
    answers.add(
        start(1, "a")
            + new ControlLine.Source(1, printed.sources().getFirst().name()).json()
            + "\n{\"type\":\"warning\",\"seq\":1,\"message\":\"so what\"}\n"
            + "{\"type\":\"loss\",\"seq\":41,\"count\":40,\"source\":\"stream\",\"stage\":\"client\""
            + ",\"total\":40}\n{\"fd\":41}\n"
            + end(42));
    reader().run();
    assertThat(printed.messages)
        .containsExactly(
            "node1: so what",
            "{\"loss\":{\"count\":40,\"source\":\"stream on node1\",\"stage\":\"client\","
                + "\"total\":40}}");
  }

  @Test
  void anErrorOfTheTraceEndsItBeforeAnythingIsRead() throws InterruptedException {
    becomes(TraceState.STOPPED, "Unknown gadget \"x\"");
    reader().run();
    assertThat(asked).isEmpty();
    assertThat(state.failure()).isEqualTo("Unknown gadget \"x\"");
    assertThat(state.awaitAnswer(0)).isTrue();
  }

  @Test
  void aTraceThatSomebodyElseDeletesEndsIt() throws InterruptedException {
    becomes(TraceState.STARTED, "");
    state.gone();
    reader().run();
    assertThat(state.failure()).contains("deleted by somebody else");
  }

  @Test
  void itWaitsForAPodAndStopsWaitingWhenNothingIsWantedAnyMore() throws Exception {
    becomes(TraceState.STARTED, "");
    state.moved("");
    NodeReader reader = reader();
    Thread thread =
        new Thread(() -> {
          try {
            reader.run();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    thread.start();
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    state.stop();
    thread.join();
    assertThat(asked).isEmpty();
  }
}
