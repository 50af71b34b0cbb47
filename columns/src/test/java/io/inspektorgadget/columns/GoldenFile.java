// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.columns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Compares output with a file under {@code golden/}. With the system property {@code
 * golden.directory} set the files are written there, to be looked at and taken over, and the test
 * fails.
 */
final class GoldenFile {
  private GoldenFile() {}

  static void assertMatches(String name, String actual) throws IOException {
    String directory = System.getProperty("golden.directory", "");
    if (!directory.isEmpty()) {
      Files.writeString(Path.of(directory, name), actual);
      fail("wrote " + name + " instead of comparing with it");
    }
    try (InputStream in = GoldenFile.class.getResourceAsStream("/golden/" + name)) {
      assertThat(in).as("golden file " + name).isNotNull();
      String expected = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(actual).isEqualTo(expected);
    }
  }
}
