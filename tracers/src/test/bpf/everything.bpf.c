// SPDX-License-Identifier: GPL-2.0
/* A data source of each kind, every meaning of the contract, every kind of parameter. */
#include "contract.h"

typedef gadget_errno outcome;

enum color {
	RED = 1,
	GREEN = 2,
	DARK = -1
};
enum trait_set {
	FAST = 1,
	LOUD = 2,
	TALL = 4
};

struct event {
	gadget_timestamp timestamp_raw;
	struct gadget_process proc;
	outcome error_raw;
	gadget_signal sig_raw;
	gadget_syscall call_raw;
	gadget_file_mode mode_raw;
	gadget_file_flags flags_raw;
	gadget_bytes size_raw;
	gadget_duration took_raw;
	gadget_uid tuid;
	enum color color_raw;
	enum trait_set traits_raw;
	enum color plain_color;
	__u32 asked;
	gadget_kernel_stack kern_stack_raw;
	struct gadget_user_stack user_stack_raw;
	struct gadget_l4endpoint_t src;
	struct gadget_l3endpoint_t dst;
	gadget_string fname;
	gadget_string_list argv;
	struct {
		__u8 inner;
		__s16 other;
	};
	union {
		__u32 four;
		__u8 one;
	} either;
	__u8 bytes[6];
	__u32 numbers[3];
	char text[20];
	const volatile _Bool yes;
	const void *address;
	double ratio;
	__u32 __private;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

MARK(gadget_map_tracer_events);
MARK(gadget_tracer_all___events___event);
const struct event *__gadget_tracer_type_all __attribute__((unused));

struct row {
	gadget_netns_id netns_id;
	gadget_pid pid;
};

MARK(gadget_iter_rows___row___walk___walk_more);
const struct row *unusedevent_rows___row __attribute__((unused));

MARK(gadget_iter_processes___gadget_process___walk);
const struct gadget_process *unusedevent_processes___gadget_process __attribute__((unused));

struct key {
	__u32 dev;
};

struct value {
	gadget_histogram_slot__u32 latency[27];
	__u64 count;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, struct key);
	__type(value, struct value);
} sums SEC(".maps");

MARK(gadget_mapiter_sums___sums);

#define LIST(name, key_type)                                                                       \
	struct {                                                                                   \
		__uint(type, BPF_MAP_TYPE_HASH);                                                   \
		__uint(max_entries, 16);                                                           \
		__type(key, key_type);                                                             \
		__type(value, __u8);                                                               \
	} name SEC(".maps")

LIST(gadget_filter_pid, __u32);
LIST(gadget_filter_uid, __u32);

const volatile _Bool failed = 0;
MARK(gadget_param_failed);
const volatile int targ_gid = -1;
MARK(gadget_param_targ_gid);
const volatile __u16 port = 0;
MARK(gadget_param_port);
const volatile char prefix[32] = "";
MARK(gadget_param_prefix);
const volatile __u32 sums_max_entries = 16;
MARK(gadget_param_sums_max_entries);
const volatile struct gadget_l3endpoint_t peer = {};
MARK(gadget_param_peer);

SEC("tracepoint/syscalls/sys_exit_openat")
int emit(void *ctx)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;

	if (failed || targ_gid > 0 || port || prefix[0] || peer.version || !sums_max_entries)
		return 0;
	/* gadget_filter_uid is defined but no program asks it. */
	if (bpf_map_lookup_elem(&gadget_filter_pid, &pid))
		return 0;
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return 0;
	__builtin_memset(event, 0, sizeof(*event));
	bpf_ringbuf_submit(event, 0);
	return 0;
}

SEC("iter/task")
int walk(void *ctx)
{
	return 0;
}

SEC("iter/task")
int walk_more(void *ctx)
{
	struct key key = {};

	bpf_map_delete_elem(&sums, &key);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
