// SPDX-License-Identifier: GPL-2.0
// Hooks that no kernel has: loading or attaching them must say so.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct task_struct {
	int no_such_member;
} __attribute__((preserve_access_index));

SEC("tracepoint/syscalls/sys_enter_no_such_call")
int no_tracepoint(void *ctx)
{
	return 0;
}

SEC("raw_tp/no_such_tracepoint")
int no_raw_tracepoint(void *ctx)
{
	return 0;
}

SEC("?tp_btf/no_such_tracepoint")
int no_btf_tracepoint(void *ctx)
{
	return 0;
}

SEC("uprobe/libc.so.6:no_such_function")
int no_uprobe(void *ctx)
{
	return 0;
}

SEC("kprobe/inet_bind")
int no_kprobe(void *ctx)
{
	return 0;
}

SEC("?raw_tp/sys_enter")
int no_member(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	int value = 0;

	bpf_probe_read_kernel(&value, sizeof(value),
			      __builtin_preserve_access_index(&task->no_such_member));
	return value;
}
