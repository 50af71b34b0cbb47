// SPDX-License-Identifier: GPL-2.0
/* What a block request is and where it goes. */
#ifndef GADGET_BLOCKIO_H
#define GADGET_BLOCKIO_H

#include <gadget/kernel.h>
#include <bpf/bpf_helpers.h>

#define GADGET_DEVICE_NAME_BYTES 32

/* The operation is the low part of a request's flags; its lowest bit says that it writes. */
#define GADGET_BLOCK_OPERATION_MASK 0xff
#define GADGET_BLOCK_WRITES	    1

static __always_inline __u32 gadget_block_operation(struct request *request)
{
	return request->cmd_flags & GADGET_BLOCK_OPERATION_MASK;
}

/* `name` holds GADGET_DEVICE_NAME_BYTES zeroes; it stays so for a queue without a disk. */
static __always_inline void gadget_block_device_name(struct request *request, char *name)
{
	struct gendisk *disk = request->q->disk;

	if (disk)
		bpf_probe_read_kernel_str(name, GADGET_DEVICE_NAME_BYTES, &disk->disk_name);
}

#endif /* GADGET_BLOCKIO_H */
