// SPDX-License-Identifier: GPL-2.0
/* Histogram slots. */
#ifndef GADGET_BITS_H
#define GADGET_BITS_H

#include <gadget/kernel.h>
#include <bpf/bpf_helpers.h>

/* The highest set bit's number, 0 for 0 and 1: the slot of a logarithmic histogram. */
static __always_inline __u64 log2l(__u64 value)
{
	__u64 bit = 0;

#pragma unroll
	for (int step = 32; step; step /= 2) {
		if (value >> step) {
			value >>= step;
			bit += step;
		}
	}
	return bit;
}

static __always_inline __u64 log2(__u32 value)
{
	return log2l(value);
}

#endif /* GADGET_BITS_H */
