// SPDX-License-Identifier: GPL-2.0
/*
 * The names of the published contract that the test objects use, written out once more: the reader
 * must understand objects that were compiled against headers of others.
 */
#ifndef CONTRACT_H
#define CONTRACT_H

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

#define MARK(symbol) const void *symbol __attribute__((unused))

typedef __u64 gadget_mntns_id;
typedef __u32 gadget_netns_id;
typedef __u64 gadget_timestamp;
typedef __u64 gadget_duration;
typedef __u64 gadget_bytes;
typedef __u32 gadget_signal;
typedef __u32 gadget_errno;
typedef __u64 gadget_syscall;
typedef __u32 gadget_file_mode;
typedef __u32 gadget_file_flags;
typedef __u32 gadget_uid;
typedef __u32 gadget_gid;
typedef __u32 gadget_pid;
typedef __u32 gadget_ppid;
typedef __u32 gadget_tid;
typedef __u32 gadget_ptid;
typedef char gadget_comm;
typedef char gadget_pcomm;
typedef __u32 gadget_kernel_stack;
typedef __u32 gadget_histogram_slot__u32;

typedef struct {
	__u16 offset;
	__u16 length;
} gadget_string;

typedef struct {
	__u16 offset;
	__u16 length;
} gadget_string_list;

union gadget_ip_addr_t {
	__u8 v6[16];
	__u32 v4;
};

struct gadget_l3endpoint_t {
	union gadget_ip_addr_t addr_raw;
	__u8 version;
};

struct gadget_l4endpoint_t {
	union gadget_ip_addr_t addr_raw;
	__u16 port;
	__u16 proto_raw;
	__u8 version;
};

struct gadget_user_stack {
	__u64 inode;
	__u32 major;
	__u32 stack_id;
};

struct gadget_creds {
	gadget_uid uid;
	gadget_gid gid;
};

struct gadget_parent {
	gadget_pcomm comm[16];
	gadget_ppid pid;
	gadget_ptid tid;
};

struct gadget_process {
	gadget_comm comm[16];
	gadget_pid pid;
	gadget_tid tid;
	gadget_mntns_id mntns_id;
	struct gadget_creds creds;
	struct gadget_parent parent;
};

#endif
