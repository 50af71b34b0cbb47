// SPDX-License-Identifier: Apache-2.0
/* What the gate and the program that it works for say to each other. */
#ifndef GATE_PROTOCOL_H
#define GATE_PROTOCOL_H

#include <stdint.h>

#define PATH_BYTES_MAX 4096

/* The other program reads and writes these as they are, in the machine's byte order. */
enum order_kind {
	ORDER_ALLOW = 1,     /* number: the event */
	ORDER_MARK_EXEC = 2, /* number: comes back in the answer; a path follows */
	ORDER_MARK_OPEN = 3,
	ORDER_UNMARK_OPEN = 4,
	ORDER_UNMARK_HELD = 5, /* number: the event whose file or directory is held now */
	ORDER_WATCH_FOLDER = 6,
	ORDER_PING = 7,
	ORDER_FOLLOW = 8, /* number: the event of an exec that is held now */
	ORDER_UNMARK_EXEC = 9,
};

struct order {
	uint32_t kind;
	uint32_t number;
	uint32_t path_length;
	uint32_t zero;
};

enum report_kind {
	REPORT_READY = 1, /* error: 0, or why there is no group */
	REPORT_EXEC = 2,
	REPORT_OPEN = 3,
	REPORT_DONE = 4,    /* the answer to an order with a path */
	REPORT_CHANGED = 5, /* something new lies in a watched folder */
	REPORT_PONG = 6,
};

struct report {
	uint32_t kind;
	uint32_t number;
	int32_t thread;
	int32_t error;
	uint64_t device;
	uint64_t inode;
	uint64_t late; /* how many were allowed here because no answer came in time */
	/* Of whom it is about; 0 where that cannot be told. */
	int32_t process;
	int32_t parent;
	uint64_t mount_ns;
	uint64_t mount_ns_id; /* never used again; newer kernels have it */
	uint64_t net_ns;
};

#endif
