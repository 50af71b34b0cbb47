// SPDX-License-Identifier: GPL-2.0
/* What the lineage program reads of a process: who it is, where it is, what it was asked to do. */
#ifndef LINEAGE_TASK_FACTS_H
#define LINEAGE_TASK_FACTS_H

#include <stddef.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include "births.h"
#include "kernel-types.h"

#define CWD_DEPTH      32
#define PID_LEVELS_MAX 32 /* MAX_PID_NS_LEVEL */

static __always_inline __u64 unique_id(struct mnt_namespace *ns)
{
	struct mnt_namespace___with_id *with_id = (void *)ns;
	struct mnt_namespace___with_seq *with_seq = (void *)ns;

	if (bpf_core_field_exists(with_id->ns.ns_id))
		return BPF_CORE_READ(with_id, ns.ns_id);
	if (bpf_core_field_exists(with_seq->seq))
		return BPF_CORE_READ(with_seq, seq);
	return BPF_CORE_READ(ns, ns.inum);
}

static __always_inline __u64 task_unique_id(struct task_struct *task)
{
	struct nsproxy *namespaces = task->nsproxy;

	return namespaces ? unique_id(namespaces->mnt_ns) : 0;
}

/* The working directory by its components, the last one first. */
static __always_inline void record_cwd(struct command *command, struct task_struct *task)
{
	struct dentry *dentry = BPF_CORE_READ(task, fs, pwd.dentry);
	struct vfsmount *vfsmount = BPF_CORE_READ(task, fs, pwd.mnt);
	struct mount *mount = (void *)vfsmount - bpf_core_field_offset(struct mount, mnt);
	__u64 used = 0;

	for (int i = 0; i < CWD_DEPTH; i++) {
		struct dentry *parent = BPF_CORE_READ(dentry, d_parent);

		if (dentry == BPF_CORE_READ(mount, mnt.mnt_root) || dentry == parent) {
			struct mount *above = BPF_CORE_READ(mount, mnt_parent);

			if (above == mount) {
				command->cwd_length = used;
				return;
			}
			dentry = BPF_CORE_READ(mount, mnt_mountpoint);
			mount = above;
			continue;
		}
		if (used >= CWD_MAX)
			break;
		const unsigned char *name = BPF_CORE_READ(dentry, d_name.name);
		__u64 at = used;

		/* The compiler knows the range, the verifier of older kernels has to see it. */
		barrier_var(at);
		at &= CWD_MAX - 1;
		long length = bpf_probe_read_kernel_str(command->cwd + at, NAME_MAX_LENGTH, name);

		if (length <= 0)
			break;
		used += length;
		dentry = parent;
	}
	/* Longer than there is room for: no path is better than a wrong one. */
	command->cwd_length = 0;
}

static __always_inline void record_args(struct command *command, struct task_struct *task)
{
	unsigned long start = BPF_CORE_READ(task, mm, arg_start);
	unsigned long length = BPF_CORE_READ(task, mm, arg_end) - start;

	command->args_length = 0;
	command->args_truncated = length > ARGS_MAX;
	if (length > ARGS_MAX)
		length = ARGS_MAX;
	if (bpf_probe_read_user(command->args, length, (void *)start) == 0)
		command->args_length = length;
	else
		command->args_truncated = 1;
}

/* A process's number in the PID namespace of this level; the kernel's `struct upid`. */
static __always_inline void *pid_number(struct pid *pid, unsigned int level)
{
	return (void *)pid + bpf_core_field_offset(struct pid, numbers) +
	       level * bpf_core_type_size(struct upid);
}

static __always_inline __u32 pid_in_namespace(struct task_struct *task)
{
	struct pid *pid = BPF_CORE_READ(task, thread_pid);
	struct upid *number = pid_number(pid, BPF_CORE_READ(pid, level));

	return BPF_CORE_READ(number, nr);
}

/*
 * A function of its own and without a loop, so that the verifier walks it once: that of 6.1 does
 * not see the end of a loop whose bound is no constant ("The sequence of 8193 jumps is too
 * complex").
 */
__noinline __u32 viewed_number(__u64 address)
{
	struct pid *pid = (struct pid *)address;
	unsigned int deepest = BPF_CORE_READ(pid, level);

#pragma clang loop unroll(full)
	for (unsigned int level = 0; level <= PID_LEVELS_MAX; level++) {
		struct upid *number = pid_number(pid, level);

		if (level > deepest)
			break;
		if (BPF_CORE_READ(number, ns, ns.inum) == viewer_pidns)
			return BPF_CORE_READ(number, nr);
	}
	return 0;
}

/* The process's id as user space sees it; 0 if it is outside: of another node on this machine. */
static __always_inline __u32 viewed_pid(struct task_struct *task)
{
	return viewed_number((__u64)BPF_CORE_READ(task, group_leader, thread_pid));
}

static __always_inline void record_cgroups(struct birth *birth, struct task_struct *task)
{
	struct css_set *set = BPF_CORE_READ(task, cgroups);
	struct kernfs_node *node = BPF_CORE_READ(set, dfl_cgrp, kn);
	struct cgroup_subsys_state *pids = NULL;

	birth->cgroup_id = BPF_CORE_READ(node, id);
	bpf_probe_read_kernel_str(birth->cgroup_leaf, LEAF_MAX, BPF_CORE_READ(node, name));
	if (!bpf_core_enum_value_exists(enum cgroup_subsys_id, pids_cgrp_id))
		return;
	bpf_probe_read_kernel(&pids, sizeof(pids),
			      (void *)set + bpf_core_field_offset(struct css_set, subsys) +
				      bpf_core_enum_value(enum cgroup_subsys_id, pids_cgrp_id) *
					      sizeof(void *));
	node = BPF_CORE_READ(pids, cgroup, kn);
	birth->pids_cgroup_id = BPF_CORE_READ(node, id);
	bpf_probe_read_kernel_str(birth->pids_cgroup_leaf, LEAF_MAX, BPF_CORE_READ(node, name));
}

#endif
