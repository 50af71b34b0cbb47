// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.inspektorgadget.tracers.event.FieldFormatter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountNamesTest {
  @TempDir Path folder;

  private FieldFormatter users(String content) throws IOException {
    Path file = folder.resolve("passwd");
    Files.writeString(file, content, StandardCharsets.UTF_8);
    return new AccountNames(file, "uid:").formatter(0);
  }

  @Test
  void namesComeFromTheFile() throws IOException {
    FieldFormatter users =
        users("root:x:0:0::/root:/bin/sh\nsmall:x:1023:1::/:/\nlarge:x:1024:1::/:/\n");
    assertThat(Formatted.number(users, 0)).isEqualTo("root");
    assertThat(Formatted.number(users, 1_023)).isEqualTo("small");
    assertThat(Formatted.number(users, 1_024)).isEqualTo("large");
    assertThat(Formatted.number(users, 0)).isEqualTo("root");
  }

  @Test
  void aNumberWithoutNameIsShownAsNumber() throws IOException {
    FieldFormatter users = users("root:x:0:0::/root:/bin/sh\n");
    assertThat(Formatted.number(users, 7)).isEqualTo("uid:7");
    assertThat(Formatted.number(users, 0xffff_ffffL)).isEqualTo("uid:4294967295");
  }

  @Test
  void theFirstOfTwoNamesCountsAsForLs() throws IOException {
    assertThat(Formatted.number(users("a:x:5:0:::\nb:x:5:0:::\n"), 5)).isEqualTo("a");
  }

  @Test
  void namesInUtf8Stay() throws IOException {
    assertThat(Formatted.number(users("jörg:x:5:0:::\n"), 5)).isEqualTo("jörg");
  }

  @Test
  void linesThatAreNoAccountsAreSkipped() throws IOException {
    FieldFormatter users =
        users("\n# comment\n+::::::\nx\ny:x\nz:x:\nw:x:-1:0\nv:x:99999999999999999999:0\nok:x:9");
    assertThat(Formatted.number(users, 9)).isEqualTo("ok");
    assertThat(Formatted.number(users, -1)).isEqualTo("uid:18446744073709551615");
  }

  @Test
  void withoutAFileEveryNumberStays() {
    FieldFormatter users = new AccountNames(folder.resolve("none"), "gid:").formatter(0);
    assertThat(Formatted.number(users, 0)).isEqualTo("gid:0");
    assertThat(Formatted.number(users, 5_000)).isEqualTo("gid:5000");
  }

  @Test
  void theFileIsReadOnce() throws IOException {
    FieldFormatter users = users("a:x:1:0:::\n");
    assertThat(Formatted.number(users, 1)).isEqualTo("a");
    users("b:x:2:0:::\n");
    assertThat(Formatted.number(users, 2)).isEqualTo("uid:2");
  }
}
