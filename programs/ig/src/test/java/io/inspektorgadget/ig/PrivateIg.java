// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.testing.TimeLimit;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * An {@code ig} in a mount namespace of its own, in which a copy of runc lies at the places of the
 * runtimes: it holds starts of that copy, and nobody else's on this machine. It leads a process
 * group. What it prints goes to files in its folder, unless the command line sends it elsewhere.
 */
final class PrivateIg {
  private static final TimeLimit LIMIT = TimeLimit.ofMs(IgProgram.LIMIT_S * 1_000);
  private static final String COVER =
      """
      ulimit -c 0
      for runtime in /usr/bin/runc /usr/sbin/runc /usr/bin/crun /usr/local/bin/runc; do
        if [ -f "$runtime" ] && [ ! -L "$runtime" ]; then mount --bind "$1" "$runtime"; fi
      done
      shift
      """;

  private final Process process;
  private final Path folder;

  private PrivateIg(Process process, Path folder) {
    this.process = process;
    this.folder = folder;
  }

  /** A copy of runc that nobody else has. */
  static Path copyRunc(Path folder) throws IOException {
    Path copy = Files.copy(Path.of("/usr/sbin/runc"), folder.resolve("runc"));
    assertThat(copy.toFile().setExecutable(true)).isTrue();
    return copy;
  }

  /**
   * Starts one.
   *
   * @param runc the copy
   * @param last the last line of a shell script: what is done with the words of ig's command line,
   *     such as {@code exec "$@"}
   */
  static PrivateIg start(Path folder, Path runc, String last, String... args) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of("setsid", "unshare", "-m", "sh", "-c", COVER + last, "sh", runc.toString()));
    command.add(IgProgram.path());
    command.addAll(List.of(args));
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(new File("/dev/null"))
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();
    return new PrivateIg(process, folder);
  }

  /** Waits until starts of this runtime are held. */
  void awaitHolding(Path runc) {
    LIMIT.await(
        "holding " + runc,
        () -> {
          try {
            assertThat(process.isAlive()).as("goes on; it says %s", err()).isTrue();
            return GateProcesses.hold(process, runc);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  Process process() {
    return process;
  }

  String out() {
    return text("out");
  }

  String err() {
    return text("err");
  }

  private String text(String name) {
    try {
      return Files.readString(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for a line of standard output with all of these texts. */
  void awaitOut(String... texts) {
    LIMIT.await("a line with " + List.of(texts), () -> has(out(), texts));
  }

  /** Waits for a line of standard error with all of these texts. */
  void awaitErr(String... texts) {
    LIMIT.await("a message with " + List.of(texts), () -> has(err(), texts));
  }

  private static boolean has(String lines, String... texts) {
    return lines.lines().anyMatch(line -> Stream.of(texts).allMatch(line::contains));
  }

  /** Sends it a signal, or its whole group. */
  void signal(String name, boolean wholeGroup) throws IOException, InterruptedException {
    String whom = (wholeGroup ? "-" : "") + process.pid();
    assertThat(IgProgram.run(List.of("kill", "-" + name, "--", whom)).status()).isZero();
  }

  /** How many files it may have open from now on. */
  void limitOpenFiles(String limit) throws IOException, InterruptedException {
    List<String> prlimit =
        List.of("prlimit", "--pid", "" + process.pid(), "--nofile=" + limit + ":");
    assertThat(IgProgram.run(prlimit).status()).isZero();
  }

  /** Maps, programs and links of the kernel that it has open, as words for bpftool. */
  List<List<String>> kernelObjects() throws IOException {
    TreeSet<String> found = new TreeSet<>();
    try (Stream<Path> fds = Files.list(Path.of("/proc/" + process.pid() + "/fdinfo"))) {
      for (Path fd : fds.toList()) {
        Files.readString(fd)
            .lines()
            .filter(line -> line.matches("(map|prog|link)_id:\\s+\\d+"))
            .forEach(found::add);
      }
    }
    return found.stream().map(line -> List.of(line.split("_id:\\s+"))).toList();
  }

  /** Waits until none of these is left in the kernel. */
  static void awaitGone(List<List<String>> objects) {
    for (List<String> object : objects) {
      LIMIT.await(
          "the end of " + object,
          () -> {
            try {
              return IgProgram.run(List.of("bpftool", object.get(0), "show", "id", object.get(1)))
                      .status()
                  != 0;
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
              return false;
            }
          });
    }
  }
}
