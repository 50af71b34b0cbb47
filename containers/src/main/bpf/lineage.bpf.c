// SPDX-License-Identifier: GPL-2.0
/*
 * Follows the processes of container runtimes and tells user space about every container once, when
 * its first program has been loaded and has not run an instruction yet.
 *
 * A runtime is known by its binary (map runtimes). Its exec begins a lineage, which children
 * inherit; a member of a lineage that executes something in a mount namespace nobody has seen is a
 * container's first process. A namespace nobody has seen is announced without a lineage too, so
 * runtimes that nobody registered are noticed; made by a process of a known namespace, it inherits
 * that one.
 *
 * Namespaces are keyed by an id that is never used again, since their inode numbers are.
 */
#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "births.h"
#include "kernel-types.h"
#include "task-facts.h"

#define FIRST_WORD_MAX 128
#define EEXIST	       17

char LICENSE[] SEC("license") = "GPL";

/* A runtime executes itself as "runc init" to make the container: no new command. */
static __always_inline bool is_init_stage(const struct command *command)
{
	for (int i = 0; i < FIRST_WORD_MAX; i++) {
		if (command->args[i] == 0) {
			const char *word = command->args + i + 1;

			return word[0] == 'i' && word[1] == 'n' && word[2] == 'i' &&
			       word[3] == 't' && word[4] == 0;
		}
	}
	return false;
}

static __always_inline void leave_command(__u64 id)
{
	struct command *command = bpf_map_lookup_elem(&commands, &id);

	if (command && __sync_fetch_and_sub(&command->members, 1) == 1)
		bpf_map_delete_elem(&commands, &id);
}

/* Takes a process out of its lineage, once, however many of its threads say so at the same time. */
static __always_inline void leave_lineage(__u32 tgid)
{
	struct member *member = bpf_map_lookup_elem(&lineages, &tgid);
	__u64 command;

	if (!member)
		return;
	command = member->command;
	if (bpf_map_delete_elem(&lineages, &tgid) == 0)
		leave_command(command);
}

static __always_inline void begin_lineage(struct task_struct *task, __u32 tgid, __u64 unique)
{
	struct member *already = bpf_map_lookup_elem(&lineages, &tgid);
	struct member member = {.mntns_unique = unique};
	__u32 zero = 0;
	struct command *command = bpf_map_lookup_elem(&command_scratch, &zero);
	struct birth *zeroes = bpf_map_lookup_elem(&blank, &zero);

	if (!command || !zeroes)
		return;
	bpf_probe_read_kernel(command, sizeof(*command), zeroes);
	record_args(command, task);
	if (already) {
		struct command *old = bpf_map_lookup_elem(&commands, &already->command);

		if (is_init_stage(command) || (old && old->runtime_pid == tgid))
			return;
		leave_lineage(tgid);
	}
	record_cwd(command, task);
	command->members = 1;
	command->runtime_pid = tgid;
	command->runtime_viewed_pid = viewed_pid(task);
	member.command = __sync_fetch_and_add(&last_command, 1) + 1;
	if (bpf_map_update_elem(&commands, &member.command, command, BPF_ANY) ||
	    bpf_map_update_elem(&lineages, &tgid, &member, BPF_ANY)) {
		bpf_map_delete_elem(&commands, &member.command);
		count_lost();
	}
}

static __always_inline void record_command(struct birth *birth, struct member *member)
{
	struct command *command = bpf_map_lookup_elem(&commands, &member->command);
	__u32 length;

	if (!command)
		return;
	birth->runtime_pid = command->runtime_viewed_pid;
	birth->cwd_length = command->cwd_length;
	bpf_probe_read_kernel(birth->cwd, sizeof(birth->cwd), command->cwd);
	birth->args_truncated = command->args_truncated;
	length = command->args_length;
	if (length > ARGS_MAX)
		length = ARGS_MAX;
	birth->args_length = length;
	bpf_probe_read_kernel(birth->args, length, command->args);
}

static __always_inline void announce(struct task_struct *task, __u32 kind, __u64 unique,
				     __u64 owner, struct member *member)
{
	__u32 zero = 0;
	struct birth *birth = bpf_map_lookup_elem(&birth_scratch, &zero);
	struct birth *zeroes = bpf_map_lookup_elem(&blank, &zero);
	struct nsproxy *namespaces = task->nsproxy;
	__u32 pid = viewed_pid(task);
	__u64 inode;
	__u32 length;

	if (!birth || !zeroes || !namespaces || !pid)
		return;
	inode = namespaces->mnt_ns->ns.inum;
	if (bpf_map_update_elem(&gadget_mntns_new, &inode, &unique, BPF_ANY))
		count_lost();

	bpf_probe_read_kernel(birth, offsetof(struct birth, args), zeroes);
	birth->kind = kind;
	birth->mntns_unique = unique;
	birth->owner_unique = owner;
	birth->time_ns = bpf_ktime_get_ns();
	birth->mntns = inode;
	birth->netns = BPF_CORE_READ(namespaces, net_ns, ns.inum);
	birth->pid = pid;
	birth->ns_pid = pid_in_namespace(task);
	birth->parent_pid = viewed_pid(task->real_parent);
	bpf_core_read_str(birth->comm, sizeof(birth->comm), &task->comm);
	BPF_CORE_READ_STR_INTO(&birth->nodename, namespaces, uts_ns, name.nodename);
	record_cgroups(birth, task);
	if (member)
		record_command(birth, member);
	length = birth->args_length;
	if (length > ARGS_MAX)
		length = ARGS_MAX;
	if (bpf_ringbuf_output(&births, birth, offsetof(struct birth, args) + length,
			       BPF_RB_FORCE_WAKEUP))
		count_lost();
}

