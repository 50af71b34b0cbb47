// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.CatalogJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The repository keeps its own rules. */
final class TidyTest {
  private static final int DOCUMENT_LINES_MAX = 200;
  private static final long FILE_SIZE_MAX_BYTES = 512 * 1024;

  /** Written in parts so that this file does not break the rule itself. */
  private static final Pattern LEFTOVER =
      Pattern.compile("\\b(FIX" + "ME|TO" + "DO|XX" + "X)\\b|(?i)keep in " + "sync");

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)(#[^)]*)?\\)");
  private static final List<String> TEXT_ENDINGS =
      List.of(".java", ".c", ".h", ".sh", ".md", ".yaml", ".xml", ".py");

  @Test
  void javaSourcesKeepTheRulesOfSizeAndNames() throws IOException {
    List<String> violations = new ArrayList<>();
    for (Map.Entry<String, String> file : RepositoryFiles.texts(List.of(".java")).entrySet()) {
      violations.addAll(JavaRules.violations(file.getKey(), file.getValue()));
    }
    assertThat(violations).isEmpty();
  }

  @Test
  void theRulesFindWhatTheyLookFor() throws IOException {
    String source =
        """
        class StreamManager {
          static int count;
          void one(int a, int b, int c, int d, int e, int f) {
            throw new IllegalStateException("failed to open");
          }
        }
        """;
    assertThat(JavaRules.violations("Sample.java", source))
        .extracting(violation -> violation.replaceFirst(": .*", ""))
        .containsExactlyInAnyOrder(
            "Sample.java:1", "Sample.java:2", "Sample.java:3", "Sample.java:4");
    assertThat(JavaRules.violations("Long.java", "\n".repeat(JavaRules.FILE_LINES_MAX + 1)))
        .hasSize(1);
  }

  @Test
  void nothingUnfinishedIsLeftInTheText() throws IOException {
    List<String> violations = new ArrayList<>();
    RepositoryFiles.texts(TEXT_ENDINGS)
        .forEach((path, text) -> {
          Matcher matcher = LEFTOVER.matcher(text);
          if (matcher.find()) {
            violations.add(path + ": \"" + matcher.group() + "\"; do it or open an issue");
          }
        });
    assertThat(violations).isEmpty();
  }

  @Test
  void sourcesNameTheirLicence() throws IOException {
    List<String> violations = new ArrayList<>();
    RepositoryFiles.texts(List.of(".java", ".c", ".h"))
        .forEach((path, text) -> {
          boolean ofKernel =
              path.endsWith(".bpf.c")
                  || path.contains("gadgets/include/")
                  || path.contains("/src/main/bpf/")
                  || path.contains("/src/test/bpf/");
          String licence = ofKernel ? "GPL-2.0" : "Apache-2.0";
          if (!text.startsWith("// SPDX-License-Identifier: " + licence)
              && !text.startsWith("/* SPDX-License-Identifier: " + licence)) {
            violations.add(path + ": its first line names no " + licence);
          }
        });
    assertThat(violations).isEmpty();
  }

  @Test
  void everyPackageSaysWhatItIsFor() throws IOException {
    TreeSet<String> packages = new TreeSet<>();
    TreeSet<String> described = new TreeSet<>();
    for (String path : RepositoryFiles.texts(List.of(".java")).keySet()) {
      if (path.contains("src/main/java")) {
        String folder = path.substring(0, path.lastIndexOf('/'));
        (path.endsWith("package-info.java") ? described : packages).add(folder);
      }
    }
    packages.removeAll(described);
    assertThat(packages).as("packages without package-info.java").isEmpty();
  }

  @Test
  void documentsAreShortAndTheirLinksLeadSomewhere() throws IOException {
    List<String> violations = new ArrayList<>();
    for (Map.Entry<String, String> file : RepositoryFiles.texts(List.of(".md")).entrySet()) {
      long lines = file.getValue().lines().count();
      if (lines > DOCUMENT_LINES_MAX) {
        violations.add(file.getKey() + ": " + lines + " lines; at most " + DOCUMENT_LINES_MAX);
      }
      Matcher link = LINK.matcher(file.getValue());
      while (link.find()) {
        String target = link.group(1);
        Path folder = RepositoryFiles.root().resolve(file.getKey()).resolveSibling(".");
        if (!target.contains(":") && !Files.exists(folder.resolve(target))) {
          violations.add(file.getKey() + ": its link to " + target + " leads nowhere");
        }
      }
    }
    assertThat(violations).isEmpty();
  }

  @Test
  void noFileIsLargeOrCompiled() throws IOException {
    List<String> violations = new ArrayList<>();
    for (Path file : RepositoryFiles.all()) {
      String name = RepositoryFiles.root().relativize(file).toString();
      if (Files.size(file) > FILE_SIZE_MAX_BYTES) {
        violations.add(name + ": " + Files.size(file) + " bytes");
      }
      if (name.endsWith(".class") || name.endsWith(".jar") || name.endsWith(".o")) {
        violations.add(name + ": a build product");
      }
    }
    assertThat(violations).isEmpty();
  }

  @Test
  void everyGadgetIsWhole() throws IOException {
    List<String> violations = new ArrayList<>();
    int gadgets = 0;
    try (var folders = Files.newDirectoryStream(RepositoryFiles.root().resolve("gadgets"), "*_*")) {
      for (Path folder : folders) {
        gadgets++;
        String name = String.valueOf(folder.getFileName());
        for (String part : List.of(name + ".bpf.c", "gadget.yaml", "scenario.yaml", "README.md")) {
          if (!Files.exists(folder.resolve(part))) {
            violations.add("gadgets/" + name + " lacks " + part);
          }
        }
      }
    }
    assertThat(violations).isEmpty();
    assertThat(gadgets).as("gadgets found").isPositive();
  }

  @Test
  void theReadmeNamesEveryGadgetOfTheCatalog() throws IOException {
    String readme = Files.readString(RepositoryFiles.root().resolve("README.md"));
    try (InputStream file = TidyTest.class.getClassLoader().getResourceAsStream(Catalog.RESOURCE)) {
      if (file == null) {
        throw new IllegalStateException("the build left out " + Catalog.RESOURCE);
      }
      List<String> commands =
          CatalogJson.read(file).gadgets().stream()
              .map(gadget -> "`ig " + gadget.category() + " " + gadget.commandName() + "`")
              .toList();
      assertThat(readme).contains(commands);
    }
  }
}
