// SPDX-License-Identifier: GPL-2.0
/*
 * Another gadget of others: a sampler with a name of its own, a map that a parameter sizes, an
 * enumeration of the kernel whose numbers were others where this was compiled, and bytes behind the
 * record of which a member says how many count.
 */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

typedef __u32 gadget_pid;

enum skb_drop_reason {
	SKB_DROP_REASON_NOT_SPECIFIED = 77,
};

struct key {
	gadget_pid pid;
};

struct value {
	__u64 samples;
	enum skb_drop_reason reason_raw;
};

const volatile gadget_pid targ_pid = 0;
const void *gadget_param_targ_pid __attribute__((unused));
const volatile __u32 counts_max_entries = 16;
const void *gadget_param_counts_max_entries __attribute__((unused));

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, struct key);
	__type(value, struct value);
} counts SEC(".maps");

const void *gadget_mapiter_counts___counts __attribute__((unused));

#define PAYLOAD_BYTES 32

struct event {
	gadget_pid pid;
	__u16 used;
};

struct record {
	struct event event;
	__u8 payload[PAYLOAD_BYTES];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} events SEC(".maps");

const void *gadget_map_tracer_events __attribute__((unused));
const void *gadget_tracer_opens___events___event __attribute__((unused));
const struct event *__gadget_tracer_type_opens __attribute__((unused));

struct enter_args {
	__u64 common;
	long number;
	unsigned long args[6];
};

SEC("perf_event/ticker")
int others_tick(void *ctx)
{
	struct key key = {.pid = bpf_get_current_pid_tgid() >> 32};
	struct value first = {.samples = 1};
	struct value *found;

	if (targ_pid && targ_pid != key.pid)
		return 0;
	first.reason_raw = bpf_core_enum_value(enum skb_drop_reason, SKB_DROP_REASON_NOT_SPECIFIED);
	found = bpf_map_lookup_elem(&counts, &key);
	if (found)
		__sync_fetch_and_add(&found->samples, 1);
	else
		bpf_map_update_elem(&counts, &key, &first, BPF_NOEXIST);
	/* As if the map could be asked: the loader has made it as large as this. */
	return counts_max_entries;
}

SEC("tracepoint/syscalls/sys_enter_openat")
int others_payload(struct enter_args *ctx)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	struct record *record;
	long length;

	if (targ_pid && targ_pid != pid)
		return 0;
	record = bpf_ringbuf_reserve(&events, sizeof(*record), 0);
	if (!record)
		return 0;
	__builtin_memset(record, 'x', sizeof(*record));
	length = bpf_probe_read_user_str(record->payload, PAYLOAD_BYTES, (void *)ctx->args[1]);
	record->event.pid = pid;
	record->event.used = length > 0 ? length - 1 : 0;
	bpf_ringbuf_submit(record, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
