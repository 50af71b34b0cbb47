/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the gadgets of this folder share that see a process send a signal by kill(2), each by other
 * hooks: a record says which kind of hook wrote it.
 */
#pragma once

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

typedef __u64 gadget_mntns_id;
typedef __u32 gadget_pid;

enum hook {
	FENTRY = 1,
	KPROBE,
	TRACEPOINT,
};

struct ns_common {
	unsigned int inum;
} __attribute__((preserve_access_index));

struct mnt_namespace {
	struct ns_common ns;
} __attribute__((preserve_access_index));

struct nsproxy {
	struct mnt_namespace *mnt_ns;
} __attribute__((preserve_access_index));

struct task_struct {
	struct nsproxy *nsproxy;
} __attribute__((preserve_access_index));

struct event {
	gadget_mntns_id mntns_id;
	gadget_pid pid;
	__u32 hook;
};

const volatile _Bool gadget_filter_by_mntns = 0;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, gadget_mntns_id);
	__type(value, __u32);
} gadget_mntns_filter_map SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} events SEC(".maps");

const void *gadget_map_tracer_events __attribute__((unused));
const void *gadget_tracer_kills___events___event __attribute__((unused));
const struct event *__gadget_tracer_type_kills __attribute__((unused));

static __always_inline int report(enum hook hook)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	gadget_mntns_id mntns_id = BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
	struct event *event;

	if (gadget_filter_by_mntns && !bpf_map_lookup_elem(&gadget_mntns_filter_map, &mntns_id))
		return 0;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return 0;
	event->mntns_id = mntns_id;
	event->pid = bpf_get_current_pid_tgid() >> 32;
	event->hook = hook;
	bpf_ringbuf_submit(event, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
