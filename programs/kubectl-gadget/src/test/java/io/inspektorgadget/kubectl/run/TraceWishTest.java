// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.cli.Program;
import io.inspektorgadget.cli.ProgramIdentity;
import io.inspektorgadget.cli.flag.ContainerFlags;
import io.inspektorgadget.cli.run.ExitStatus;
import io.inspektorgadget.cli.run.GadgetInvocation;
import io.inspektorgadget.cli.run.GadgetLauncher;
import io.inspektorgadget.cli.run.GadgetRuns;
import io.inspektorgadget.cli.run.LaunchedRun;
import io.inspektorgadget.cli.run.PrinterSource;
import io.inspektorgadget.cli.run.RunException;
import io.inspektorgadget.cli.terminal.StandardError;
import io.inspektorgadget.cli.terminal.StandardOutput;
import io.inspektorgadget.cli.terminal.Streams;
import io.inspektorgadget.cli.terminal.Terminal;
import io.inspektorgadget.model.event.EventSink;
import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.trace.RunMode;
import io.inspektorgadget.trace.TraceFilter;
import io.inspektorgadget.trace.TraceOutputMode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What flags become in a Trace. */
final class TraceWishTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /** Translates the command line that it gets, and runs nothing. */
  private static final class Translator implements GadgetLauncher {
    private @org.jspecify.annotations.Nullable TraceWish wish;

    @Override
    public GadgetSpec read(String target) {
      throw new RunException("reading " + target + ": no such file");
    }

    @Override
    public LaunchedRun launch(GadgetInvocation invocation, EventSink sink) {
      wish = TraceWish.of(invocation, "current");
      throw new RunException("translated");
    }
  }

  private TraceWish wish(String commandLine) {
    Translator translator = new Translator();
    List<String> args = List.of(commandLine.split(" ", -1));
    Catalog catalog = new Catalog(List.of(Printed.gadget(gadgetName(args))));
    ProgramIdentity identity =
        new ProgramIdentity(
            "kubectl gadget", "kubectl-gadget", "", () -> "1", ContainerFlags.inCluster());
    Streams streams =
        new Streams(
            new StandardOutput(new ByteArrayOutputStream(), false),
            new StandardError(err),
            new Terminal(false, Map.of(), () -> 0));
    int status =
        new Program(
                identity,
                () -> catalog,
                new GadgetRuns(translator, new PrinterSource(), action -> {}),
                List.of())
            .run(args, streams);
    if (translator.wish == null) {
      throw new IllegalArgumentException(status + " " + err.toString(StandardCharsets.UTF_8));
    }
    assertThat(status).isEqualTo(ExitStatus.FAILED);
    return translator.wish;
  }

  private static String gadgetName(List<String> args) {
    return args.get(0) + "_" + args.get(1).replace("-", "");
  }

  @Test
  void withoutFlagsItIsTheCurrentNamespace() {
    TraceWish wish = wish("trace exec");
    assertThat(wish.operation()).isEqualTo("start");
    assertThat(wish.on("node1"))
        .satisfies(spec -> assertThat(spec.node()).isEqualTo("node1"))
        .satisfies(spec -> assertThat(spec.gadget()).isEqualTo("trace_exec"))
        .satisfies(spec -> assertThat(spec.runMode()).isEqualTo(RunMode.MANUAL))
        .satisfies(spec -> assertThat(spec.outputMode()).isEqualTo(TraceOutputMode.STREAM))
        .satisfies(spec -> assertThat(spec.parameters()).isEmpty())
        .satisfies(spec ->
            assertThat(spec.filter()).isEqualTo(new TraceFilter("current", "", Map.of(), "")));
  }

  @Test
  void flagsOfContainersBecomeTheFilter() {
    assertThat(
            wish("trace open -n shop,!test -p web-1 -c nginx,proxy -l app=web,tier=front")
                .spec()
                .filter())
        .isEqualTo(
            new TraceFilter(
                "shop,!test", "web-1", Map.of("app", "web", "tier", "front"), "nginx,proxy"));
    assertThat(wish("trace open -A").spec().filter()).isEqualTo(TraceFilter.ALL);
  }

  @Test
  void everyDemandOnALabelIsSaidInTheFilter() {
    assertThat(
            wish("trace open -A -l tier!=db,app,!canary,env=prod,env=test,zone=eu-*")
                .spec()
                .filter())
        .isEqualTo(
            new TraceFilter(
                "",
                "",
                Map.of(
                    "tier", "!db", "app", "*", "canary", "!*", "env", "prod,test", "zone", "eu-*"),
                ""));
  }

  @Test
  void flagsOfTheGadgetAndOfTheRunBecomeParameters() {
    assertThat(
            wish("top block-io --pid 7,!8 --interval 2 --ring-size 8MiB -m 5 --sort -io")
                .spec()
                .parameters())
        .as("what is sorted and cut here is not said there")
        .containsOnly(
            Map.entry("pid", "7,!8"),
            Map.entry("interval", "2000ms"),
            Map.entry("ring_size", "8388608"));
  }

  @Test
  void aSnapshotIsCollected() {
    assertThat(wish("snapshot process --threads").operation()).isEqualTo("collect");
  }

  @Test
  void whatBelongsToNoContainerIsNotFiltered() {
    assertThat(wish("profile block-io").spec().filter()).isNull();
    assertThat(wish("profile block-io -A").spec().filter()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          trace open -A -n shop              | reading --all-namespaces: it means every namespace
          trace open -l app=a=b              | is no demand on a label
          trace open -n shop,,               | reading --namespace:
          profile block-io -p web            | shows belongs to no container
          trace open --host                  | no flag --host
          trace open --pid x                 | reading --pid
          """)
  void whatATraceCannotSayIsRefused(String commandLine, String message) {
    assertThatThrownBy(() -> wish(commandLine))
        .hasMessageStartingWith(ExitStatus.USAGE + " Error: ")
        .hasMessageContaining(message);
  }
}
