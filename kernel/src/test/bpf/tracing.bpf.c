// SPDX-License-Identifier: GPL-2.0
// One program of each kind that the tests attach, and the maps they read. Only processes of the
// tests' own are looked at: `watched_tgid` must match.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

char LICENSE[] SEC("license") = "GPL";

const volatile __u32 watched_tgid = 0;
const volatile __u64 marker = 0;

__u32 gadget_reader_waits __attribute__((aligned(64))) = 0;

__u64 seen_raw = 0;
__u64 seen_btf = 0;
__u64 seen_uprobe = 0;
__u64 namespace_inode = 0;
__u64 namespace_id = 0;
__u64 samples = 0;
__u64 initialised = 41;

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
} __attribute__((preserve_access_index));

struct ns_common {
	unsigned int inum;
	__u64 ns_id;
} __attribute__((preserve_access_index));

/* Before 6.18 the id that is never used again was a member of the mount namespace. */
struct mnt_namespace___seq {
	__u64 seq;
} __attribute__((preserve_access_index));

struct mnt_namespace {
	struct ns_common ns;
} __attribute__((preserve_access_index));

struct nsproxy {
	struct mnt_namespace *mnt_ns;
} __attribute__((preserve_access_index));

struct task_struct {
	int pid;
	int tgid;
	struct nsproxy *nsproxy;
} __attribute__((preserve_access_index));

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
} __attribute__((preserve_access_index));

struct record {
	__u64 marker;
	__u32 tgid;
	__u32 number;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 65536);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, __u32);
} table SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, __u32);
} small SEC(".maps");

static __always_inline int is_watched(void)
{
	return bpf_get_current_pid_tgid() >> 32 == watched_tgid;
}

static __always_inline void count(__u32 index)
{
	__u64 *counter = bpf_map_lookup_elem(&counters, &index);

	if (counter)
		(*counter)++;
}

SEC("tracepoint/syscalls/sys_enter_getpgid")
int on_getpgid(void *ctx)
{
	struct record *record;

	if (!is_watched())
		return 0;
	record = bpf_ringbuf_reserve(&events, sizeof(*record), 0);
	if (!record) {
		count(1);
		return 0;
	}
	record->marker = marker;
	record->tgid = watched_tgid;
	record->number = 0;
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	count(0);
	/* Looked at after the record is visible: a reader that blocks meanwhile has set the word
	 * first. */
	if (gadget_reader_waits) {
		gadget_reader_waits = 0;
		record = bpf_ringbuf_reserve(&events, 8, 0);
		if (record)
			bpf_ringbuf_discard(record, BPF_RB_FORCE_WAKEUP);
	}
	return 0;
}

SEC("raw_tp/sys_enter")
int on_raw_enter(void *ctx)
{
	if (is_watched())
		__sync_fetch_and_add(&seen_raw, 1);
	return 0;
}

SEC("tp_btf/sys_enter")
int on_btf_enter(void *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct nsproxy *nsproxy;
	struct mnt_namespace *namespace;

	if (!is_watched())
		return 0;
	__sync_fetch_and_add(&seen_btf, 1);
	nsproxy = task->nsproxy;
	if (!nsproxy)
		return 0;
	namespace = nsproxy->mnt_ns;
	namespace_inode = namespace->ns.inum;
	if (bpf_core_field_exists(namespace->ns.ns_id)) {
		namespace_id = namespace->ns.ns_id;
	} else {
		struct mnt_namespace___seq *numbered = (void *)namespace;

		if (bpf_core_field_exists(numbered->seq))
			namespace_id = numbered->seq;
	}
	return 0;
}

SEC("iter/task")
int each_task(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	__u32 tgid;

	if (!task)
		return 0;
	tgid = task->tgid;
	if (tgid == watched_tgid)
		bpf_seq_write(ctx->meta->seq, &tgid, sizeof(tgid));
	return 0;
}

SEC("perf_event")
int on_sample(void *ctx)
{
	__sync_fetch_and_add(&samples, 1);
	return 0;
}

SEC("uprobe/libc.so.6:getpgid")
int on_uprobe(void *ctx)
{
	if (is_watched())
		__sync_fetch_and_add(&seen_uprobe, 1);
	return 0;
}
