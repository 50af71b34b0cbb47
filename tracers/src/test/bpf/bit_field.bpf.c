// SPDX-License-Identifier: GPL-2.0
/* A record that cannot be shown: one of its members is a bit field. */
#include "contract.h"

struct event {
	__u32 whole;
	__u32 half : 4;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

MARK(gadget_tracer_bits___events___event);
const struct event *__gadget_tracer_type_bits __attribute__((unused));
