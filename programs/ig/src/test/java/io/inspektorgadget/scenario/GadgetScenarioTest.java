// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.containers.CollectionOptions;
import io.inspektorgadget.containers.ContainerCollection;
import io.inspektorgadget.kernel.bpf.Tracepoints;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.ValueList;
import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.CatalogJson;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.run.RunLimits;
import io.inspektorgadget.model.run.RunRequest;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.tracers.run.GadgetRun;
import io.inspektorgadget.tracers.run.GadgetRunner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** Runs every gadget's scenario.yaml with the real gadget, in namespaces made for it. */
@Tag("scenario")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GadgetScenarioTest {
  private static final long LIMIT_MS = 20_000;
  private static final String PID_PLACE = "${RUN_PID}";

  private @Nullable ContainerCollection containers;

  @BeforeAll
  void startContainerCollection() {
    containers =
        ContainerCollection.start(HostFilesystem.ofEnvironment(), CollectionOptions.DEFAULTS);
  }

  @AfterAll
  void closeContainerCollection() {
    collection().close();
  }

  private ContainerCollection collection() {
    ContainerCollection started = containers;
    if (started == null) {
      throw new IllegalStateException("Container-Collection is not started");
    }
    return started;
  }

  @TestFactory
  Stream<DynamicTest> everyScenarioOfEveryGadget() throws IOException {
    Path checkout = Path.of(System.getProperty("ig.checkout", "."));
    List<DynamicTest> tests = new ArrayList<>();
    String wanted = System.getenv().getOrDefault("IG_SCENARIO", "");
    for (GadgetSpec gadget : catalog().gadgets()) {
      if (!gadget.name().contains(wanted)) {
        continue;
      }
      Path file = checkout.resolve("gadgets").resolve(gadget.name()).resolve("scenario.yaml");
      for (Scenario scenario : Scenario.read(file)) {
        tests.add(
            DynamicTest.dynamicTest(
                gadget.name() + " " + scenario.name(), () -> run(gadget, scenario)));
      }
    }
    return tests.stream();
  }

  private static Catalog catalog() throws IOException {
    try (InputStream in =
        GadgetScenarioTest.class.getClassLoader().getResourceAsStream(Catalog.RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the build left out " + Catalog.RESOURCE);
      }
      return CatalogJson.read(in);
    }
  }

  private void run(GadgetSpec gadget, Scenario scenario) throws IOException, InterruptedException {
    for (String need : scenario.needs()) {
      String[] hook = need.split("/", -1);
      Assumptions.assumeTrue(
          !hook[0].equals("tracepoint") || Tracepoints.exists(hook[1], hook[2]),
          "this kernel has no " + need);
      Assumptions.assumeTrue(
          !need.equals("block-device") || liesOnBlockDevice(Path.of("/var/tmp")),
          "/var/tmp lies on no block device");
    }
    RecordedEvents events = new RecordedEvents();
    List<String> bystander = List.of("/bin/sh", "-c", "read -r _");
    try (Subject subject = Subject.start(scenario.command());
        Subject selected = scenario.outside() ? Subject.start(bystander) : subject) {
      ContainerInfo container = awaitContainer(selected);
      ContainerSelector selector =
          ContainerSelector.ofNames(new ValueList(List.of(container.name()), List.of()));
      RunRequest request =
          new RunRequest(gadget, parameters(scenario, subject), selector, new RunLimits(0, 200, 0));
      run(request, subject, events);
      assertThat(events.losses()).as("losses").isEmpty();
      check(scenario, subject, eventsBut(events, scenario.outside() ? selected.pid() : 0));
    }
  }

  /** File systems without a device have major number 0. */
  private static boolean liesOnBlockDevice(Path folder) throws IOException {
    long device = ((Number) Files.getAttribute(folder, "unix:dev")).longValue();
    return (device >> 8 & 0xfff) != 0;
  }

  private void run(RunRequest request, Subject subject, RecordedEvents events)
      throws IOException, InterruptedException {
    GadgetRunner runner = new GadgetRunner(this::collection, HostFilesystem.ofEnvironment(), "");
    boolean snapshot =
        request.gadget().sources().stream()
            .allMatch(source -> source.source().kind() == DataSource.Kind.SNAPSHOT);
    if (snapshot) {
      subject.release();
      awaitCommand(subject);
    }
    try (GadgetRun run = runner.start(request, events)) {
      run.awaitAttached();
      if (snapshot) {
        run.awaitEnd();
        return;
      }
      subject.release();
      long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LIMIT_MS);
      while (subject.isAlive() && System.nanoTime() < deadlineNs) {
        subject.awaitExit(LIMIT_MS);
      }
    }
  }

  private static void awaitCommand(Subject subject) throws IOException {
    Path executable = Path.of("/proc", Long.toString(subject.pid()), "cmdline");
    long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LIMIT_MS);
    while (Files.readString(executable).contains("subject")) {
      if (System.nanoTime() > deadlineNs) {
        throw new IllegalStateException("the subject has not become its command");
      }
      Thread.onSpinWait();
    }
  }

  private ContainerInfo awaitContainer(Subject subject) {
    long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LIMIT_MS);
    while (System.nanoTime() < deadlineNs) {
      ContainerInfo container = collection().byMountNs(subject.mountNsInode(), 0);
      if (container != null) {
        return container;
      }
      Thread.onSpinWait();
    }
    throw new IllegalStateException(
        "the namespace " + subject.mountNsInode() + " is not known: " + collection().warnings());
  }

  private static Map<String, String> parameters(Scenario scenario, Subject subject) {
    Map<String, String> parameters = new LinkedHashMap<>();
    scenario.parameters().forEach((key, value) -> parameters.put(key, place(value, subject)));
    return parameters;
  }

  private static String place(String text, Subject subject) {
    return text.replace(PID_PLACE, Long.toString(subject.pid()));
  }

  /**
   * The events without those of the bystander, who is selected and whom a snapshot rightly shows.
   */
  private static List<Map<String, String>> eventsBut(RecordedEvents events, long bystander) {
    String pid = Long.toString(bystander);
    return events.events().stream()
        .filter(event -> !pid.equals(event.get("pid")) && !pid.equals(event.get("proc.pid")))
        .toList();
  }

  private static void check(Scenario scenario, Subject subject, List<Map<String, String>> events) {
    if (scenario.none()) {
      assertThat(events).as("records, of which there must be none").isEmpty();
    }
    for (Map<String, String> expected : scenario.expected()) {
      assertThat(events)
          .as("a record with %s", expected)
          .anyMatch(event -> matches(event, expected, subject));
    }
    for (Map<String, String> forbidden : scenario.never()) {
      assertThat(events)
          .as("no record with %s", forbidden)
          .noneMatch(event -> matches(event, forbidden, subject));
    }
  }

  private static boolean matches(
      Map<String, String> event, Map<String, String> wanted, Subject subject) {
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
