// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.repository;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows between the modules are those of ARCHITECTURE.md. */
final class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.inspektorgadget");

  @Test
  void modulesDependOnlyOnThoseBelowThem() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("kernel")
        .definedBy("io.inspektorgadget.kernel..")
        .layer("model")
        .definedBy("io.inspektorgadget.model..")
        .layer("containers")
        .definedBy("io.inspektorgadget.containers..")
        .layer("tracers")
        .definedBy("io.inspektorgadget.tracers..")
        .layer("columns")
        .definedBy("io.inspektorgadget.columns..")
        .layer("cli")
        .definedBy("io.inspektorgadget.cli..")
        .layer("ig")
        .definedBy("io.inspektorgadget.ig..")
        .whereLayer("kernel")
        .mayNotAccessAnyLayer()
        .whereLayer("model")
        .mayNotAccessAnyLayer()
        .whereLayer("containers")
        .mayOnlyAccessLayers("kernel", "model")
        .whereLayer("tracers")
        .mayOnlyAccessLayers("kernel", "model", "containers")
        .whereLayer("columns")
        .mayOnlyAccessLayers("model")
        .whereLayer("cli")
        .mayOnlyAccessLayers("columns", "model")
        .because("a laptop without Linux runs cli and columns, and kernel serves everybody")
        .check(CLASSES);
  }

  @Test
  void onlyKernelTouchesNativeMemoryFunctions() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.inspektorgadget.kernel..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.foreign.Linker")
        .because("native access is allowed in one module only")
        .check(CLASSES);
  }

  @Test
  void commandLineLibrariesStayInTheCommandLine() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.inspektorgadget.cli..", "io.inspektorgadget.ig..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("picocli..")
        .because("the agent and programs that embed us have no command line")
        .check(CLASSES);
  }

  @Test
  void kubernetesLibrariesAreNotOnTheClassPath() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.fabric8..", "io.kubernetes..")
        .because("ig needs no Kubernetes")
        .check(CLASSES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.fabric8.kubernetes.client.Client",
        "tools.jackson.databind.ObjectMapper",
        "io.inspektorgadget.trace.Trace"
      })
  void whatTheClusterNeedsDoesNotComeWithIg(String name) {
    assertThatThrownBy(() -> Class.forName(name, false, ArchitectureTest.class.getClassLoader()))
        .as("a dependency of ig brings the libraries of Kubernetes along")
        .isInstanceOf(ClassNotFoundException.class);
  }

  @Test
  void packagesFormNoCycles() {
    slices()
        .matching("io.inspektorgadget.(*).(*)..")
        .should()
        .beFreeOfCycles()
        .because("a package that needs its user cannot be understood alone")
        .check(CLASSES);
  }
}
