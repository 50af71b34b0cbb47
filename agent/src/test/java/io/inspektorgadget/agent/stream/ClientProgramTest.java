// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.model.event.EndCause;
import io.inspektorgadget.testing.TimeLimit;
import io.inspektorgadget.trace.stream.ControlLine;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The static client, with every end that its three streams can come to. */
@Timeout(60)
final class ClientProgramTest {
  private static final int REFUSED = 1;
  private static final int USAGE = 2;
  private static final int UNREACHABLE = 3;
  private static final int CUT_OFF = 4;
  private static final String[] RECEIVE = {"-call", "receive-stream", "-tracerid", "t"};

  private final ServedLogs served = new ServedLogs();
  private final List<Process> processes = new ArrayList<>();

  ClientProgramTest() throws IOException {}

  @AfterEach
  void close() throws IOException {
    processes.forEach(Process::destroyForcibly);
    served.close();
  }

  private Process start(String... arguments) throws IOException {
    return started(ClientProgram.builder(served.socket(), arguments));
  }

  private Process started(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  private static int status(Process process) throws InterruptedException {
    assertThat(process.waitFor(TimeLimit.usual().ms(), TimeUnit.MILLISECONDS)).isTrue();
    return process.exitValue();
  }

  private static String text(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static String error(Process process) throws IOException {
    return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Until the client reads the log; its end would come too early else. */
  private static void awaitReaders(LineLog log, int count) {
    TimeLimit.usual().await(count + " readers", () -> log.readers() == count);
  }

  @Test
  void itIsStatic() throws Exception {
    Process ldd = started(new ProcessBuilder("ldd", ClientProgram.path().toString()));
    assertThat(text(ldd) + error(ldd)).contains("not a dynamic executable");
  }

  @Test
  void aStreamIsPassedOnToItsEnd() throws Exception {
    LineLog log = served.create("t");
    ServedLogs.append(log, 1, 3);
    Process client = start(RECEIVE);
    BufferedReader out = client.inputReader();
    assertThat(out.readLine()).isEqualTo(new ControlLine.Start(1, "run").json());
    assertThat(out.readLine()).isEqualTo("{\"n\":1}");
    ServedLogs.append(log, 4, 100_000);
    log.end(new EndCause.Completed());
    List<String> rest = out.readAllLines();
    assertThat(rest.size()).isEqualTo(100_003);
    assertThat(rest.getLast()).contains("\"cause\":\"completed\"");
    assertThat(status(client)).isZero();
    assertThat(error(client)).isEmpty();
  }

  @Test
  void aStreamGoesOnFromALine() throws Exception {
    LineLog log = served.create("t");
    ServedLogs.append(log, 1, 50);
    log.end(new EndCause.Stopped());
    Process client = start("--call=receive-stream", "--tracerid=t", "-from", "48");
    assertThat(text(client).lines())
        .containsExactly(
            new ControlLine.Start(48, "run").json(),
            "{\"n\":48}",
            "{\"n\":49}",
            "{\"n\":50}",
            new ControlLine.End(51, ControlLine.Cause.STOPPED, "", 0).json());
    assertThat(status(client)).isZero();
  }

  @Test
  void aTracerThatIsToComeIsWaitedForUntilItComesOrTheReaderLeaves() throws Exception {
    String[] waiting = {"-call", "receive-stream", "-tracerid", "t", "-from", "1", "-wait", "60"};
    Process leaving = start(waiting);
    leaving.getOutputStream().close();
    assertThat(status(leaving)).isZero();
    assertThat(text(leaving)).isEmpty();
    Process client = start(waiting);
    LineLog log = served.create("t");
    ServedLogs.append(log, 1, 2);
    log.end(new EndCause.Completed());
    assertThat(text(client).lines()).hasSize(4);
    assertThat(status(client)).isZero();
  }

  @Test
  void aDumpIsPrintedAlsoWhenNobodyTypes() throws Exception {
    Process client = start("-dump", "traces");
    client.getOutputStream().close();
    assertThat(text(client)).startsWith("dump of traces\nx").hasSize((1 << 20) + 16);
    assertThat(status(client)).isZero();
  }

  @Test
  void livenessIsAnExitStatus() throws Exception {
    Process well = start("-liveness");
    assertThat(status(well)).isZero();
    assertThat(text(well) + error(well)).isEmpty();
    served.breakDown("the controller has ended");
    Process ill = start("-liveness");
    assertThat(status(ill)).isEqualTo(REFUSED);
    assertThat(error(ill)).isEqualTo("gadgettracermanager: the controller has ended\n");
  }

  @Test
  void anUnknownTracerIsOneClearLine() throws Exception {
    Process client = start(RECEIVE);
    assertThat(status(client)).isEqualTo(REFUSED);
    assertThat(error(client))
        .isEqualTo(
            "gadgettracermanager: reading the stream of t: no tracer of this id runs here"
                + " (gadgettracermanager -dump traces shows them)\n");
    assertThat(text(client)).isEmpty();
  }

  @Test
  void wrongArgumentsAreUsageErrors() throws Exception {
    List<List<String>> wrong =
        List.of(
            List.of(),
            List.of("-dump"),
            List.of("-dump", "all", "-liveness"),
            List.of("-call", "add-tracer"),
            List.of("-call", "receive-stream"),
            List.of("-dump", "all", "-from", "3"),
            List.of("-liveness", "-wait", "3"),
            List.of("-dump", "all\ndump traces"),
            List.of("-serve"),
            List.of("word"),
            List.of("-call", "receive-stream", "-tracerid", "t".repeat(2_000)));
    for (List<String> arguments : wrong) {
      Process client = start(arguments.toArray(new String[0]));
      assertThat(status(client)).as(arguments.toString()).isEqualTo(USAGE);
      assertThat(error(client)).isNotBlank();
    }
  }

  @Test
  void anAbsentSocketIsSaid() throws Exception {
    served.closeServer();
    Process client = start("-liveness");
    assertThat(status(client)).isEqualTo(UNREACHABLE);
    assertThat(error(client))
        .contains("No such file or directory", "does not run")
        .containsOnlyOnce("\n");
  }

  @Test
  void aServerThatGoesAwayIsSaid() throws Exception {
    LineLog log = served.create("t");
    Process client = start(RECEIVE);
    awaitReaders(log, 1);
    served.closeServer();
    assertThat(status(client)).isEqualTo(CUT_OFF);
    assertThat(error(client)).contains("the agent was gone before the stream had ended");
  }

  @Test
  void itEndsWhenItsInputEnds() throws Exception {
    LineLog log = served.create("t");
    Process client = start(RECEIVE);
    client.getOutputStream().write("typed\n".getBytes(StandardCharsets.US_ASCII));
    client.getOutputStream().flush();
    awaitReaders(log, 1);
    ServedLogs.append(log, 1, 1);
    BufferedReader out = client.inputReader();
    assertThat(out.readLine()).contains("start");
    assertThat(out.readLine()).isEqualTo("{\"n\":1}");
    client.getOutputStream().close();
    assertThat(status(client)).isZero();
    awaitReaders(log, 0);
  }

  @Test
  void withoutAnInputThatCouldEndItGoesOn() throws Exception {
    LineLog log = served.create("t");
    Process client =
        started(
            ClientProgram.builder(served.socket(), RECEIVE).redirectInput(new File("/dev/null")));
    awaitReaders(log, 1);
    BufferedReader out = client.inputReader();
    ServedLogs.append(log, 1, 2);
    assertThat(out.readLine()).contains("start");
    assertThat(out.readLine()).isEqualTo("{\"n\":1}");
    assertThat(out.readLine()).isEqualTo("{\"n\":2}");
    assertThat(client.isAlive()).isTrue();
    log.end(new EndCause.Stopped());
    assertThat(status(client)).isZero();
  }

  @Test
  void itEndsWhenNobodyReadsItsOutputAlsoIfNothingIsWritten() throws Exception {
    LineLog log = served.create("t");
    Process client = start(RECEIVE);
    awaitReaders(log, 1);
    client.getInputStream().close();
    assertThat(status(client)).isZero();
    awaitReaders(log, 0);
  }

  @Test
  void itEndsWithItsInputAlsoWhileItsOutputIsStuck() throws Exception {
    LineLog log = served.create("t");
    Process client = start(RECEIVE);
    awaitReaders(log, 1);
    // More than the pipe, the client and the socket hold together.
    for (int i = 0; i < 20; i++) {
      ServedLogs.append(log, 1 + i * 10_000L, 10_000);
    }
    client.getOutputStream().close();
    assertThat(status(client)).isZero();
    awaitReaders(log, 0);
  }

  @Test
  void itWritesIntoFilesAsWell() throws Exception {
    LineLog log = served.create("t");
    Path file = Files.createTempFile("stream", ".json");
    try {
      Process client =
          started(ClientProgram.builder(served.socket(), RECEIVE).redirectOutput(file.toFile()));
      awaitReaders(log, 1);
      ServedLogs.append(log, 1, 30_000);
      log.end(new EndCause.Stopped());
      assertThat(status(client)).isZero();
      assertThat(Files.readAllLines(file).size()).isEqualTo(30_002);
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void onATerminalItEndsWhenTheTerminalDoes() throws Exception {
    LineLog log = served.create("t");
    List<String> command = ClientProgram.builder(served.socket(), RECEIVE).command();
    // script(1) gives its child a pseudo terminal, as an exec with a TTY does, and a shell splits
    // what is not quoted: a checkout may lie in a folder with a space in its name.
    String line = "'" + String.join("' '", command) + "'";
    Process terminal = started(new ProcessBuilder("script", "-qec", line, "/dev/null"));
    awaitReaders(log, 1);
    ServedLogs.append(log, 1, 1);
    BufferedReader out = terminal.inputReader();
    assertThat(out.readLine()).contains("start");
    assertThat(out.readLine()).isEqualTo("{\"n\":1}");
    terminal.destroyForcibly();
    awaitReaders(log, 0);
  }
}
