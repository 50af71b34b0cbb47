// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.inspektorgadget.kernel.btf.Btf;
import io.inspektorgadget.model.gadget.Catalog;
import io.inspektorgadget.model.gadget.GadgetException;
import io.inspektorgadget.model.gadget.GadgetSpec;
import io.inspektorgadget.model.schema.FieldSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GadgetSourceTest {
  private static final String PROGRAM =
      """
      // SPDX-License-Identifier: GPL-2.0
      #include INCLUDED
      #include <bpf/bpf_helpers.h>
      #include "own.h"
      struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");
      const void *gadget_tracer_mine___events___event __attribute__((unused));
      const struct event *__gadget_tracer_type_mine __attribute__((unused));
      """;

  @TempDir Path folder = Path.of("");
  private final Map<String, String> environment = new HashMap<>();
  private Path gadget = Path.of("");

  @BeforeEach
  void gadgetFolder() throws IOException {
    environment.put("PATH", System.getenv().getOrDefault("PATH", ""));
    environment.put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    gadget = Files.createDirectories(folder.resolve("trace_mine"));
    Files.writeString(gadget.resolve("own.h"), "struct event { __u32 pid; __u32 number_raw; };\n");
  }

  private GadgetSpec find(Path path) {
    return new GadgetSource(new Catalog(List.of()), environment).find(path.toString());
  }

  private void program(String name, String include) throws IOException {
    Files.writeString(gadget.resolve(name), PROGRAM.replace("INCLUDED", include));
  }

  private void assertRefused(Path path, String... parts) {
    assertThatThrownBy(() -> find(path))
        .isInstanceOf(GadgetException.class)
        .hasMessageContainingAll(parts);
  }

  private static List<String> fields(GadgetSpec spec) {
    return spec.sources().getFirst().source().schema().fields().stream()
        .map(FieldSpec::name)
        .toList();
  }

  @Test
  void compilesAFolder() throws IOException {
    program("program.bpf.c", "<linux/bpf.h>");
    Files.writeString(gadget.resolve("gadget.yaml"), "description: Mine\n");
    GadgetSpec spec = find(gadget);
    assertThat(spec.name()).isEqualTo("trace_mine");
    assertThat(spec.description()).isEqualTo("Mine");
    assertThat(fields(spec)).containsExactly("pid", "number_raw");
    GadgetSpec.ObjectLocation.ObjectFile object =
        (GadgetSpec.ObjectLocation.ObjectFile) spec.object();
    assertThat(object.path()).exists().startsWith(folder.resolve("cache/inspektor-gadget"));
    assertThat(((GadgetSpec.ObjectLocation.ObjectFile) find(gadget).object()).path())
        .isEqualTo(object.path());
    try (Stream<Path> cached = Files.list(object.path().getParent())) {
      assertThat(cached).containsExactly(object.path());
    }
  }

  @Test
  void makesVmlinuxOfTheRunningKernel() throws IOException {
    assumeThat(Btf.KERNEL_PATH).matches(Files::isReadable, "the kernel shows its BTF");
    program("trace_mine.bpf.c", "<vmlinux.h>");
    assertThat(fields(find(gadget))).contains("pid");
    try (Stream<Path> made = Files.walk(folder.resolve("cache/inspektor-gadget/vmlinux"))) {
      assertThat(made).filteredOn(p -> p.endsWith("vmlinux.h")).hasSize(1);
    }
  }

  @Test
  void followsBuildYaml() throws IOException {
    program("other.c", "<linux/bpf.h>");
    Files.writeString(
        gadget.resolve("build.yaml"),
        "ebpfsource: other.c\nmetadata: meta.yaml\nwasm: go/main.go\n");
    assertRefused(gadget, "build.yaml names", "meta.yaml");
    Files.writeString(
        gadget.resolve("meta.yaml"), "datasources: {mine: {fields: {from_wasm: {}}}}\n");
    GadgetSpec spec = find(gadget);
    assertThat(spec.sources().getFirst().source().annotation("missing-fields"))
        .isEqualTo("from_wasm");
    Files.writeString(gadget.resolve("build.yaml"), "ebpfsource: gone.c\n");
    assertRefused(gadget, "build.yaml names", "gone.c");
    Files.writeString(gadget.resolve("build.yaml"), "ebpfsource: [\n");
    assertRefused(gadget, "build.yaml", "line 2");
  }

  @Test
  void readsObjects() throws IOException {
    Path object = gadget.resolve("mine.bpf.o");
    try (InputStream in =
        Objects.requireNonNull(
            GadgetSourceTest.class.getResourceAsStream("/bpf/everything.bpf.o"))) {
      Files.copy(in, object);
    }
    assertThat(find(object).name()).isEqualTo("mine");
    assertThat(find(gadget).name()).isEqualTo("trace_mine");
    Files.writeString(gadget.resolve("gadget.yaml"), "description: Beside it\n");
    assertThat(find(object).description()).isEqualTo("Beside it");
    Files.writeString(gadget.resolve("gadget.yaml"), "datasources: {al: {}}\n");
    assertRefused(object, "mine/gadget.yaml line 1", "did you mean all?");
  }

  @Test
  void showsWhatClangSays() throws IOException {
    Files.writeString(gadget.resolve("program.bpf.c"), "int broken( {\n");
    assertRefused(gadget, "compiling the gadget trace_mine", "program.bpf.c:1:", "error:");
  }

  @Test
  void saysWhatIsMissing() throws IOException {
    assertRefused(gadget, "trace_mine", "0 sources", "ebpfsource");
    assertRefused(folder.resolve("nowhere.o"), "nowhere.o", "no such file");
    Path text = Files.writeString(folder.resolve("text.o"), "no object");
    assertRefused(text, "reading the gadget text", "7f 45 4c 46");
    program("program.bpf.c", "<linux/bpf.h>");
    environment.put("CLANG", "/nowhere/clang");
    assertRefused(gadget, "no clang 16", "CLANG=/nowhere/clang", "apt-get install");
  }

  @Test
  void suggestsTheNearestName() throws IOException {
    program("program.bpf.c", "<linux/bpf.h>");
    GadgetSource source = new GadgetSource(new Catalog(List.of(find(gadget))), environment);
    assertThat(source.find("trace_mine").name()).isEqualTo("trace_mine");
    assertThatThrownBy(() -> source.find("trace_mime"))
        .isInstanceOf(GadgetException.class)
        .hasMessageContaining("did you mean trace_mine?");
  }
}
