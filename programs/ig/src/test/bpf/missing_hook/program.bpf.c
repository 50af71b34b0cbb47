// SPDX-License-Identifier: GPL-2.0
/* A gadget whose second hook no kernel has: the first one is attached when that is noticed. */
#include <gadget/kernel.h>
#include <bpf/bpf_helpers.h>
#include <gadget/macros.h>

struct event {
	__u32 number;
};

GADGET_TRACER_MAP(events, 4096);
GADGET_TRACER(none, events, event);

SEC("tracepoint/syscalls/sys_enter_openat")
int a_hook_that_is_there(void *ctx)
{
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_no_such_call")
int a_hook_that_is_not(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
