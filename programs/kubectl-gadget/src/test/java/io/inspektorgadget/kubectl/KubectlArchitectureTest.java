// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kubectl;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What the program on a laptop may know. */
final class KubectlArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.inspektorgadget.kubectl");

  @Test
  void itKnowsNoKernelAndNoTracers() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.inspektorgadget.kernel..",
            "io.inspektorgadget.containers..",
            "io.inspektorgadget.tracers..",
            "io.inspektorgadget.agent..",
            "io.inspektorgadget.ig..",
            "java.lang.foreign..")
        .because("it runs on laptops without Linux")
        .check(CLASSES);
  }

  @Test
  void itsPackagesFormNoCycles() {
    slices()
        .matching("io.inspektorgadget.kubectl.(*)..")
        .should()
        .beFreeOfCycles()
        .because("a package that needs its user cannot be understood alone")
        .check(CLASSES);
  }
}
