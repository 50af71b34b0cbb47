// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.ig.IgProgram.Ending;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code ig run} of everything that can be run, and of what cannot: gadgets of the catalog, folders
 * of ours and of others, objects with and without metadata. All look at one process of ours.
 */
@Tag("cli")
class RunTargetsProgramTest {
  private static final Path CHECKOUT = Path.of(System.getProperty("ig.checkout", "."));
  private static final Path OTHERS = CHECKOUT.resolve("programs/ig/src/test/bpf");
  private static final String OPENED = "\"fname\":\"/dev/null\"";

  @TempDir Path directory;
  private List<Process> openers = List.of();

  @BeforeEach
  void startOpener() throws IOException {
    String loop = "while :; do : </dev/null; done";
    openers = List.of(new ProcessBuilder("nice", "sh", "-c", loop).start());
  }

  @AfterEach
  void endOpener() {
    openers.forEach(Process::destroyForcibly);
  }

  private Ending run(String target, String... flags) throws Exception {
    String pid = Long.toString(openers.getFirst().pid());
    return IgProgram.run(
        Stream.concat(
                List.of(
                    IgProgram.path(), "run", target, "--host", "--pid", pid, "--timeout", "500ms")
                    .stream(),
                Arrays.stream(flags))
            .toList());
  }

  private static Ending succeeded(Ending end) {
    assertThat(end.status()).as(end.err()).isZero();
    assertThat(end.err()).isEmpty();
    return end;
  }

  /** An object of the build, in a folder of its own. */
  private Path object(String resource) throws IOException {
    Path file = directory.resolve("mine.bpf.o");
    try (InputStream in =
        Objects.requireNonNull(RunTargetsProgramTest.class.getResourceAsStream(resource))) {
      Files.copy(in, file);
    }
    return file;
  }

