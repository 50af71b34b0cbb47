// SPDX-License-Identifier: GPL-2.0
/* A record that ends in a stack, which it may leave out. */
#include "contract.h"

struct event {
	__u32 n;
	gadget_string first;
	gadget_string second;
	struct gadget_user_stack ustack_raw;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

MARK(gadget_tracer_late___events___event);
const struct event *__gadget_tracer_type_late __attribute__((unused));
