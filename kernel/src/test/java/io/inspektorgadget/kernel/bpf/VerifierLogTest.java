// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VerifierLogTest {
  private static String log(String body) {
    return """
    libbpf: prog 'on_open': BPF program load failed: Permission denied
    libbpf: prog 'on_open': -- BEGIN PROG LOAD LOG --
    %s
    processed 12 insns (limit 1000000) max_states_per_insn 0 total_states 1 peak_states 1
    -- END PROG LOAD LOG --
    libbpf: prog 'on_open': failed to load: -13
    libbpf: failed to load object 'trace_open'
    """
        .formatted(body);
  }

  @Test
  void namesFileLineAndCauseOfNewKernels() {
    VerifierLog log =
        VerifierLog.of(
            log(
                """
                0: R1=ctx() R10=fp0
                ; int key = 1; @ open.bpf.c:10
                0: (b7) r1 = 1                        ; R1_w=1
                ; return *value; @ open.bpf.c:14
                5: (61) r0 = *(u32 *)(r0 +0)
                R0 invalid mem access 'map_value_or_null'
                """));
    assertThat(log.isVerifier()).isTrue();
    assertThat(log.program()).isEqualTo("on_open");
    assertThat(log.summary())
        .isEqualTo(
            "open.bpf.c line 14, `return *value;`: R0 invalid mem access 'map_value_or_null'");
  }

  @Test
  void showsTheSourceTextOfOlderKernels() {
    VerifierLog log =
        VerifierLog.of(
            log("; return bpf_foo();\n3: (85) call unknown#999\ninvalid func unknown#999"));
    assertThat(log.summary()).isEqualTo("at `return bpf_foo();`: invalid func unknown#999");
  }

  @Test
  void translatesAMemberThatTheKernelLacks() {
    VerifierLog log =
        VerifierLog.of(
            log(
                "<invalid CO-RE relocation>\nfailed to resolve CO-RE relocation <byte_off> [7]"
                    + " struct task_struct.no_such (0:1 @ offset 4)"));
    assertThat(log.summary())
        .isEqualTo(
            "this kernel has no struct task_struct.no_such,"
                + " which the program reads without a fallback");
  }

  @Test
  void sumsUpMessagesThatAreNoVerifierLog() {
    VerifierLog log =
        VerifierLog.of(
            """
            libbpf: Error in bpf_create_map_xattr(table):Argument list too long(-7).
            libbpf: map 'table': failed to create: Argument list too long(-7)
            libbpf: failed to load object 'x'
            """);
    assertThat(log.isVerifier()).isFalse();
    assertThat(log.summary())
        .startsWith("libbpf says: ")
        .contains("map 'table'")
        .doesNotContain("load object");
  }

  @Test
  void staysCalmWithoutAnyReason() {
    assertThat(VerifierLog.of("").summary()).isEmpty();
    assertThat(VerifierLog.of("libbpf: prog 'x': -- BEGIN PROG LOAD LOG --\n").summary())
        .isEqualTo("the verifier gives no reason");
  }
}
