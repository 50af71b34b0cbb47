// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The table and the JSON of {@link PrintTable}: filtered, sorted and safe for a terminal. */
final class PrintTableTest {
  @Test
  void printsTableAndJson() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      PrintTable.main(new String[0]);
    } finally {
      System.setOut(before);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            """
            NAME              MOONS RADIUS_KM
            Mars\\x1b[2J           2 3389.5
            Earth                 1 6371.0
            [{"moons":2,"name":"Mars\\u001b[2J","radius_km":3389.5},\
            {"moons":1,"name":"Earth","radius_km":6371}]
            """);
  }
}
