// SPDX-License-Identifier: GPL-2.0
/* Where the CPUs spend their time: samples of the running code, counted by stack. */
#include <gadget/kernel.h>
#include <linux/bpf_perf_event.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <gadget/filter.h>
#include <gadget/kernel_stack_map.h>
#include <gadget/macros.h>
#include <gadget/map_full.h>
#include <gadget/process.h>
#include <gadget/types.h>
#include <gadget/user_stack.h>

#define MAX_ENTRIES 10240
/* The kernel's half of the address space has the highest bit set. */
#define IN_KERNEL(ip) ((__s64)(ip) < 0)
#define NO_STACK      0xffffffff

const volatile bool kernel_stacks_only = false;
GADGET_PARAM(kernel_stacks_only);

const volatile bool user_stacks_only = false;
GADGET_PARAM(user_stacks_only);

/* Samples of the idle task as well. */
const volatile bool include_idle = false;
GADGET_PARAM(include_idle);

struct key {
	__u64 kernel_ip;
	__u32 user_stack_id;
	gadget_kernel_stack kern_stack_raw;
	struct gadget_process proc;
};

struct value {
	__u64 samples;
	struct gadget_user_stack user_stack_raw;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_ENTRIES);
	__type(key, struct key);
	__type(value, struct value);
} counts SEC(".maps");

GADGET_MAPITER(samples, counts);

SEC("perf_event")
int ig_profile(struct bpf_perf_event_data *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct value first, *value;
	struct key key;
	__u64 ip = PT_REGS_IP(&ctx->regs);

	if (!include_idle && task->pid == 0)
		return 0;
	if (gadget_should_discard_task(task))
		return 0;

	__builtin_memset(&key, 0, sizeof(key));
	__builtin_memset(&first, 0, sizeof(first));
	gadget_process_of_task(&key.proc, task);
	key.kern_stack_raw = NO_STACK;
	key.user_stack_id = NO_STACK;
	if (!user_stacks_only && IN_KERNEL(ip)) {
		long stack_id = gadget_get_kernel_stack(ctx);

		key.kernel_ip = ip;
		if (stack_id >= 0)
			key.kern_stack_raw = stack_id;
	}
	if (!kernel_stacks_only) {
		gadget_take_user_stack(ctx, &first.user_stack_raw);
		if (first.user_stack_raw.inode && (__s32)first.user_stack_raw.stack_id >= 0)
			key.user_stack_id = first.user_stack_raw.stack_id;
	}
	value = gadget_lookup_or_insert(&counts, &key, &first);
	if (value)
		__sync_fetch_and_add(&value->samples, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
