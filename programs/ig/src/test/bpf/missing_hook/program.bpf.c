// SPDX-License-Identifier: GPL-2.0
/* A gadget whose second hook no kernel has: the first one is attached when that is noticed. */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

struct event {
	__u32 number;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

const void *gadget_map_tracer_events __attribute__((unused));
const void *gadget_tracer_none___events___event __attribute__((unused));
const struct event *__gadget_tracer_type_none __attribute__((unused));

SEC("tracepoint/syscalls/sys_enter_openat")
int a_hook_that_is_there(void *ctx)
{
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_no_such_call")
int a_hook_that_is_not(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
