// SPDX-License-Identifier: GPL-2.0
/*
 * Records into a ring buffer made by GADGET_TRACER_MAP. What cannot be stored is counted in
 * <ring>_lost_samples. The kernel wakes nobody by itself: the reader sets gadget_reader_waits
 * before it blocks, and the program that finds it set clears it and wakes the reader.
 */
#ifndef GADGET_BUFFER_H
#define GADGET_BUFFER_H

#include <gadget/kernel.h>
#include <bpf/bpf_helpers.h>
#include <gadget/macros.h>

/* Alone in its cache line: every CPU reads it for each record, only a waiting reader writes it. */
struct gadget_waiting_word {
	volatile __u32 waits;
	__u32 unused[15];
} __attribute__((aligned(64)));

struct gadget_waiting_word gadget_reader_waits;

/* What one record's submission is told: wake the reader, or leave it alone. */
static __always_inline __u64 gadget_wakeup_flags(void)
{
	if (!gadget_reader_waits.waits)
		return BPF_RB_NO_WAKEUP;
	gadget_reader_waits.waits = 0;
	return BPF_RB_FORCE_WAKEUP;
}

/*
 * To be called after a record went out without a wake-up. The reader may have gone to sleep between
 * the look at the word and the record's commit; a commit is a full memory barrier, so either the
 * reader has seen the record or the word is seen here. An empty discarded record carries the
 * wake-up: nothing else can.
 */
static __always_inline void gadget_wake_late_sleeper(void *ring)
{
	void *carrier;

	if (gadget_wakeup_flags() == BPF_RB_NO_WAKEUP)
		return;
	carrier = bpf_ringbuf_reserve(ring, sizeof(__u64), 0);
	if (carrier)
		bpf_ringbuf_discard(carrier, BPF_RB_FORCE_WAKEUP);
}

static __always_inline void gadget_count_lost(void *lost_samples)
{
	__u32 zero = 0;
	__u64 *count = bpf_map_lookup_elem(lost_samples, &zero);

	if (count)
		__sync_fetch_and_add(count, 1);
}

/*
 * Reserved memory holds what an earlier record left there, and a program may not fill everything
 * (padding, a member that only one branch sets). Small records are cleared inline; for large ones
 * a read from the zero page is refused, and a refused read clears its destination.
 */
#define GADGET_CLEAR_INLINE_MAX_BYTES 256

static __always_inline void *gadget_reserve_cleared(void *ring, void *lost_samples, __u64 size)
{
	void *record = bpf_ringbuf_reserve(ring, size, 0);

	if (!record) {
		gadget_count_lost(lost_samples);
		return record;
	}
	if (__builtin_constant_p(size) && size <= GADGET_CLEAR_INLINE_MAX_BYTES)
		__builtin_memset(record, 0, size);
	else
		bpf_probe_read_kernel(record, size, (void *)0);
	return record;
}

static __always_inline long gadget_submit_record(void *ring, void *record)
{
	__u64 flags = gadget_wakeup_flags();

	bpf_ringbuf_submit(record, flags);
	if (flags == BPF_RB_NO_WAKEUP)
		gadget_wake_late_sleeper(ring);
	return 0;
}

static __always_inline long gadget_output_record(void *ring, void *lost_samples, void *record,
						 __u64 size)
{
	__u64 flags = gadget_wakeup_flags();
	long error = bpf_ringbuf_output(ring, record, size, flags);

	if (error)
		gadget_count_lost(lost_samples);
	else if (flags == BPF_RB_NO_WAKEUP)
		gadget_wake_late_sleeper(ring);
	return error;
}

/*
 * Space for a record of `size` bytes (a constant), all zero; NULL when the ring is full. `map` is
 * the address of a ring made by GADGET_TRACER_MAP.
 */
#define gadget_reserve_buf(map, size) gadget_reserve_cleared(map, map##_lost_samples, size)

/* Hands over a reserved record. */
#define gadget_submit_buf(ctx, map, buf, size)                                                     \
	((void)(ctx), (void)(size), gadget_submit_record(map, buf))

/* Gives a reserved record back. Nobody needs to be woken for it. */
static __always_inline void gadget_discard_buf(void *record)
{
	bpf_ringbuf_discard(record, BPF_RB_NO_WAKEUP);
}

/* Copies `size` bytes into the ring; not 0 when there was no space. */
#define gadget_output_buf(ctx, map, buf, size)                                                     \
	((void)(ctx), gadget_output_record(map, map##_lost_samples, buf, size))

#endif /* GADGET_BUFFER_H */
