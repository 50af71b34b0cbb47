// SPDX-License-Identifier: GPL-2.0
/* Three hooks for one purpose, the best one first. */
#include "../kills.h"

SEC("fentry/security_task_kill")
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