  private Path written(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  @Test
  void runsAGadgetOfTheCatalogByEachOfItsNames() throws Exception {
    for (String name : List.of("trace_open", "opensnoop")) {
      assertThat(succeeded(run(name, "-o", "json")).out()).contains(OPENED);
    }
  }

  @Test
  void runsAFolderOfOurs() throws Exception {
    String folder = CHECKOUT.resolve("gadgets/trace_open").toString();
    assertThat(succeeded(run(folder, "-o", "json")).out()).contains(OPENED, "\"error\":\"\"");
  }

  @Test
  void runsAFolderOfOthers() throws Exception {
    Ending end =
        succeeded(run(OTHERS.resolve("others_sampler").toString(), "-o", "json", "--entries", "5"));
    String pid = Long.toString(openers.getFirst().pid());
    assertThat(end.out())
        // Only the bytes that count: /dev/null.
        .contains("{\"payload\":\"L2Rldi9udWxs\",\"pid\":" + pid + ",\"used\":9}")
        .contains("[{\"pid\":" + pid + ",\"reason\":\"SKB_DROP_REASON_NOT_SPECIFIED\"");
  }

  @Test
  void runsAFolderThatWantsTheKernelsTypesAndThePublishedHeaders() throws Exception {
    String folder = OTHERS.resolve("others_headers").toString();
    Ending end = succeeded(run(folder, "-o", "json", "--collect-ustack", "--comm", "sh,dash"));
    String pid = Long.toString(openers.getFirst().pid());
    assertThat(end.out())
        .contains(
            "\"cwd\":\"" + Path.of("").toAbsolutePath() + "\"",
            "\"class\":\"tiny\"",
            "\"fpath\":\"/dev/null\"",
            "do_syscall_64; ",
            "\"addresses\":\"[0]0x",
            "\"pid\":" + pid);
    assertThat(end.out().lines().filter(line -> line.startsWith("[{")))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).containsPattern("\"opens\":[1-9]"));
  }

  @Test
  void runsAnObjectWithoutMetadata() throws Exception {
    Path object = object("/gadgets/trace_open.bpf.o");
    assertThat(succeeded(run(object.toString(), "-o", "json")).out())
        .contains(OPENED, "\"error\":\"\"", "\"error_raw\":0");
  }

  @Test
  void runsAnObjectWithTheMetadataBesideIt() throws Exception {
    Path object = object("/gadgets/trace_open.bpf.o");
    Files.copy(
        CHECKOUT.resolve("gadgets/trace_open/gadget.yaml"), directory.resolve("gadget.yaml"));
    assertThat(succeeded(run(object.toString(), "-o", "json")).out()).contains(OPENED);
    assertThat(succeeded(IgProgram.ig("run", object.toString(), "--help")).out())
        .startsWith("Shows the files that processes open");
  }

  private void assertRefused(String target, String... said) throws Exception {
    Ending end = run(target);
    assertThat(end.err()).startsWith("Error: ").contains(said);
    assertThat(end.err().lines()).hasSize(1);
    assertThat(end.out()).isEmpty();
    assertThat(end.status()).isEqualTo(1);
  }

  @Test
  void aFolderWithoutAProgramIsRefused() throws Exception {
    assertRefused(directory.toString(), "0 sources and 0 objects", "program.bpf.c");
  }

  @Test
  void brokenMetadataIsRefusedWithItsPlace() throws Exception {
    Files.copy(OTHERS.resolve("others_sampler/program.bpf.c"), directory.resolve("program.bpf.c"));
    written("gadget.yaml", "name: [\n");
    assertRefused(directory.toString(), "gadget.yaml line 2 column 1");
    written("gadget.yaml", "datasources: {counts: {fields: {sampels: {}}}}\n");
    assertRefused(directory.toString(), "line 1 column 33", "no field sampels", "mean samples?");
    written("gadget.yaml", "params: {ebpf: {entries: {}}}\n");
    assertRefused(directory.toString(), "the object has no parameter entries");
  }

  @Test
  void whatIsNoWholeObjectIsRefused() throws Exception {
    assertRefused(written("text.o", "hello\n").toString(), "reading the ELF file", "begin with");
    byte[] whole = Files.readAllBytes(object("/gadgets/trace_open.bpf.o"));
    Path cut = directory.resolve("cut.o");
    for (int length : List.of(0, 63, 64, whole.length / 2, whole.length - 1)) {
      Files.write(cut, Arrays.copyOf(whole, length));
      assertRefused(cut.toString(), "reading the gadget cut");
    }
  }

  @Test
  void aProgramThatTheVerifierRejectsIsExplained() throws Exception {
    String source = Files.readString(OTHERS.resolve("others_sampler/program.bpf.c"));
    written("program.bpf.c", source.replace("	if (!record)\n		return 0;\n", ""));
    assertRefused(directory.toString(), "loading ", "EACCES", "program.bpf.c line ", "mem_or_null");
  }

  @Test
  void whatTheCompilerSaysKeepsItsLines() throws Exception {
    written("program.bpf.c", "int broken = ;\n");
    Ending end = run(directory.toString());
    assertThat(end.err().lines().toList())
        .hasSizeGreaterThan(2)
        .startsWith(
            "Error: compiling the gadget " + directory.getFileName() + ": clang reports errors")
        .anyMatch(line -> line.startsWith("  ") && line.contains("program.bpf.c:1:14: error:"))
        .noneMatch(line -> line.contains("\\n"));
    assertThat(end.status()).isEqualTo(1);
  }

  @Test
  void aHookThatThisKernelLacksIsNamed() throws Exception {
    Ending end = IgProgram.ig("run", OTHERS.resolve("missing_hook").toString(), "--host");
    assertThat(end.err())
        .isEqualTo(
            "Error: attaching tracepoint/syscalls/sys_enter_no_such_call: ENOENT"
                + " (this kernel has no such tracepoint)\n");
    assertThat(end.status()).isEqualTo(1);
  }

  @Test
  void aValueThatNoParameterTakesIsRefused() throws Exception {
    String folder = OTHERS.resolve("others_sampler").toString();
    Ending end = run(folder, "--entries", "0");
    assertThat(end.err())
        .isEqualTo("Error: setting --entries to \"0\": map counts has 1 to 2147483647 entries\n");
    assertThat(end.status()).isEqualTo(1);
  }
}
