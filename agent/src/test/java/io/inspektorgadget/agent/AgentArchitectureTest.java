// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may know whom in the gadget pod. */
final class AgentArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.inspektorgadget");

  @Test
  void thePodHasNoCommandLineAndNoTerminal() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("picocli..", "io.inspektorgadget.cli..", "io.inspektorgadget.ig..")
        .because("a pod is run by Kubernetes")
        .check(CLASSES);
  }

  @Test
  void streamsAndTracersKnowNothingOfKubernetes() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.inspektorgadget.agent.stream..", "io.inspektorgadget.agent.tracer..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.fabric8..", "io.inspektorgadget.agent.trace..")
        .because("the controller drives the tracers, not the other way round")
        .check(CLASSES);
  }

  @Test
  void streamsDoNotKnowWhatWritesThem() {
    noClasses()
        .that()
        .resideInAPackage("io.inspektorgadget.agent.stream..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.inspektorgadget.agent.tracer..",
            "io.inspektorgadget.tracers..",
            "io.inspektorgadget.containers..",
            "io.inspektorgadget.kernel..")
        .because("a stream is lines and their readers")
        .check(CLASSES);
  }

  @Test
  void whatReadersShareKnowsNeitherTheKernelNorTracers() {
    noClasses()
        .that()
        .resideInAPackage("io.inspektorgadget.trace..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.inspektorgadget.kernel..",
            "io.inspektorgadget.containers..",
            "io.inspektorgadget.tracers..",
            "io.inspektorgadget.agent..")
        .because("the plugin on a laptop reads the same frames")
        .check(CLASSES);
  }
}
