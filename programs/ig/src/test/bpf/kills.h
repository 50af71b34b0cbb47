/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the gadgets of this folder share that see a process send a signal by kill(2), each by other
 * hooks: a record says which kind of hook wrote it.
 */
#pragma once

#include <gadget/kernel.h>
#include <bpf/bpf_helpers.h>
#include <gadget/buffer.h>
#include <gadget/filter.h>
#include <gadget/macros.h>
#include <gadget/process.h>
#include <gadget/types.h>

enum hook {
	FENTRY = 1,
	KPROBE,
	TRACEPOINT,
};

struct event {
	gadget_mntns_id mntns_id;
	gadget_pid pid;
	__u32 hook;
};

GADGET_TRACER_MAP(events, 64 * 1024);
GADGET_TRACER(kills, events, event);

static __always_inline int report(void *ctx, enum hook hook)
{
	struct event *event;

	if (gadget_should_discard_data_current())
		return 0;
	event = gadget_reserve_buf(&events, sizeof(*event));
	if (!event)
		return 0;
	event->mntns_id = gadget_get_current_mntns_id();
	event->pid = bpf_get_current_pid_tgid() >> 32;
	event->hook = hook;
	return gadget_submit_buf(ctx, &events, event, sizeof(*event));
}

/* One of the programs: where it is attached, and what its records say. */
#define KILLS_SEEN_BY(program, section, hook)                                                      \
	SEC(section)                                                                               \
	int program(void *ctx)                                                                     \
	{                                                                                          \
		return report(ctx, hook);                                                          \
	}

char LICENSE[] SEC("license") = "GPL";
