// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.agent.stream.ClientProgram;
import io.inspektorgadget.agent.tracer.TracerControl.Delivery;
import io.inspektorgadget.agent.tracer.TracerControl.TracerResult;
import io.inspektorgadget.agent.tracer.TracerControl.TracerStatus;
import io.inspektorgadget.agent.tracer.TracerId;
import io.inspektorgadget.containers.CollectionOptions;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.model.event.LossReport;
import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.CatalogJson;
import io.inspektorgadget.model.gadget.GadgetException;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.run.RunLimits;
import io.inspektorgadget.model.run.RunRequest;
import io.inspektorgadget.testing.TimeLimit;
import io.inspektorgadget.trace.stream.ControlLine;
import io.inspektorgadget.trace.stream.StreamPosition;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Gadgets that run in an agent, read through its socket by the client that an exec starts. */
@Tag("kernel")
@Timeout(90)
final class AgentKernelTest {
  /** A line has rather less. */
  private static final int LINE_BYTES = 600;

  private static final TracerId ID = TracerId.ofTrace("gadget", "open");

  private final Path folder = Files.createTempDirectory("agent");
  private final List<String> messages = new CopyOnWriteArrayList<>();
  private final List<Process> clients = new ArrayList<>();
  private final Agent agent;

  AgentKernelTest() throws IOException {
    AgentOptions options =
        new AgentOptions(
            "node-a",
            HostFilesystem.ofEnvironment(),
            folder.resolve("socket"),
            CollectionOptions.DEFAULTS);
    agent = Agent.start(options, messages::add);
  }

  @AfterEach
  void close() throws IOException {
    clients.forEach(Process::destroyForcibly);
    agent.close();
    Files.delete(folder);
  }

  private static GadgetSpec gadget(String name) throws IOException {
    try (InputStream in =
        AgentKernelTest.class.getClassLoader().getResourceAsStream(Catalog.RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the build left out " + Catalog.RESOURCE);
      }
      return CatalogJson.read(in).gadgets().stream()
          .filter(gadget -> gadget.name().equals(name))
          .findFirst()
          .orElseThrow();
    }
  }

  /** The opens of that process; mount namespaces do not count, as the pid is enough. */
  private static RunRequest opensOf(long pid) throws IOException {
    return new RunRequest(
        gadget("trace_open"),
        Map.of("pid", Long.toString(pid)),
        ContainerSelector.HOST,
        RunLimits.NONE);
  }

