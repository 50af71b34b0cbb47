// SPDX-License-Identifier: GPL-2.0
/*
 * Records of variable length: a fixed struct, then the bytes of its gadget_string members. They are
 * put together in a per-CPU scratch area and sent with the length that was used. `used` is that
 * length so far; every append returns the new one. A gadget sees to it that the largest lengths of
 * its strings, added up, fit into the area.
 */
#ifndef GADGET_RECORD_H
#define GADGET_RECORD_H

#include <gadget/kernel.h>
#include <bpf/bpf_helpers.h>
#include <gadget/buffer.h>
#include <gadget/types.h>

/* The largest value that a per-CPU map may have. */
#define GADGET_RECORD_MAX_BYTES 32768

struct gadget_record {
	char bytes[GADGET_RECORD_MAX_BYTES];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct gadget_record);
} gadget_record_scratch SEC(".maps");

/*
 * The CPU's scratch area, holding whatever the record before left there. Two programs of an object
 * must not be able to interrupt each other while they use it.
 */
static __always_inline void *gadget_record_begin(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&gadget_record_scratch, &zero);
}

/* Makes `value` opaque to the compiler: it cannot use what it knows from before this place. */
#define gadget_bounded_here(value) asm volatile("" : "+r"(value))

/*
 * `value`, or `limit` if it is larger, in a register whose bound the verifier knows. A plain
 * comparison does not do: the compiler may compare one copy and use another.
 */
static __always_inline __u32 gadget_at_most(__u32 value, __u32 limit)
{
	gadget_bounded_here(value);
	if (value > limit)
		value = limit;
	gadget_bounded_here(value);
	return value;
}

/* What the two append calls share: `length` counts the NUL, or is an error. */
static __always_inline __u32 gadget_record_appended(__u32 used, long length, gadget_string *field)
{
	field->offset = used;
	field->length = 0;
	if (length <= 1)
		return used;
	field->length = length - 1;
	return used + length - 1;
}

/* Appends the NUL-terminated string at `from` in the process's memory, cut to max - 1 bytes. */
static __always_inline __u32 gadget_append_user_string(void *record, __u32 used, __u32 max,
						       const void *from, gadget_string *field)
{
	__u32 at = gadget_at_most(used, GADGET_RECORD_MAX_BYTES - max);
	long length = bpf_probe_read_user_str(record + at, max, from);

	return gadget_record_appended(at, length, field);
}

/* Appends the NUL-terminated string at `from` in the kernel's memory, cut to max - 1 bytes. */
static __always_inline __u32 gadget_append_kernel_string(void *record, __u32 used, __u32 max,
							 const void *from, gadget_string *field)
{
	__u32 at = gadget_at_most(used, GADGET_RECORD_MAX_BYTES - max);
	long length = bpf_probe_read_kernel_str(record + at, max, from);

	return gadget_record_appended(at, length, field);
}

/* Sends the first `used` bytes of the scratch area; `map` as for gadget_output_buf. */
#define gadget_output_scratch(ctx, map, record, used)                                              \
	gadget_output_buf(ctx, map, record, gadget_at_most(used, GADGET_RECORD_MAX_BYTES))

#endif /* GADGET_RECORD_H */
