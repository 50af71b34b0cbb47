// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.kernel.io.Errno;
import io.inspektorgadget.kernel.io.NativeFunction;
import org.junit.jupiter.api.Test;

class LibBpfTest {
  @Test
  void hasEveryFunctionThatIsCalledHere() {
    assertThatCode(LibBpf::require).doesNotThrowAnyException();
  }

  @Test
  void saysHowToInstallALibraryThatIsNotThere() {
    LibBpf.Symbols none = LibBpf.Symbols.open("libnone.so.7");
    NativeFunction function = none.function("bpf_object__load");
    for (int round = 0; round < 2; round++) {
      assertThatThrownBy(none::check)
          .isInstanceOf(BpfException.class)
          .hasMessage(
              "opening libnone.so.7: it is not installed; on Debian: apt-get install libbpf1");
    }
    assertThatThrownBy(function::call).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void namesEveryFunctionThatALibraryLacks() {
    LibBpf.Symbols old = LibBpf.Symbols.open(LibBpf.LIBRARY);
    old.function("bpf_object__load");
    old.function("bpf_object__teleport");
    old.function("bpf_object__rewind");
    assertThatThrownBy(old::check)
        .isInstanceOf(BpfException.class)
        .hasMessageContaining("it lacks [bpf_object__teleport, bpf_object__rewind]");
  }

  @Test
  void readsBothKindsOfErrorResults() {
    assertThat(LibBpf.errno(0)).isZero();
    assertThat(LibBpf.errno(7)).isZero();
    assertThat(LibBpf.errno(-Errno.ENOENT)).isEqualTo(Errno.ENOENT);
    // The upper half of a word that holds an int is undefined.
    assertThat(LibBpf.errno(0x7fff_0000_0000_0000L | (-Errno.EINVAL & 0xffff_ffffL)))
        .isEqualTo(Errno.EINVAL);
    assertThat(LibBpf.errno(0x7fff_0000_0000_0005L)).isZero();
  }
}
