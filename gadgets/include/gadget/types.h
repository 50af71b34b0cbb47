// SPDX-License-Identifier: GPL-2.0
/*
 * Types whose NAME tells user space what a member means: how it is shown, which field beside it
 * holds the readable form, and what enriches the record. User space finds them in the object's BTF.
 */
#ifndef GADGET_TYPES_H
#define GADGET_TYPES_H

#include <gadget/kernel.h>

#ifndef TASK_COMM_LEN
#define TASK_COMM_LEN 16
#endif

/* Inode number of a mount namespace: the container's key. Numbers are reused by the kernel. */
typedef __u64 gadget_mntns_id;
/* The mount namespace's number that is never used again; 0 where the kernel has none. */
typedef __u64 gadget_mntns_unique_id;
/* Inode number of a network namespace. */
typedef __u32 gadget_netns_id;

/* Nanoseconds since boot, bpf_ktime_get_boot_ns(). */
typedef __u64 gadget_timestamp;
/* Nanoseconds. */
typedef __u64 gadget_duration;
/* A number of bytes. */
typedef __u64 gadget_bytes;

typedef __u32 gadget_signal;
/* Positive: ENOENT is 2. 0 is success. */
typedef __u32 gadget_errno;
typedef __u64 gadget_syscall;
/* Mode bits as in stat(2). */
typedef __u32 gadget_file_mode;
/* Flags as in open(2). */
typedef __u32 gadget_file_flags;

typedef __u32 gadget_uid;
typedef __u32 gadget_gid;
/* "pid" is the process (the kernel's tgid), "tid" the thread (the kernel's pid). */
typedef __u32 gadget_pid;
typedef __u32 gadget_ppid;
typedef __u32 gadget_tid;
typedef __u32 gadget_ptid;
/* Used as an array of TASK_COMM_LEN, filled up with zeroes. */
typedef char gadget_comm;
typedef char gadget_pcomm;

typedef __u32 gadget_counter__u32;
typedef __u64 gadget_counter__u64;
typedef __u32 gadget_gauge__u32;
typedef __u64 gadget_gauge__u64;
/* An array of them in the value of a map is a histogram; slot n counts from 2^n. */
typedef __u32 gadget_histogram_slot__u32;
typedef __u64 gadget_histogram_slot__u64;

/*
 * Bytes behind the fixed part of a record: offset from the record's start, length in bytes without
 * a NUL at the end. Length 0 is the empty string.
 */
typedef struct {
	__u16 offset;
	__u16 length;
} gadget_string;

/* The same, but the bytes are strings one after the other, each with its NUL (which counts). */
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
	/* 4 or 6 */
	__u8 version;
};

struct gadget_l4endpoint_t {
	union gadget_ip_addr_t addr_raw;
	/* host byte order */
	__u16 port;
	/* IPPROTO_TCP, IPPROTO_UDP, ... */
	__u16 proto_raw;
	/* 4 or 6 */
	__u8 version;
};

/* An entry of the map ig_kstack. */
typedef __u32 gadget_kernel_stack;

/*
 * An entry of the map ig_ustack, with what is needed to name its addresses: the executable file and
 * the process as seen from the outermost PID namespace and from the one below it. An inode of 0
 * says that no stack was taken.
 */
struct gadget_user_stack {
	__u64 inode;
	__u64 mtime_sec;
	__u32 mtime_nsec;
	__u32 major;
	__u32 minor;
	__u32 stack_id;
	__u32 tgid_level0;
	__u32 pid_level0;
	__u32 pidns_level0;
	__u32 pid_level1;
	__u32 pidns_level1;
};

struct gadget_creds {
	gadget_uid uid;
	gadget_gid gid;
};

struct gadget_parent {
	gadget_pcomm comm[TASK_COMM_LEN];
	gadget_ppid pid;
	gadget_ptid tid;
};

/* Who did it. */
struct gadget_process {
	gadget_comm comm[TASK_COMM_LEN];
	gadget_pid pid;
	gadget_tid tid;
	gadget_mntns_id mntns_id;
	struct gadget_creds creds;
	struct gadget_parent parent;
	gadget_mntns_unique_id mntns_unique_id;
};

#endif /* GADGET_TYPES_H */
