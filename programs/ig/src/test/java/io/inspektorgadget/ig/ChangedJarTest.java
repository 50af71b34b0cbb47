// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.ig.IgProgram.Ending;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The classes that a start takes from its AOT cache are those of the jars as they are now. Works on
 * a copy of what a built checkout starts from; one class of its jar is changed.
 */
@Tag("cli")
class ChangedJarTest {
  private static final Path CHECKOUT =
      Path.of(System.getProperty("ig.checkout", ".")).toAbsolutePath();
  private static final String CHANGED_CLASS = "/io/inspektorgadget/ig/IgMain.class";
  private static final String BEFORE = "Shows what containers on this host really do";
  private static final String AFTER = "Shows what containers on this host TRULY! do";

  @TempDir Path directory;
  private Path copy = Path.of("");
  private Path cache = Path.of("");

  @BeforeEach
  void copyLaunchPieces() throws Exception {
    copy = directory.resolve("a copy with spaces");
    cache = directory.resolve("cache");
    Path programs = Files.createDirectories(copy.resolve("programs/ig/target"));
    copyInto(copy, CHECKOUT.resolve("ig"), CHECKOUT.resolve("build"));
    copyInto(programs, jar(CHECKOUT), CHECKOUT.resolve("programs/ig/target/lib"));
    Files.createDirectories(copy.resolve("target/launch"));
    // Everything counts as built, so nothing is compiled here.
    Files.createFile(copy.resolve("target/launch/stamp"));
  }

  private static void copyInto(Path target, Path... sources) throws Exception {
    List<String> command = new ArrayList<>(List.of("cp", "-a"));
    Stream.of(sources).forEach(source -> command.add(source.toString()));
    command.add(target.toString());
    assertThat(IgProgram.run(command).status()).isZero();
  }

  private static Path jar(Path checkout) throws IOException {
    try (Stream<Path> files = Files.list(checkout.resolve("programs/ig/target"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("ig-.*\\.jar"))
          .findFirst()
          .orElseThrow();
    }
  }

  private Ending help() throws Exception {
    Ending end =
        IgProgram.run(
            List.of("env", "XDG_CACHE_HOME=" + cache, copy.resolve("ig").toString(), "--help"));
    assertThat(end.status()).as(end.err()).isZero();
    return end;
  }

  private List<Path> caches() throws IOException {
    try (Stream<Path> files = Files.walk(cache)) {
      return files.filter(file -> file.toString().endsWith(".aot")).toList();
    }
  }

  /** Another text of the same length in a class that every start loads. */
  private static void changeClass(Path jar) throws Exception {
    try (FileSystem files = FileSystems.newFileSystem(jar)) {
      Path target = files.getPath(CHANGED_CLASS);
      String text = new String(Files.readAllBytes(target), StandardCharsets.ISO_8859_1);
      assertThat(text).contains(BEFORE);
      Files.write(target, text.replace(BEFORE, AFTER).getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  @Test
  void aChangedJarIsNeverServedStale() throws Exception {
    assertThat(help().out()).startsWith(BEFORE);
    assertThat(caches()).hasSize(1);
    assertThat(help().err()).as("the second start has its cache").isEmpty();

    changeClass(jar(copy));
    Files.setLastModifiedTime(jar(copy), FileTime.from(Instant.now().plusSeconds(2)));
    assertThat(help().out()).startsWith(AFTER);
    assertThat(caches()).as("the changed jar has a cache of its own").hasSize(2);
  }
}
