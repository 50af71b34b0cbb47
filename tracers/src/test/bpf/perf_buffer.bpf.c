// SPDX-License-Identifier: GPL-2.0
/* A data source in a perf buffer. */
#include "contract.h"

struct event {
	__u32 pid;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} events SEC(".maps");

MARK(gadget_tracer_old___events___event);
const struct event *__gadget_tracer_type_old __attribute__((unused));
