// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.catalog;

import io.inspektorgadget.model.gadget.GadgetException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A program of the host that is started, waited for and read. */
final class Tool {
  private static final long TIME_LIMIT_S = 120;
  private static final List<String> FOLDERS =
      List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

  private Tool() {}

  /**
   * What a program did.
   *
   * @param status its exit status
   * @param errors what it wrote to standard error
   */
  record Outcome(int status, String errors) {}

  /** The first of the names that is a program in PATH or the usual folders, or null. */
  static @Nullable Path find(Map<String, String> environment, List<String> names) {
    List<String> folders =
        new ArrayList<>(List.of(environment.getOrDefault("PATH", "").split(":")));
    folders.addAll(FOLDERS);
    for (String name : names) {
      if (name.indexOf('/') >= 0 && Files.isExecutable(Path.of(name))) {
        return Path.of(name);
      }
      for (String folder : folders) {
        Path candidate = Path.of(folder, name);
        if (!folder.isEmpty() && Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
          return candidate;
        }
      }
    }
    return null;
  }

  /**
   * Runs a program to its end.
   *
   * @param doing what it is for; begins every error
   * @param stdout the file that takes its standard output
   * @throws GadgetException if it cannot be started, or is not done within two minutes
   */
  static Outcome run(String doing, List<String> command, Path stdout) {
    Path errors = null;
    try {
      errors = Files.createTempFile("ig-tool", ".err");
      Process process =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(stdout.toFile())
              .redirectError(errors.toFile())
              .start();
      if (!process.waitFor(TIME_LIMIT_S, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new GadgetException(
            doing + ": " + command.getFirst() + " was not done after " + TIME_LIMIT_S + " s");
      }
      byte[] text = Files.readAllBytes(errors);
      return new Outcome(process.exitValue(), new String(text, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new GadgetException(doing + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GadgetException(doing + ": interrupted", e);
    } finally {
      if (errors != null) {
        delete(doing, errors);
      }
    }
  }

  private static void delete(String doing, Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new GadgetException(doing + ": removing " + file + ": " + e.getMessage(), e);
    }
  }
}
