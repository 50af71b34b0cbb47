// SPDX-License-Identifier: GPL-2.0
/* An object without any marker. */
#include "contract.h"

SEC("tracepoint/syscalls/sys_exit_openat")
int nothing(void *ctx)
{
	return 0;
}
