// SPDX-License-Identifier: GPL-2.0
/* Members of the kernel's structs that have moved since 5.15, by the published names of these
 * calls. */
#ifndef GADGET_CORE_FIXES_BPF_H
#define GADGET_CORE_FIXES_BPF_H

#include <gadget/kernel.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

/* Before 5.17 a request named its disk itself. */
struct request___with_disk {
	struct gendisk *rq_disk;
} __attribute__((preserve_access_index));

/* The disk that a block request goes to. */
static __always_inline struct gendisk *get_disk(void *request)
{
	struct request___with_disk *older = request;

	if (bpf_core_field_exists(older->rq_disk))
		return BPF_CORE_READ(older, rq_disk);
	return BPF_CORE_READ((struct request *)request, q, disk);
}

/* The disk that a bio goes to. */
static __always_inline struct gendisk *get_gendisk(void *bio)
{
	return BPF_CORE_READ((struct bio *)bio, bi_bdev, bd_disk);
}

struct task_struct___stateful {
	unsigned int __state;
} __attribute__((preserve_access_index));

/* The scheduler's state of a task. */
static __always_inline __s64 get_task_state(void *task)
{
	return BPF_CORE_READ((struct task_struct___stateful *)task, __state);
}

#endif /* GADGET_CORE_FIXES_BPF_H */
