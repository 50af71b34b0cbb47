// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.testing.TimeLimit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** More containers than an ig may have open files for. */
@Tag("cli")
@Timeout(180)
class OpenFilesProgramTest {
  private static final int OPEN_FILES = 512;
  private static final int CONTAINERS = 300;
  private static final int AT_ONCE = 4;

  /** So many it keeps for everything else; it uses fewer. */
  private static final int KEPT = 100;

  private static final Pattern NAME = Pattern.compile("\"containerName\":\"([^\"]*)\"");
  private static final Pattern PID = Pattern.compile("\"containerPid\":(\\d+)");

  @TempDir Path folder;
  private final String prefix = "igfiles" + ProcessHandle.current().pid() + "-";
  private final List<String> ids =
      IntStream.range(0, CONTAINERS).mapToObj(i -> prefix + i).toList();

  @AfterEach
  void deleteContainers() throws Exception {
    forAll(id -> IgProgram.run(List.of("runc", "delete", "--force", id)));
  }

  private interface Action {
    IgProgram.Ending on(String id) throws Exception;
  }

  private void forAll(Action action) throws Exception {
    List<Callable<String>> calls = new ArrayList<>();
    for (String id : ids) {
      calls.add(() -> action.on(id).err());
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      for (Future<String> call : threads.invokeAll(calls)) {
        assertThat(call.get()).doesNotContain("level=error");
      }
    }
  }

  private IgProgram.Ending run(Path bundle, String id) throws IOException, InterruptedException {
    // Without the pipes of this process, which a container would hold open.
    String line = "exec runc run --detach --bundle \"$0\" \"$1\" </dev/null >/dev/null 2>\"$0/$1\"";
    IgProgram.Ending end = IgProgram.run(List.of("sh", "-c", line, bundle.toString(), id));
    assertThat(end.status()).as(Files.readString(bundle.resolve(id))).isZero();
    return end;
  }

  private static List<String> lines(Path file, String... texts) {
    try {
      return Files.readString(file)
          .lines()
          .filter(line -> List.of(texts).stream().allMatch(line::contains))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void thoseBeyondItsLimitAreToldUnderTheirNamesAndTheLimitIsSaidOnce() throws Exception {
    Path bundle = new RuncContainers(folder).bundle("all", "exec sleep 1000");
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process ig =
        new ProcessBuilder(
                "prlimit",
                "--nofile=" + OPEN_FILES,
                IgProgram.path(),
                "list-containers",
                "-w",
                "-c",
                prefix + "*",
                "-o",
                "json")
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      forAll(id -> run(bundle, id));
      TimeLimit.usual()
          .await("being told of all", () -> lines(out, "\"CREATED\"").size() >= CONTAINERS);
      List<String> created = lines(out, "\"CREATED\"");
      assertThat(created).allMatch(line -> line.contains("\"runtimeName\":\"runc\""));
      assertThat(names(created)).containsExactlyInAnyOrderElementsOf(ids);
      assertThat(openFilesOf(ig)).isLessThan(OPEN_FILES - KEPT);
      for (String line : created) {
        ProcessHandle.of(Long.parseLong(matched(PID, line))).orElseThrow().destroyForcibly();
      }
      TimeLimit.usual()
          .await("being told of all ends", () -> lines(out, "\"DELETED\"").size() >= CONTAINERS);
      assertThat(names(lines(out, "\"DELETED\""))).containsExactlyInAnyOrderElementsOf(ids);
      assertThat(lines(err, "Warning: "))
          .singleElement()
          .asString()
          .contains("watching container " + prefix, "of the 512 files", "raise the limit");
      ig.destroy();
      assertThat(IgProgram.status(ig)).isZero();
    } finally {
      ig.destroyForcibly().waitFor();
    }
  }

  private static List<String> names(List<String> lines) {
    return lines.stream().map(line -> matched(NAME, line)).toList();
  }

  private static String matched(Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    assertThat(matcher.find()).as(line).isTrue();
    return matcher.group(1);
  }

  private static long openFilesOf(Process ig) throws IOException {
    try (Stream<Path> fds = Files.list(Path.of("/proc/" + ig.pid() + "/fd"))) {
      return fds.count();
    }
  }
}
