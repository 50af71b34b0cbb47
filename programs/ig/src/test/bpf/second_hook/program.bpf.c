// SPDX-License-Identifier: GPL-2.0
/* The best hook is on a function that no kernel has. */
#include "../kills.h"

KILLS_SEEN_BY(by_fentry, "fentry/no_such_function_anywhere", FENTRY)
KILLS_SEEN_BY(by_kprobe, "kprobe/security_task_kill", KPROBE)
KILLS_SEEN_BY(by_tracepoint, "tracepoint/syscalls/sys_enter_kill", TRACEPOINT)
