// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.ig.IgProgram.Ending;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Containers as users meet them: chosen by name, seen under their names, listed. Each container
 * opens a file that is not there and that carries its name.
 */
@Tag("cli")
@Timeout(120)
class ContainersProgramTest {
  private static final String FIELDS = "fname,runtime.containerName";

  @TempDir Path folder;
  private RuncContainers containers;

  @BeforeEach
  void prepareContainers() throws IOException {
    containers = new RuncContainers(folder);
  }

  @AfterEach
  void endContainers() throws Exception {
    containers.endAll();
  }

  private void startLoop(String shortName) throws Exception {
    containers.start(
        shortName, "while :; do cat /only-" + shortName + " 2>/dev/null; sleep 0.05; done");
  }

  /** Starts ig and waits until everything is attached. */
  private static Process tracing(String... args) throws IOException {
    List<String> command = new ArrayList<>(List.of(IgProgram.path()));
    command.addAll(List.of(args));
    command.add("--verbose");
    Process ig = new ProcessBuilder(command).start();
    BufferedReader messages = ig.errorReader(StandardCharsets.UTF_8);
    String line = messages.readLine();
    while (line != null && !line.equals("running...")) {
      line = messages.readLine();
    }
    assertThat(line).isEqualTo("running...");
    return ig;
  }

  private Process tracingOpensOf(String selector) throws IOException {
    return tracing(
        "trace", "open", "-c", selector, "-F", "fname~^/only-", "-o", "json", "--fields", FIELDS);
  }

  private String event(String shortName) {
    return "{\"fname\":\"/only-%s\",\"runtime\":{\"containerName\":\"%s\"}}"
        .formatted(shortName, containers.name(shortName));
  }

  private static String lineWith(BufferedReader lines, String part) throws IOException {
    String line = lines.readLine();
    while (line != null && !line.contains(part)) {
      line = lines.readLine();
    }
    return String.valueOf(line);
  }

  private static List<String> stopped(Process ig, BufferedReader events) throws Exception {
    assertThat(IgProgram.run(List.of("kill", "-INT", Long.toString(ig.pid()))).status()).isZero();
    List<String> rest = events.lines().toList();
    assertThat(IgProgram.status(ig)).isZero();
    return rest;
  }

  @Test
  void thoseThatRunAndThoseThatStartLaterAreTracedByName() throws Exception {
    startLoop("before");
    startLoop("other");
    Process ig = tracingOpensOf(containers.name("before") + "," + containers.name("later"));
    try (BufferedReader events = ig.inputReader()) {
      assertThat(events.readLine()).isEqualTo(event("before"));
      containers.runToEnd("later", "cat /only-later");
      assertThat(lineWith(events, "later")).isEqualTo(event("later"));
      assertThat(stopped(ig, events)).allMatch(event("before")::equals);
    } finally {
      ig.destroyForcibly();
    }
  }

  @Test
  void thoseThatAreExcludedAreNotTraced() throws Exception {
    startLoop("kept");
    startLoop("left");
    Process ig = tracingOpensOf("!" + containers.name("left"));
    try (BufferedReader events = ig.inputReader()) {
      for (int i = 0; i < 5; i++) {
        assertThat(lineWith(events, "kept")).isEqualTo(event("kept"));
      }
      containers.runToEnd("later", "cat /only-later");
      assertThat(lineWith(events, "later")).isEqualTo(event("later"));
      assertThat(stopped(ig, events)).isNotNull().allMatch(line -> !line.contains("only-left"));
    } finally {
      ig.destroyForcibly();
    }
  }

  @Test
  void theHostIsTracedOnlyIfItIsAskedFor() throws Exception {
    startLoop("inside");
    Path outside = folder.resolve("only-outside");
    List<String> opensOutside = List.of("cat", outside.toString());
    Process all = tracing("trace", "open", "--host", "-F", "fname~only-", "-o", "json");
    Process some = tracing("trace", "open", "-F", "fname~only-", "-o", "json");
    try (BufferedReader ofAll = all.inputReader();
        BufferedReader ofSome = some.inputReader()) {
      assertThat(IgProgram.run(opensOutside).status()).isEqualTo(1);
      assertThat(lineWith(ofAll, "only-outside")).doesNotContain("\"runtime\"");
      String named = "\"containerName\":\"" + containers.name("inside") + "\"";
      assertThat(lineWith(ofAll, "/only-inside")).contains(named, "\"runtimeName\":\"runc\"");
      assertThat(lineWith(ofSome, "/only-inside")).contains(named);
      assertThat(stopped(some, ofSome)).allMatch(line -> !line.contains("only-outside"));
    } finally {
      all.destroyForcibly();
      some.destroyForcibly();
    }
  }

