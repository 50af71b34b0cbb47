// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.tracers.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileFormattersTest {
  @ParameterizedTest
  @CsvSource({
    "0, ----------",
    "0100644, -rw-r--r--",
    "0100755, -rwxr-xr-x",
    "0040755, drwxr-xr-x",
    "0120777, lrwxrwxrwx",
    "0140600, srw-------",
    "0060660, brw-rw----",
    "0020620, crw--w----",
    "0010644, prw-r--r--",
    "0030644, ?rw-r--r--",
    "0777, -rwxrwxrwx",
    "0104755, -rwsr-xr-x", // setuid
    "0104644, -rwSr--r--", // setuid on what nobody can execute
    "0102755, -rwxr-sr-x", // setgid
    "0102745, -rwxr-Sr-x",
    "0041777, drwxrwxrwt", // sticky
    "0041776, drwxrwxrwT",
    "0107777, -rwsrwsrwt",
    "0107000, ---S--S--T"
  })
  void modes(String octal, String expected) {
    long mode = Long.parseLong(octal, 8);
    assertThat(Formatted.number(FileFormatters.mode(0), mode)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0, O_RDONLY",
    "1, O_WRONLY",
    "2, O_RDWR",
    "3, O_ACCMODE",
    "0102, O_RDWR|O_CREAT",
    "01101, O_WRONLY|O_CREAT|O_TRUNC",
    "02001, O_WRONLY|O_APPEND",
    "0300, O_RDONLY|O_CREAT|O_EXCL",
    "04000, O_RDONLY|O_NONBLOCK",
    "010001, O_WRONLY|O_DSYNC",
    "04010001, O_WRONLY|O_SYNC", // O_DSYNC is a part of it
    "020200002, O_RDWR|O_TMPFILE", // O_DIRECTORY is a part of it
    "0200000, O_RDONLY|O_DIRECTORY",
    "010000000, O_RDONLY|O_PATH",
    "02400000, O_RDONLY|O_NOFOLLOW|O_CLOEXEC",
    "040000, O_RDONLY|O_DIRECT",
    "0100000, O_RDONLY|O_LARGEFILE",
    "01000400, O_RDONLY|O_NOCTTY|O_NOATIME",
    "020000, O_RDONLY|FASYNC",
    "010000000001, O_WRONLY|0x40000000",
    "0100000000000000000100, O_RDONLY|O_CREAT|0x1000000000000000"
  })
  void openFlags(String octal, String expected) {
    long flags = Long.parseLong(octal, 8);
    assertThat(Formatted.number(FileFormatters.flags(0), flags)).isEqualTo(expected);
  }
}
