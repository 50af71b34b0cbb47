// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.scenario;

import io.inspektorgadget.containers.CollectionOptions;
import io.inspektorgadget.containers.ContainerCollection;
import io.inspektorgadget.kernel.host.HostFilesystem;
import io.inspektorgadget.model.container.ContainerInfo;
import io.inspektorgadget.model.container.ContainerSelector;
import io.inspektorgadget.model.container.ValueList;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.run.RunLimits;
import io.inspektorgadget.model.run.RunRequest;
import io.inspektorgadget.model.schema.DataSource;
import io.inspektorgadget.testing.KernelNeed;
import io.inspektorgadget.testing.TimeLimit;
import io.inspektorgadget.tracers.run.GadgetRun;
import io.inspektorgadget.tracers.run.GadgetRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private static final TimeLimit LIMIT = TimeLimit.usual();

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
  @Tag(GuestSelection.EVERY_KERNEL)
  Stream<DynamicTest> everyScenarioOfEveryGadget() throws IOException {
    GuestSelection selection = GuestSelection.ofProperties();
    List<DynamicTest> tests = new ArrayList<>();
    String wanted = System.getenv().getOrDefault("IG_SCENARIO", "");
    for (GadgetScenarios all : GadgetScenarios.all()) {
      GadgetSpec gadget = all.gadget();
      if (!gadget.name().contains(wanted)) {
        continue;
      }
      for (Scenario scenario :
          selection == null ? all.scenarios() : selection.of(all.scenarios())) {
        tests.add(
            DynamicTest.dynamicTest(
                gadget.name() + " " + scenario.name(), () -> run(gadget, scenario)));
      }
    }
    return tests.stream();
  }

  private void run(GadgetSpec gadget, Scenario scenario) throws IOException, InterruptedException {
    for (KernelNeed need : scenario.needs()) {
      String reason = need.missing();
      Assumptions.assumeTrue(reason.isEmpty(), reason);
    }
    List<String> bystander = List.of("/bin/sh", "-c", "read -r _");
    try (Subject subject = Subject.start(scenario.command());
        Subject selected = scenario.outside() ? Subject.start(bystander) : subject) {
      ContainerInfo container = awaitContainer(selected);
      ContainerSelector selector =
          ContainerSelector.ofNames(new ValueList(List.of(container.name()), List.of()));
      RunRequest request =
          new RunRequest(gadget, parameters(scenario, subject), selector, new RunLimits(0, 200, 0));
      Expectation expectation =
          new Expectation(scenario, subject, scenario.outside() ? selected.pid() : 0);
      if (isSnapshot(gadget)) {
        snapshots(request, expectation);
      } else {
        expectation.check(recorded(request, subject));
      }
    }
  }

  private static boolean isSnapshot(GadgetSpec gadget) {
    return gadget.sources().stream()
        .allMatch(source -> source.source().kind() == DataSource.Kind.SNAPSHOT);
  }

  /** What the gadget sees from before the subject becomes its command until it has ended. */
  private RecordedEvents recorded(RunRequest request, Subject subject)
      throws IOException, InterruptedException {
    RecordedEvents events = new RecordedEvents();
    try (GadgetRun run = runner().start(request, events)) {
      run.awaitAttached();
      subject.release();
      subject.awaitExit(LIMIT.ms());
    }
    return events;
  }

  /** The command goes on while snapshots are taken, until one shows it as it is meant to be. */
  private void snapshots(RunRequest request, Expectation expectation)
      throws IOException, InterruptedException {
    expectation.subject().release();
    awaitCommand(expectation.subject());
    long deadlineNs = LIMIT.deadlineNs();
    RecordedEvents events;
    do {
      events = new RecordedEvents();
      try (GadgetRun run = runner().start(request, events)) {
        run.awaitEnd();
      }
    } while (!expectation.isComplete(events) && System.nanoTime() < deadlineNs);
    expectation.check(events);
  }

  private GadgetRunner runner() {
    return new GadgetRunner(this::collection, HostFilesystem.ofEnvironment(), "");
  }

  private static void awaitCommand(Subject subject) {
    Path words = Path.of("/proc", Long.toString(subject.pid()), "cmdline");
    LIMIT.await(
        "the subject to become its command",
        () -> {
          try {
            return !Files.readString(words).contains("subject");
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private ContainerInfo awaitContainer(Subject subject) {
    return LIMIT.<ContainerInfo>awaitValue(
        "the container with the mount namespace " + subject.mountNsInode(),
        () -> collection().byMountNs(subject.mountNsInode(), 0));
  }

  private static Map<String, String> parameters(Scenario scenario, Subject subject) {
    Map<String, String> parameters = new LinkedHashMap<>();
    scenario
        .parameters()
        .forEach((key, value) -> parameters.put(key, Expectation.place(value, subject)));
    return parameters;
  }
}
