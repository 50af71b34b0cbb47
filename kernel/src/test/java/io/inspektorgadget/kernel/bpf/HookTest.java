// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.kernel.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HookTest {
  @Test
  void readsEverySectionThatObjectsUse() {
    assertThat(Hook.ofSection("tracepoint/syscalls/sys_exit_openat"))
        .isEqualTo(new Hook.Tracepoint("syscalls", "sys_exit_openat"));
    assertThat(Hook.ofSection("tp/sched/sched_switch"))
        .isEqualTo(new Hook.Tracepoint("sched", "sched_switch"));
    assertThat(Hook.ofSection("raw_tracepoint/sys_exit"))
        .isEqualTo(new Hook.RawTracepoint("sys_exit"));
    assertThat(Hook.ofSection("?tp_btf/sys_exit")).isEqualTo(new Hook.BtfTracepoint("sys_exit"));
    assertThat(Hook.ofSection("iter/task")).isEqualTo(new Hook.Iterator("task"));
    assertThat(Hook.ofSection("perf_event")).isEqualTo(new Hook.PerfEventHook(""));
    assertThat(Hook.ofSection("uretprobe//lib/a:b/libc.so:malloc"))
        .isEqualTo(new Hook.Uprobe("/lib/a:b/libc.so", "malloc", true));
    assertThat(Hook.ofSection("uprobe")).isEqualTo(new Hook.Uprobe("", "", false));
    assertThat(Hook.ofSection("kretprobe/inet_bind")).isEqualTo(new Hook.Kprobe("inet_bind", true));
    assertThat(Hook.ofSection("fexit/inet_bind")).isEqualTo(new Hook.Fentry("inet_bind", true));
    assertThat(Hook.ofSection("lsm.s/file_open")).isEqualTo(new Hook.Lsm("file_open"));
  }

  @Test
  void callsWhatItDoesNotKnowUnknown() {
    assertThat(Hook.ofSection("socket1")).isEqualTo(new Hook.Unknown("socket1"));
    assertThat(Hook.ofSection("tracepoint/onlycategory"))
        .isEqualTo(new Hook.Unknown("tracepoint/onlycategory"));
    assertThat(Hook.ofSection("")).isEqualTo(new Hook.Unknown(""));
  }
}
