// SPDX-License-Identifier: GPL-2.0
/* No kernel has any of the hooks. */
#include "../kills.h"

KILLS_SEEN_BY(by_fentry, "fentry/no_such_function_anywhere", FENTRY)
KILLS_SEEN_BY(by_kprobe, "kprobe/no_such_function_anywhere", KPROBE)
