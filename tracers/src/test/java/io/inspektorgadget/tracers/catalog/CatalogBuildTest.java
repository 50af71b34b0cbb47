// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.CatalogJson;
import io.inspektorgadget.model.gadget.GadgetException;
import io.inspektorgadget.model.gadget.GadgetSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogBuildTest {
  @TempDir Path folder = Path.of("");
  private Path gadgets = Path.of("");
  private Path objects = Path.of("");
  private Path classes = Path.of("");

  @BeforeEach
  void folders() throws IOException {
    gadgets = Files.createDirectories(folder.resolve("source"));
    objects = folder.resolve("objects");
    classes = folder.resolve("classes");
    Files.createDirectories(gadgets.resolve("include/gadget"));
    Files.writeString(gadgets.resolve("include/gadget/macros.h"), "/* macros */\n");
  }

  private void gadget(String name, String names) throws IOException {
    Files.createDirectories(gadgets.resolve(name));
    Files.writeString(
        gadgets.resolve(name).resolve("gadget.yaml"),
        "description: Shows x\nannotations: {names: '" + names + "'}\n");
    Path object = objects.resolve(name).resolve(name + ".bpf.o");
    Files.createDirectories(object.getParent());
    try (InputStream in =
        Objects.requireNonNull(
            CatalogBuildTest.class.getResourceAsStream("/bpf/everything.bpf.o"))) {
      Files.copy(in, object);
    }
  }

  @Test
  void writesCatalogObjectsAndHeaders() throws IOException {
    gadget("trace_two", "second");
    gadget("trace_one", "");
    Files.createDirectories(gadgets.resolve("target"));
    Files.createDirectories(classes.resolve("gadgets"));
    Files.writeString(classes.resolve("gadgets/trace_gone.bpf.o"), "stale");
    CatalogBuild.build(gadgets, objects, classes);
    Path out = classes.resolve("gadgets");
    try (InputStream in = Files.newInputStream(out.resolve("catalog.json"))) {
      Catalog catalog = CatalogJson.read(in);
      assertThat(catalog.gadgets())
          .extracting(GadgetSpec::name)
          .containsExactly("trace_one", "trace_two");
      assertThat(catalog.gadgets().getFirst().object())
          .isEqualTo(new GadgetSpec.ObjectLocation.Resource("gadgets/trace_one.bpf.o"));
    }
    assertThat(out.resolve("trace_two.bpf.o")).exists();
    assertThat(out.resolve("trace_gone.bpf.o")).doesNotExist();
    assertThat(out.resolve("include/gadget/macros.h")).hasContent("/* macros */");
    assertThat(out.resolve("include/headers.list")).hasContent("gadget/macros.h");
  }

  @Test
  void writesTheSameBytesTwice() throws IOException {
    gadget("trace_one", "");
    CatalogBuild.build(gadgets, objects, classes);
    byte[] first = Files.readAllBytes(classes.resolve("gadgets/catalog.json"));
    CatalogBuild.build(gadgets, objects, classes);
    assertThat(classes.resolve("gadgets/catalog.json")).hasBinaryContent(first);
  }

  @Test
  void refusesTwoGadgetsOfOneName() throws IOException {
    gadget("trace_one", "same");
    gadget("trace_two", "other,same");
    assertRefused("trace_one", "trace_two", "same");
  }

  @Test
  void refusesFoldersThatAreIncomplete() throws IOException {
    Files.createDirectories(gadgets.resolve("trace_none"));
    assertRefused("trace_none", "trace_none.bpf.c");
    gadget("trace_none", "");
    Files.writeString(gadgets.resolve("trace_none/gadget.yaml"), "name: x\n");
    assertRefused("trace_none", "description");
    Files.delete(gadgets.resolve("trace_none/gadget.yaml"));
    assertRefused("trace_none", "gadget.yaml");
  }

  private void assertRefused(String... parts) {
    assertThatThrownBy(() -> CatalogBuild.build(gadgets, objects, classes))
        .isInstanceOf(GadgetException.class)
        .hasMessageStartingWith("building the catalog: ")
        .hasMessageContainingAll(parts);
  }
}
