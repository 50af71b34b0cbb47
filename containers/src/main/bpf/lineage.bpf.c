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
#include <linux/types.h>
#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define ARGS_MAX	3072
#define CWD_MAX		512
#define CWD_DEPTH	32
#define NAME_MAX_LENGTH 256
#define LEAF_MAX	128
#define NODE_MAX	65
#define FIRST_WORD_MAX	128
#define PID_LEVELS_MAX	32 /* MAX_PID_NS_LEVEL */

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct ns_common {
	unsigned int inum;
};

struct ns_common___with_id {
	__u64 ns_id;
};

struct mnt_namespace {
	struct ns_common ns;
};

struct mnt_namespace___with_id {
	struct ns_common___with_id ns;
};

struct mnt_namespace___with_seq {
	__u64 seq;
};

struct net {
	struct ns_common ns;
};

struct new_utsname {
	char nodename[65];
};

struct uts_namespace {
	struct new_utsname name;
};

struct nsproxy {
	struct uts_namespace *uts_ns;
	struct mnt_namespace *mnt_ns;
	struct net *net_ns;
};

struct pid_namespace {
	struct ns_common ns;
};

struct upid {
	int nr;
	struct pid_namespace *ns;
};

struct pid {
	unsigned int level;
	struct upid numbers[];
};

struct kernfs_node {
	const char *name;
	__u64 id;
};

struct cgroup {
	struct kernfs_node *kn;
};

struct cgroup_subsys_state {
	struct cgroup *cgroup;
};

enum cgroup_subsys_id {
	pids_cgrp_id = 1
};

struct css_set {
	struct cgroup_subsys_state *subsys[1];
	struct cgroup *dfl_cgrp;
};

struct qstr {
	const unsigned char *name;
};

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
};

struct vfsmount {
	struct dentry *mnt_root;
};

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct fs_struct {
	struct path pwd;
};

struct mm_struct {
	unsigned long arg_start;
	unsigned long arg_end;
};

typedef struct {
	int counter;
} atomic_t;

struct signal_struct {
	atomic_t live;
};

struct task_struct {
	int pid;
	int tgid;
	char comm[16];
	struct mm_struct *mm;
	struct task_struct *real_parent;
	struct task_struct *group_leader;
	struct pid *thread_pid;
	struct fs_struct *fs;
	struct nsproxy *nsproxy;
	struct signal_struct *signal;
	struct css_set *cgroups;
};

struct super_block {
	unsigned int s_dev;
};

struct inode {
	unsigned long i_ino;
	struct super_block *i_sb;
};

struct file {
	struct inode *f_inode;
};

struct linux_binprm {
	struct file *file;
};

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
};

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

#pragma clang attribute pop

char LICENSE[] SEC("license") = "GPL";

enum birth_kind {
	BIRTH_BY_RUNTIME = 1,
	BIRTH_UNEXPLAINED = 2,
	BIRTH_INHERITED = 3,
};

/* A binary, as the kernel numbers it. */
struct binary {
	__u64 inode;
	__u32 device;
	__u32 zero;
};

/* What a runtime was asked to do; lives as long as its lineage has members. */
struct command {
	__u32 members;
	__u32 runtime_pid;
	__u32 runtime_viewed_pid; /* as user space numbers it */
	__u32 args_length;
	__u32 args_truncated;
	__u32 cwd_length;
	char cwd[CWD_MAX + NAME_MAX_LENGTH]; /* components, the last one first, each ended by NUL */
	char args[ARGS_MAX];
};

struct member {
	__u64 command;
	__u64 mntns_unique; /* the runtime's own */
};

/* One container; only the used part of args is sent. User space reads it by these offsets. */
struct birth {
	__u64 mntns_unique;
	__u64 owner_unique; /* the namespace whose identity it has; its own for a new container */
	__u64 cgroup_id;
	__u64 pids_cgroup_id;
	__u64 time_ns; /* of the monotonic clock */
	__u32 mntns;
	__u32 netns;
	__u32 pid;
	__u32 ns_pid;
	__u32 parent_pid;
	__u32 runtime_pid;
	__u32 kind;
	__u32 args_length;
	__u32 args_truncated;
	__u32 cwd_length;
	char comm[16];
	char nodename[NODE_MAX];
	char cgroup_leaf[LEAF_MAX];
	char pids_cgroup_leaf[LEAF_MAX];
	char cwd[CWD_MAX + NAME_MAX_LENGTH];
	char args[ARGS_MAX];
};

struct existing_namespace {
	__u64 unique;
	__u32 inode;
	__u32 pid;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, struct binary);
	__type(value, __u32);
} runtimes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 32768);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, struct member);
} lineages SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u64);
	__type(value, struct command);
} commands SEC(".maps");

/*
 * Unique id of every namespace seen to the unique id of the one it belongs to, 0 where it belongs
 * to no container. Looked up at each exec, so the least recently used ones are dead or idle.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, __u64);
} seen SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u64);
	__type(value, __u64);
} gadget_mntns_new SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} births SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} births_lost_samples SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct command);
} command_scratch SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct birth);
} birth_scratch SEC(".maps");

/* Never written: what a scratch is blanked with, since the compiler's own way is limited in size.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct birth);
} blank SEC(".maps");

__u64 last_command;

/* Inode of the PID namespace whose numbers user space uses; set before this is loaded. */
const volatile __u32 viewer_pidns;

static __always_inline void count_lost(void)
{
	__u32 zero = 0;
	__u64 *lost = bpf_map_lookup_elem(&births_lost_samples, &zero);

	if (lost)
		*lost += 1;
}

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

/* The first program of a namespace nobody has seen, made by a process of this other namespace. */
static __always_inline void first_sight(struct task_struct *task, __u64 unique, __u64 maker)
{
	__u64 *maker_owner = maker && maker != unique ? bpf_map_lookup_elem(&seen, &maker) : NULL;
	__u64 owner = maker_owner ? *maker_owner : 0;
	__u32 kind = owner ? BIRTH_INHERITED : BIRTH_UNEXPLAINED;

	if (!owner)
		owner = unique;
	if (bpf_map_update_elem(&seen, &unique, &owner, BPF_NOEXIST) == 0)
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
	if (bpf_map_update_elem(&seen, &unique, &unique, BPF_NOEXIST) == 0)
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
