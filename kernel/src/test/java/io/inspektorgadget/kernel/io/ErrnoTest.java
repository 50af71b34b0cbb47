// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.io;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ErrnoTest {
  @Test
  void namesNumbersOfBothSigns() {
    assertThat(Errno.name(1)).isEqualTo("EPERM");
    assertThat(Errno.name(-Errno.ENOENT)).isEqualTo("ENOENT");
    assertThat(Errno.name(Errno.EINVAL)).isEqualTo("EINVAL");
    assertThat(Errno.name(Errno.ENOSYS)).isEqualTo("ENOSYS");
    assertThat(Errno.name(Errno.EOPNOTSUPP)).isEqualTo("EOPNOTSUPP");
    assertThat(Errno.name(133)).isEqualTo("EHWPOISON");
    assertThat(Errno.name(524)).isEqualTo("ENOTSUPP");
  }

  @Test
  void showsANumberWithoutASymbolAsItIs() {
    assertThat(Errno.name(41)).isEqualTo("errno 41");
    assertThat(Errno.name(4000)).isEqualTo("errno 4000");
    assertThat(Errno.name(0)).isEqualTo("errno 0");
  }
}