  @Test
  void whatADeadContainerDidHasItsNameHoweverLateItIsRead() throws Exception {
    Process ig = tracingOpensOf(containers.name("short"));
    try (BufferedReader events = ig.inputReader()) {
      String pid = Long.toString(ig.pid());
      assertThat(IgProgram.run(List.of("kill", "-STOP", pid)).status()).isZero();
      containers.runToEnd("short", "cat /only-short");
      assertThat(Path.of("/run/runc", containers.name("short"))).doesNotExist();
      assertThat(IgProgram.run(List.of("kill", "-CONT", pid)).status()).isZero();
      assertThat(events.readLine()).isEqualTo(event("short"));
    } finally {
      ig.destroyForcibly();
    }
  }

  @Test
  void theyAreListedWithWhatIsKnownOfThem() throws Exception {
    startLoop("a");
    startLoop("b");
    String both = containers.name("b") + "," + containers.name("a");
    Ending names = IgProgram.ig("list-containers", "-c", both, "-o", "names");
    assertThat(names.out().lines())
        .containsExactlyInAnyOrder(containers.name("a"), containers.name("b"));
    Ending table = IgProgram.ig("list-containers", "-c", both);
    assertThat(table.out().lines().toList()).hasSize(3);
    assertThat(table.out().lines().toList().get(1))
        .startsWith("runc ")
        .contains(containers.name("a"));
    Ending json = IgProgram.ig("list-containers", "-c", containers.name("a"), "-o", "json");
    assertThat(json.out())
        .startsWith("[{")
        .endsWith("}]\n")
        .contains(
            "\"bundle\":\"" + folder.resolve(containers.name("a")) + "\"",
            "\"containerName\":\"" + containers.name("a") + "\"",
            "\"runtimeName\":\"runc\"");
    assertThat(json.err()).isEmpty();
  }

  @Test
  void thoseThatComeAndGoAreTold() throws Exception {
    startLoop("there");
    String selector = containers.name("there") + "," + containers.name("new");
    Process ig =
        new ProcessBuilder(
                IgProgram.path(),
                "list-containers",
                "--watch",
                "-c",
                selector,
                "-o",
                "json",
                "--fields",
                "event,runtime.containerName")
            .start();
    try (BufferedReader changes = ig.inputReader()) {
      assertThat(changes.readLine()).isEqualTo(change("CREATED", "there"));
      startLoop("new");
      assertThat(lineWith(changes, "CREATED")).isEqualTo(change("CREATED", "new"));
      containers.end("there");
      assertThat(lineWith(changes, "DELETED")).isEqualTo(change("DELETED", "there"));
      assertThat(stopped(ig, changes)).noneMatch(line -> line.contains("DELETED"));
    } finally {
      ig.destroyForcibly();
    }
  }

  private String change(String event, String shortName) {
    return "{\"event\":\"%s\",\"runtime\":{\"containerName\":\"%s\"}}"
        .formatted(event, containers.name(shortName));
  }

  @Test
  void aNameThatNobodyHasIsOneLineThatSaysWhatCanBeDone() throws Exception {
    startLoop("server");
    String mistyped = containers.name("sevrer");
    String nearest =
        "no running container matches; did you mean " + containers.name("server") + "?";
    String waysOn = " (--host traces the whole host, ig list-containers shows what runs)\n";
    Ending trace = IgProgram.ig("trace", "open", "-c", mistyped, "-t", "100ms", "-o", "json");
    assertThat(trace.err()).isEqualTo(nearest + " New ones are traced from their start" + waysOn);
    assertThat(trace.out()).isEmpty();
    Ending snapshot = IgProgram.ig("snapshot", "process", "-c", mistyped, "-o", "json");
    assertThat(snapshot.err()).isEqualTo(nearest + waysOn);
    assertThat(snapshot.out()).isEqualTo("[]\n");
    Ending list = IgProgram.ig("list-containers", "-c", mistyped, "-o", "json");
    assertThat(list.err()).isEqualTo(nearest + "\n");
    assertThat(list.out()).isEqualTo("[]\n");
    Ending other = IgProgram.ig("list-containers", "-c", "wholly-another-name");
    assertThat(other.err())
        .isEqualTo("no running container matches (ig list-containers without filters shows all)\n");
    assertThat(List.of(trace.status(), snapshot.status(), list.status(), other.status()))
        .containsOnly(0);
  }
}