  private Process receive(String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("-call", "receive-stream", "-tracerid", ID.text()));
    arguments.addAll(List.of(more));
    Process client =
        ClientProgram.start(folder.resolve("socket"), arguments.toArray(new String[0]));
    clients.add(client);
    return client;
  }

  private TracerStatus status() {
    return agent.tracers().status(ID).orElseThrow();
  }

  private void awaitReaders(int count) {
    TimeLimit.usual().await(count + " readers", () -> status().readers() == count);
  }

  private void awaitLines(long count) {
    TimeLimit.usual().await(count + " lines", () -> status().lines() >= count);
  }

  /** What a client printed: lines of events, counted, and everything else. */
  private record Printed(long lines, StreamPosition position, List<ControlLine> control) {
    static Printed of(BufferedReader out) throws IOException {
      StreamPosition position = new StreamPosition();
      List<ControlLine> control = new ArrayList<>();
      long lines = 0;
      String text;
      while ((text = out.readLine()) != null) {
        Optional<ControlLine> parsed = ControlLine.parse(text);
        if (parsed.isPresent()) {
          control.add(parsed.get());
          position.control(parsed.get());
          assertThat(position.nextSeq()).isEqualTo(parsed.get().seq());
        } else {
          assertThat(text).startsWith("{\"").contains("\"fname\":\"/dev/null\"").endsWith("}");
          position.line();
          lines++;
        }
      }
      return new Printed(lines, position, control);
    }

    long lost(LossReport.Stage stage) {
      return control.stream()
          .mapMulti((ControlLine line, java.util.function.Consumer<LossReport> to) -> {
            if (line instanceof ControlLine.Loss loss && loss.loss().stage() == stage) {
              to.accept(loss.loss());
            }
          })
          .mapToLong(LossReport::count)
          .sum();
    }
  }

  @Test
  void atTwentyThousandEventsASecondASlowReaderLosesCountedLinesAndNobodyStalls() throws Exception {
    int opens = 60_000;
    int slowness = (int) TimeLimit.ofMs(1).ms();
    try (PacedOpener opener = PacedOpener.start(opens, 20_000 / slowness)) {
      agent.tracers().start(ID, opensOf(opener.pid()), Delivery.STREAM);
      Process slow = receive();
      Process quick = receive();
      awaitReaders(2);
      // Kept in memory: a disk that is busy for a fifth of a second would make it a slow one too.
      ByteArrayOutputStream quickLines = new ByteArrayOutputStream(opens * LINE_BYTES);
      Thread reading = copying(quick, quickLines);
      opener.release();
      opener.awaitEnd();
      // Nobody waits for the slow reader, which has read nothing yet: all events are there.
      awaitLines(opens);
      TracerResult result = agent.tracers().stop(ID).orElseThrow();
      Printed slowly = Printed.of(slow.inputReader());
      reading.join();
      Printed quickly =
          Printed.of(new BufferedReader(new StringReader(quickLines.toString(UTF_8))));
      assertThat(quickly.lines() + quickly.position().missed()).isEqualTo(opens);
      assertThat(quickly.lost(LossReport.Stage.KERNEL_RING)).isZero();
      assertThat(quickly.position().missed()).isZero();
      assertThat(slowly.position().isEnded()).isTrue();
      assertThat(slowly.position().missed()).isPositive();
      assertThat(slowly.lines() + slowly.position().missed()).isEqualTo(opens);
      assertThat(result.lost()).isZero();
      assertThat(slow.waitFor()).isZero();
      assertThat(quick.waitFor()).isZero();
    }
  }

  private static Thread copying(Process from, OutputStream to) {
    Thread thread =
        new Thread(() -> {
          try (InputStream in = from.getInputStream()) {
            in.transferTo(to);
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
    thread.start();
    return thread;
  }

  @Test
  void aLateReaderGetsTheLastHundredLinesAndABrokenOneGoesOn() throws Exception {
    try (PacedOpener opener = PacedOpener.start(1_000, 50_000)) {
      agent.tracers().start(ID, opensOf(opener.pid()), Delivery.STREAM);
      opener.release();
      opener.awaitEnd();
      awaitLines(1_000);
      Process late = receive();
      Process resumed = receive("-from", "990");
      awaitReaders(2);
      assertThat(ClientProgram.builder(folder.resolve("socket"), "-liveness").start().waitFor())
          .isZero();
      assertThat(agent.tracers().stop(ID)).isPresent();
      Printed lateLines = Printed.of(late.inputReader());
      assertThat(lateLines.lines()).isEqualTo(100);
      assertThat(lateLines.control().getFirst().seq()).isEqualTo(901);
      assertThat(lateLines.control().getLast())
          .isEqualTo(new ControlLine.End(1_001, ControlLine.Cause.STOPPED, "", 0));
      assertThat(Printed.of(resumed.inputReader()).lines()).isEqualTo(11);
      Process after = receive();
      assertThat(after.waitFor()).isOne();
      assertThat(after.errorReader().readLine()).contains("no tracer of this id");
    }
  }

  @Test
  void aSnapshotIsOneResult() throws Exception {
    RunRequest request =
        new RunRequest(
            gadget("snapshot_process"), Map.of(), ContainerSelector.HOST, RunLimits.NONE);
    agent.tracers().start(ID, request, Delivery.RESULT);
    assertThat(agent.tracers().awaitEnd(ID, TimeLimit.usual().ms())).isTrue();
    assertThat(status().end())
        .hasValueSatisfying(end -> assertThat(end).isInstanceOf(EndCause.Completed.class));
    TracerResult result = agent.tracers().stop(ID).orElseThrow();
    assertThat(result.output()).startsWith("[{").endsWith("}]");
    assertThat(result.output()).contains("\"comm\":\"java\"");
    assertThat(agent.tracers().stop(ID)).isEmpty();
  }

  @Test
  void whatCannotStartIsNotInTheList() throws Exception {
    GadgetSpec open = gadget("trace_open");
    RunRequest wrong =
        new RunRequest(open, Map.of("pid", "x"), ContainerSelector.HOST, RunLimits.NONE);
    assertThatThrownBy(() -> agent.tracers().start(ID, wrong, Delivery.STREAM))
        .isInstanceOf(GadgetException.class);
    assertThat(agent.tracers().tracers()).isEmpty();
    RunRequest right = opensOf(1);
    agent.tracers().start(ID, right, Delivery.STREAM);
    assertThatThrownBy(() -> agent.tracers().start(ID, right, Delivery.STREAM))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("it exists already");
    assertThat(agent.tracers().stop(ID).orElseThrow().end()).isInstanceOf(EndCause.Stopped.class);
  }

  @Test
  void aRunThatHasEndedStaysReadableUntilItIsStopped() throws Exception {
    RunRequest request =
        new RunRequest(
            gadget("trace_open"),
            Map.of("pid", "1"),
            ContainerSelector.HOST,
            new RunLimits(50, 0, 0));
    agent.tracers().start(ID, request, Delivery.STREAM);
    assertThat(agent.tracers().awaitEnd(ID, TimeLimit.usual().ms())).isTrue();
    Process client = receive();
    assertThat(Printed.of(client.inputReader()).control().getLast())
        .isInstanceOfSatisfying(
            ControlLine.End.class,
            end -> assertThat(end.cause()).isEqualTo(ControlLine.Cause.TIMED_OUT));
    assertThat(client.waitFor()).isZero();
    assertThat(agent.tracers().stop(ID).orElseThrow().end()).isInstanceOf(EndCause.TimedOut.class);
  }

  @Test
  void aDumpShowsTheTracersAndClosingDetachesThem() throws Exception {
    agent.tracers().start(ID, opensOf(1), Delivery.STREAM);
    Process dump = ClientProgram.start(folder.resolve("socket"), "-dump", "all");
    String text = String.join("\n", dump.inputReader().readAllLines());
    assertThat(text)
        .contains("List of containers:")
        .contains("trace_gadget_open gadget=trace_open delivery=stream state=running")
        .contains("selects the whole host");
    assertThat(linksOfThisProcess()).isPositive();
    Process reader = receive();
    awaitReaders(1);
    agent.close();
    assertThat(Printed.of(reader.inputReader()).control().getLast())
        .isInstanceOf(ControlLine.End.class);
    assertThat(linksOfThisProcess()).isZero();
    assertThat(messages).allSatisfy(message -> assertThat(message).startsWith("noticing"));
  }

  /** Descriptors of BPF programs, maps and links that this process holds. */
  private static long linksOfThisProcess() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors
          .filter(descriptor -> {
            try {
              String target = Files.readSymbolicLink(descriptor).toString();
              return target.startsWith("anon_inode:") && target.contains("bpf");
            } catch (IOException closedMeanwhile) {
              return false;
            }
          })
          .count();
    }
  }
}
