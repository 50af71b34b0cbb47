// SPDX-License-Identifier: GPL-2.0
/* A data source whose map is not there. */
#include "contract.h"

struct event {
	__u32 pid;
};

MARK(gadget_tracer_lost___nowhere___event);
const struct event *__gadget_tracer_type_lost __attribute__((unused));
