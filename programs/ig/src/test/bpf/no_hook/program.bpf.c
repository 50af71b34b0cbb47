// SPDX-License-Identifier: GPL-2.0
/* No kernel has any of the hooks. */
#include "../kills.h"

SEC("fentry/no_such_function_anywhere")
int by_fentry(void *ctx)
{
	return report(FENTRY);
}

SEC("kprobe/no_such_function_anywhere")
int by_kprobe(void *ctx)
{
	return report(KPROBE);
}
