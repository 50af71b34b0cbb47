// SPDX-License-Identifier: GPL-2.0
/*
 * Who a task is. Everything is read by direct loads from typed pointers (the task of
 * bpf_get_current_task_btf(), an argument of a tp_btf program, an iterator's task); a null pointer
 * on the way, as in a task that is ending, reads as 0.
 */
#ifndef GADGET_PROCESS_H
#define GADGET_PROCESS_H

#include <gadget/kernel.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <gadget/types.h>

static __always_inline gadget_mntns_id gadget_task_mntns_id(struct task_struct *task)
{
	return task->nsproxy->mnt_ns->ns.inum;
}

static __always_inline gadget_mntns_unique_id gadget_task_mntns_unique_id(struct task_struct *task)
{
	struct mnt_namespace *namespace = task->nsproxy->mnt_ns;

	if (bpf_core_field_exists(struct ns_common___unique, ns_id))
		return ((struct ns_common___unique *)&namespace->ns)->ns_id;
	if (bpf_core_field_exists(struct mnt_namespace___numbered, seq))
		return ((struct mnt_namespace___numbered *)namespace)->seq;
	return 0;
}

/* `to` holds TASK_COMM_LEN bytes and is aligned to 8. */
static __always_inline void gadget_task_comm(struct task_struct *task, void *to)
{
	const __u64 *from = (const __u64 *)&task->comm;
	__u64 *words = to;

	words[0] = from[0];
	words[1] = from[1];
}

static __always_inline void gadget_process_of_task(struct gadget_process *process,
						   struct task_struct *task)
{
	struct task_struct *parent = task->real_parent;
	const struct cred *cred = task->cred;

	gadget_task_comm(task, process->comm);
	process->pid = task->tgid;
	process->tid = task->pid;
	process->mntns_id = gadget_task_mntns_id(task);
	process->creds.uid = cred->uid.val;
	process->creds.gid = cred->gid.val;
	gadget_task_comm(parent, process->parent.comm);
	process->parent.pid = parent->tgid;
	process->parent.tid = parent->pid;
	process->mntns_unique_id = gadget_task_mntns_unique_id(task);
}

/* Fills every byte of `process` from the current task. */
static __always_inline void gadget_process_populate(struct gadget_process *process)
{
	gadget_process_of_task(process, bpf_get_current_task_btf());
}

static __always_inline gadget_mntns_id gadget_get_current_mntns_id(void)
{
	return gadget_task_mntns_id(bpf_get_current_task_btf());
}

#endif /* GADGET_PROCESS_H */
