// SPDX-License-Identifier: GPL-2.0
/* Three hooks for one purpose, the best one first. */
#include "../kills.h"

KILLS_SEEN_BY(by_fentry, "fentry/security_task_kill", FENTRY)
KILLS_SEEN_BY(by_kprobe, "kprobe/security_task_kill", KPROBE)
KILLS_SEEN_BY(by_tracepoint, "tracepoint/syscalls/sys_enter_kill", TRACEPOINT)
