// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.ig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inspektorgadget.cli.run.RunException;
import org.junit.jupiter.api.Test;

class PrivilegesTest {
  private static Privileges of(int effectiveUid, String capabilities) {
    return Privileges.parse(
        "Name:\tjava\nUid:\t1000\t" + effectiveUid + "\t0\t0\nCapEff:\t" + capabilities + "\n");
  }

  @Test
  void aUserIsToldToUseSudo() {
    assertThatThrownBy(() -> of(1000, "0000000000000000").require("ig trace open"))
        .isInstanceOf(RunException.class)
        .hasMessage("needs root: sudo ig trace open");
  }

  @Test
  void rootWithoutCapabilitiesIsToldWhichAreMissing() {
    // All of the first 38: what a container of today has at most, without SYS_ADMIN (bit 21).
    assertThatThrownBy(() -> of(0, "0000003fffdfffff").require("ig trace open"))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("root without CAP_BPF and CAP_PERFMON");
    assertThat(of(0, "0000008000000000").missing()).containsExactly("CAP_PERFMON");
  }

  @Test
  void eitherSetOfCapabilitiesIsEnoughForAnybody() {
    assertThatCode(() -> of(1000, "000000c000000000").require("x")).doesNotThrowAnyException();
    assertThatCode(() -> of(1000, "0000000000200000").require("x")).doesNotThrowAnyException();
    assertThatCode(() -> of(0, "000001ffffffffff").require("x")).doesNotThrowAnyException();
  }

  @Test
  void otherProcessesNeedACapabilityOfTheirOwn() {
    assertThat(of(0, "000000c000000000").seesAllProcesses()).isFalse();
    assertThat(of(0, "000000c000080000").seesAllProcesses()).isTrue();
  }
}
