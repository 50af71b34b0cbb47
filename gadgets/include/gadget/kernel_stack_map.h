// SPDX-License-Identifier: GPL-2.0
/* Stacks of the kernel; user space turns the addresses into names. */
#ifndef GADGET_KERNEL_STACK_MAP_H
#define GADGET_KERNEL_STACK_MAP_H

#include <gadget/kernel.h>
#include <bpf/bpf_helpers.h>
#include <gadget/map_full.h>
#include <gadget/types.h>

#define GADGET_KERNEL_STACK_MAX_DEPTH 127

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 10000);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, GADGET_KERNEL_STACK_MAX_DEPTH * sizeof(__u64));
} ig_kstack SEC(".maps");

/* The stack's id, negative (an errno) when there is none to be had. */
static __always_inline long gadget_get_kernel_stack(void *ctx)
{
	return gadget_stack_id(ctx, &ig_kstack, BPF_F_FAST_STACK_CMP);
}

#endif /* GADGET_KERNEL_STACK_MAP_H */