/* False if it was seen already; if nobody can tell, a birth may have been lost. */
static __always_inline bool is_news(__u64 unique, const __u64 *owner)
{
	long error = bpf_map_update_elem(&seen, &unique, owner, BPF_NOEXIST);

	if (error && error != -EEXIST)
		count_lost();
	return error == 0;
}

/* The first program of a namespace nobody has seen, made by a process of this other namespace. */
static __always_inline void first_sight(struct task_struct *task, __u64 unique, __u64 maker)
{
	__u64 *maker_owner = maker && maker != unique ? bpf_map_lookup_elem(&seen, &maker) : NULL;
	__u64 owner = maker_owner ? *maker_owner : 0;
	__u32 kind = owner ? BIRTH_INHERITED : BIRTH_UNEXPLAINED;

	if (!owner)
		owner = unique;
	if (is_news(unique, &owner))
		announce(task, kind, unique, owner, NULL);
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(lineage_exec, struct task_struct *task, int old_pid, struct linux_binprm *program)
{
	struct binary binary = {};
	__u32 tgid = task->tgid;
	__u64 unique = task_unique_id(task);
	struct member *member;
	struct inode *inode;

	if (!unique)
		return 0;
	inode = program->file->f_inode;
	binary.inode = inode->i_ino;
	binary.device = inode->i_sb->s_dev;
	if (bpf_map_lookup_elem(&runtimes, &binary)) {
		begin_lineage(task, tgid, unique);
		return 0;
	}
	member = bpf_map_lookup_elem(&lineages, &tgid);
	if (!member || member->mntns_unique == unique) {
		if (!bpf_map_lookup_elem(&seen, &unique))
			first_sight(task, unique, task_unique_id(task->real_parent));
		return 0;
	}
	if (is_news(unique, &unique))
		announce(task, BIRTH_BY_RUNTIME, unique, unique, member);
	leave_lineage(tgid);
	return 0;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(lineage_fork, struct task_struct *parent, struct task_struct *child)
{
	__u32 tgid = child->tgid;
	__u32 parent_tgid = parent->tgid;
	struct member *inherited;
	struct command *command;
	struct member member;

	if (child->pid != child->tgid)
		return 0;
	inherited = bpf_map_lookup_elem(&lineages, &parent_tgid);
	if (inherited) {
		member = *inherited;
		command = bpf_map_lookup_elem(&commands, &member.command);
		if (!command)
			return 0;
		__sync_fetch_and_add(&command->members, 1);
		if (bpf_map_update_elem(&lineages, &tgid, &member, BPF_ANY)) {
			leave_command(member.command);
			count_lost();
		}
		return 0;
	}
	/* A container's process that makes a mount namespace for its child passes its identity on.
	 */
	if (child->nsproxy != parent->nsproxy) {
		__u64 old = task_unique_id(parent);
		__u64 unique = task_unique_id(child);
		__u64 *owner = old && unique != old ? bpf_map_lookup_elem(&seen, &old) : NULL;

		if (owner && *owner && !bpf_map_lookup_elem(&seen, &unique))
			first_sight(child, unique, old);
	}
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(lineage_exit, struct task_struct *task)
{
	/* The process is over when no thread is left; its first thread may have ended long before.
	 */
	if (task->signal->live.counter == 0)
		leave_lineage(task->tgid);
	return 0;
}

/* Every mount namespace that has a process: they are no news when something executes in them. */
SEC("iter/task")
int lineage_existing(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct existing_namespace existing = {};
	__u64 nobody = 0;

	if (!task || task->pid != task->tgid)
		return 0;
	existing.unique = task_unique_id(task);
	if (!existing.unique)
		return 0;
	existing.inode = task->nsproxy->mnt_ns->ns.inum;
	existing.pid = viewed_pid(task);
	bpf_map_update_elem(&seen, &existing.unique, &nobody, BPF_NOEXIST);
	if (existing.pid)
		bpf_seq_write(ctx->meta->seq, &existing, sizeof(existing));
	return 0;
}
