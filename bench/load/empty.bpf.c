// SPDX-License-Identifier: GPL-2.0
/* What a hook costs by itself: the least program on the tracepoint that trace_open uses. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tracepoint/syscalls/sys_exit_openat")
int empty(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
