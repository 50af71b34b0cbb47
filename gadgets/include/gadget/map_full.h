// SPDX-License-Identifier: GPL-2.0
/*
 * What could not be followed because a map was full, counted like lost records. Only for objects
 * that have such a map: including this header makes the counter.
 */
#ifndef GADGET_MAP_FULL_H
#define GADGET_MAP_FULL_H

#include <gadget/kernel.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} gadget_map_full SEC(".maps");

static __always_inline void gadget_count_map_full(void)
{
	__u32 zero = 0;
	__u64 *count = bpf_map_lookup_elem(&gadget_map_full, &zero);

	if (count)
		__sync_fetch_and_add(count, 1);
}

/* Another stack may sit in the place that a stack's hash gives it: then this one is lost. */
#define GADGET_STACK_PLACE_TAKEN (-17)

/* A stack's id from a map of stacks, negative (an errno) when there is none to be had. */
static __always_inline long gadget_stack_id(void *ctx, void *map, __u64 flags)
{
	long stack_id = bpf_get_stackid(ctx, map, flags);

	if (stack_id == GADGET_STACK_PLACE_TAKEN)
		gadget_count_map_full();
	return stack_id;
}

/* The entry of `key`, made from `first` if there is none; NULL (and counted) if the map is full. */
static __always_inline void *gadget_lookup_or_insert(void *map, const void *key, const void *first)
{
	void *entry = bpf_map_lookup_elem(map, key);

	if (entry)
		return entry;
	/* Another CPU may be first: then the entry is there all the same. */
	bpf_map_update_elem(map, key, first, BPF_NOEXIST);
	entry = bpf_map_lookup_elem(map, key);
	if (!entry)
		gadget_count_map_full();
	return entry;
}

#endif /* GADGET_MAP_FULL_H */
