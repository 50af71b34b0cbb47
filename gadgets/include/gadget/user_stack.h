// SPDX-License-Identifier: GPL-2.0
/*
 * Stacks of processes: the addresses (ig_ustack), what is needed to name them in user space (struct
 * gadget_user_stack), and, if asked for, the build id and offset behind each address (ig_build_id),
 * which stay true after the process has ended.
 */
#ifndef GADGET_USER_STACK_H
#define GADGET_USER_STACK_H

#include <gadget/kernel.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <gadget/macros.h>
#include <gadget/map_full.h>
#include <gadget/types.h>

#define GADGET_USER_STACK_MAX_DEPTH 127

const volatile bool collect_build_id = false;
GADGET_PARAM(collect_build_id);

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 10000);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, GADGET_USER_STACK_MAX_DEPTH * sizeof(__u64));
} ig_ustack SEC(".maps");

struct gadget_build_ids {
	struct bpf_stack_build_id of_frame[GADGET_USER_STACK_MAX_DEPTH];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, struct gadget_build_ids);
} ig_build_id SEC(".maps");

static const struct gadget_build_ids gadget_no_build_ids = {};

static __always_inline void gadget_user_stack_file(struct gadget_user_stack *stack,
						   struct inode *inode)
{
	__u32 device = BPF_CORE_READ(inode, i_sb, s_dev);

	stack->inode = BPF_CORE_READ(inode, i_ino);
	stack->major = device >> 20;
	stack->minor = device & 0xfffff;
	if (bpf_core_field_exists(struct inode___mtime_members, i_mtime_sec)) {
		struct inode___mtime_members *times = (void *)inode;

		stack->mtime_sec = BPF_CORE_READ(times, i_mtime_sec);
		stack->mtime_nsec = BPF_CORE_READ(times, i_mtime_nsec);
	} else if (bpf_core_field_exists(struct inode___mtime_underscored, __i_mtime)) {
		struct inode___mtime_underscored *times = (void *)inode;
		struct gadget_timespec64 mtime = {};

		bpf_core_read(&mtime, sizeof(mtime), &times->__i_mtime);
		stack->mtime_sec = mtime.tv_sec;
		stack->mtime_nsec = mtime.tv_nsec;
	} else if (bpf_core_field_exists(struct inode___mtime_struct, i_mtime)) {
		struct inode___mtime_struct *times = (void *)inode;
		struct gadget_timespec64 mtime = {};

		bpf_core_read(&mtime, sizeof(mtime), &times->i_mtime);
		stack->mtime_sec = mtime.tv_sec;
		stack->mtime_nsec = mtime.tv_nsec;
	}
}

static __always_inline void gadget_user_stack_pids(struct gadget_user_stack *stack,
						   struct task_struct *task)
{
	struct pid *pid = BPF_CORE_READ(task, thread_pid);
	struct upid *number = (void *)pid + bpf_core_field_offset(struct pid, numbers);

	stack->tgid_level0 = BPF_CORE_READ(task, tgid);
	stack->pid_level0 = BPF_CORE_READ(number, nr);
	stack->pidns_level0 = BPF_CORE_READ(number, ns, ns.inum);
	if (BPF_CORE_READ(pid, level) == 0)
		return;
	number = (void *)number + bpf_core_type_size(struct upid);
	stack->pid_level1 = BPF_CORE_READ(number, nr);
	stack->pidns_level1 = BPF_CORE_READ(number, ns, ns.inum);
}

static __always_inline void gadget_store_build_ids(void *ctx, __u32 stack_id)
{
	struct gadget_build_ids *build_ids;

	if (bpf_map_update_elem(&ig_build_id, &stack_id, &gadget_no_build_ids, BPF_NOEXIST))
		return;
	build_ids = bpf_map_lookup_elem(&ig_build_id, &stack_id);
	if (build_ids)
		bpf_get_stack(ctx, build_ids, sizeof(*build_ids),
			      BPF_F_USER_STACK | BPF_F_USER_BUILD_ID);
}

/* Takes the current process's stack; writes every byte of `stack`. */
static __always_inline void gadget_take_user_stack(void *ctx, struct gadget_user_stack *stack)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct inode *inode = BPF_CORE_READ(task, mm, exe_file, f_inode);
	long stack_id;

	__builtin_memset(stack, 0, sizeof(*stack));
	/* A thread of the kernel has neither file nor stack here. */
	if (!inode)
		return;
	stack_id = gadget_stack_id(ctx, &ig_ustack, BPF_F_FAST_STACK_CMP | BPF_F_USER_STACK);
	stack->stack_id = stack_id;
	gadget_user_stack_file(stack, inode);
	gadget_user_stack_pids(stack, task);
	if (collect_build_id && stack_id >= 0)
		gadget_store_build_ids(ctx, stack_id);
}

#endif /* GADGET_USER_STACK_H */
