// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.cli.RecordingSink;
import io.inspektorgadget.cli.TestCatalog;
import io.inspektorgadget.cli.flag.ParsedFlags;
import io.inspektorgadget.cli.flag.UsageException;
import io.inspektorgadget.cli.terminal.ReaderGoneException;
import io.inspektorgadget.cli.terminal.StandardError;
import io.inspektorgadget.cli.terminal.StandardOutput;
import io.inspektorgadget.cli.terminal.StopRequests;
import io.inspektorgadget.cli.terminal.Streams;
import io.inspektorgadget.cli.terminal.Terminal;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.run.RunLimits;
import io.inspektorgadget.model.run.RunRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GadgetRunsTest {
  private static final StopRequests NEVER = action -> {};

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final FakeLauncher launcher = new FakeLauncher();

  private Streams streams(OutputStream target, boolean isTerminal) {
    return new Streams(
        new StandardOutput(target, false),
        new StandardError(err),
        new Terminal(isTerminal, Map.of("TERM", "xterm"), () -> 60));
  }

  private static final ParsedFlags NO_FLAGS = new ParsedFlags(Map.of(), List.of());

  private static GadgetInvocation invocation(GadgetSpec gadget, String mode, boolean verbose) {
    RunRequest request = new RunRequest(gadget, Map.of(), ContainerSelector.HOST, RunLimits.NONE);
    return new GadgetInvocation(
        "ig x", request, NO_FLAGS, new OutputOptions(mode, "", List.of(), "", -1), verbose);
  }

  private int run(GadgetInvocation invocation, boolean isTerminal) throws IOException {
    return new GadgetRuns(launcher, new PrinterSource(), NEVER)
        .run(invocation, streams(out, isTerminal));
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void closesTheRunAndSucceeds() throws IOException {
    assertThat(run(invocation(TestCatalog.traceOpen(), "", false), false)).isZero();
    assertThat(launcher.run.calls).containsExactly("attached", "end", "close");
    assertThat(err.size()).isZero();
    assertThat(printed()).startsWith("COMM");
  }

  @Test
  void saysThatItRunsOnceEverythingIsAttached() throws IOException {
    launcher.run.onAttached = () -> assertThat(err.size()).isZero();
    assertThat(run(invocation(TestCatalog.traceOpen(), "", true), false)).isZero();
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("uses a tracepoint\nrunning...\n");
  }

  @Test
  void stopsTheRunWhenTheUserWantsIt() throws IOException {
    new GadgetRuns(launcher, new PrinterSource(), Runnable::run)
        .run(invocation(TestCatalog.traceOpen(), "", false), streams(out, false));
    assertThat(launcher.run.calls).containsExactly("stop", "attached", "end", "close");
  }

  @Test
  void passesTheCauseOfABadEndOnAfterClosing() {
    IllegalStateException cause = new IllegalStateException("reading the ring: gone");
    launcher.run.cause = new EndCause.Failed(cause);
    assertThatThrownBy(() -> run(invocation(TestCatalog.traceOpen(), "", false), false))
        .isSameAs(cause);
    assertThat(launcher.run.calls).endsWith("close");
  }

  @Test
  void checksTheOutputBeforeAnythingIsStarted() {
    assertThatThrownBy(() -> run(invocation(TestCatalog.traceOpen(), "jsn", false), false))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("\"jsn\"")
        .hasMessageContaining("did you mean json?");
    OutputOptions unknownField = new OutputOptions("columns", "fnme", List.of(), "", -1);
    GadgetInvocation invocation = invocation(TestCatalog.traceOpen(), "", false);
    assertThatThrownBy(() ->
            run(
                new GadgetInvocation("ig x", invocation.request(), NO_FLAGS, unknownField, false),
                false))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("did you mean fname?");
    assertThat(launcher.sink).isNull();
  }

  @Test
  void redrawsATerminalAndNothingElse() throws IOException {
    GadgetSpec top = TestCatalog.topBlockIo();
    launcher.events = sink -> sink.batchEnd(top.sources().getFirst().source());
    run(invocation(top, "", false), true);
    assertThat(printed()).contains("\u001b[2J").contains("OPS");
    out.reset();
    run(invocation(top, "", false), false);
    assertThat(printed()).doesNotContain("\u001b").contains("OPS");
    out.reset();
    run(invocation(top, "json", false), true);
    assertThat(printed()).isEqualTo("[]\n");
  }

  @Test
  void aScreenThatStaysEmptyForLongIsExplained() throws IOException {
    GadgetSpec profile = TestCatalog.profile();
    launcher.events = sink -> {};
    run(invocation(profile, "", false), true);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("measuring until Ctrl-C, which shows the result\n");
    err.reset();
    RunRequest limited =
        new RunRequest(profile, Map.of(), ContainerSelector.HOST, new RunLimits(10_000, 0, 0));
    OutputOptions usual = new OutputOptions("", "", List.of(), "", -1);
    run(new GadgetInvocation("ig x", limited, NO_FLAGS, usual, false), true);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("measuring for 10 s; Ctrl-C shows the result sooner\n");
    err.reset();
    run(invocation(profile, "", false), false);
    run(invocation(TestCatalog.topBlockIo(), "", false), true);
    RunRequest often =
        new RunRequest(profile, Map.of(), ContainerSelector.HOST, new RunLimits(0, 500, 0));
    run(new GadgetInvocation("ig x", often, NO_FLAGS, usual, false), true);
    assertThat(err.size()).isZero();
  }

  @Test
  void aReaderThatGoesAwayIsToldFromAFullDisk() {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    StandardOutput pipe = new StandardOutput(broken, true);
    StandardOutput file = new StandardOutput(broken, false);
    assertThatThrownBy(() -> print(pipe)).isInstanceOf(ReaderGoneException.class);
    assertThatThrownBy(() -> print(file))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("No space left on device");
    assertThat(
            ReaderGoneException.isCauseOf(
                new UncheckedIOException(new ReaderGoneException(new IOException("x")))))
        .isTrue();
  }

  private static void print(StandardOutput output) throws IOException {
    output.write(new byte[] {1}, 0, 1);
    output.flush();
  }

  @Test
  void sinksHearOfEverything() throws IOException {
    RecordingSink recording = new RecordingSink();
    GadgetSpec top = TestCatalog.topBlockIo();
    launcher.events = sink -> sink.opened(top.sources().getFirst().source());
    new GadgetRuns(launcher, (sources, options, s) -> recording, NEVER)
        .run(invocation(top, "", false), streams(out, true));
    assertThat(recording.calls()).containsExactly("opened blockio", "ended");
  }

  /** Sends what it was told to send, then ends. */
  private static final class FakeLauncher implements GadgetLauncher {
    final FakeRun run = new FakeRun();
    java.util.function.Consumer<EventSink> events =
        sink -> sink.opened(TestCatalog.traceOpen().sources().getFirst().source());
    @org.jspecify.annotations.Nullable EventSink sink;

    @Override
    public GadgetSpec read(String target) {
      throw new RunException("reading " + target + ": no such file");
    }

    @Override
    public LaunchedRun launch(GadgetInvocation invocation, EventSink newSink) {
      sink = newSink;
      events.accept(newSink);
      newSink.ended(run.cause);
      return run;
    }
  }

  private static final class FakeRun implements LaunchedRun {
    final List<String> calls = new java.util.ArrayList<>();
    Runnable onAttached = () -> {};
    EndCause cause = new EndCause.Completed();

    @Override
    public List<String> notes() {
      return List.of("uses a tracepoint");
    }

    @Override
    public void awaitAttached() {
      onAttached.run();
      calls.add("attached");
    }

    @Override
    public EndCause awaitEnd() {
      calls.add("end");
      return cause;
    }

    @Override
    public void stop() {
      calls.add("stop");
    }

    @Override
    public void close() {
      calls.add("close");
    }
  }
}
