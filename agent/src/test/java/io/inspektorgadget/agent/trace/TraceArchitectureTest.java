// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent.trace;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may know Kubernetes, and what those who know it may know of the rest. */
final class TraceArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.inspektorgadget");

  @Test
  void theResourceKnowsOnlyTheModelAndTheClientsClasses() {
    classes()
        .that()
        .resideInAPackage("io.inspektorgadget.trace")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.jspecify..",
            "com.fasterxml.jackson.annotation..",
            "io.fabric8..",
            "io.inspektorgadget.model..",
            "io.inspektorgadget.trace")
        .because("the client on a laptop and the agent share it")
        .check(CLASSES);
  }

  @Test
  void theControllerKnowsTheTracersOnlyByTheirList() {
    noClasses()
        .that()
        .resideInAPackage("io.inspektorgadget.agent.trace..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.inspektorgadget.kernel..",
            "io.inspektorgadget.containers..",
            "io.inspektorgadget.tracers..",
            "io.inspektorgadget.agent.stream..")
        .because("a Trace is performed through TracerControl")
        .check(CLASSES);
  }

  @Test
  void onlyTheControllerAndThePodsKnowKubernetes() {
    noClasses()
        .that()
        .resideInAPackage("io.inspektorgadget..")
        .and()
        .resideOutsideOfPackages(
            "io.inspektorgadget.trace",
            "io.inspektorgadget.trace.client",
            "io.inspektorgadget.agent",
            "io.inspektorgadget.agent.cluster..",
            "io.inspektorgadget.agent.trace..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.fabric8..")
        .because("tracers and streams work without a cluster")
        .check(CLASSES);
  }
}
