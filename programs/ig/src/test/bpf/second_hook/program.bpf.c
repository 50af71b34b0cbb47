// SPDX-License-Identifier: GPL-2.0
/* The best hook is on a function that no kernel has. */
#include "../kills.h"

SEC("fentry/no_such_function_anywhere")
int by_fentry(void *ctx)
{
	return report(FENTRY);
}

SEC("kprobe/security_task_kill")
int by_kprobe(void *ctx)
{
	return report(KPROBE);
}

SEC("tracepoint/syscalls/sys_enter_kill")
int by_tracepoint(void *ctx)
{
	return report(TRACEPOINT);
}
