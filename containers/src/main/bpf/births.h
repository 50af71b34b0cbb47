// SPDX-License-Identifier: GPL-2.0
/*
 * What the lineage program keeps and what it tells: the maps that user space fills and reads, and
 * the records whose fields user space reads by their offsets.
 */
#ifndef LINEAGE_BIRTHS_H
#define LINEAGE_BIRTHS_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define ARGS_MAX	3072
#define CWD_MAX		512
#define NAME_MAX_LENGTH 256
#define LEAF_MAX	128
#define NODE_MAX	65

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

#endif
