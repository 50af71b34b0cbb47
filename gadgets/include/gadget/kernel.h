// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's types that our programs look into, with only the members they read. Every access is
 * relocated to the running kernel when the object is loaded (CO-RE), so order and gaps here mean
 * nothing. A program may include a whole vmlinux.h before this header instead: then it is empty,
 * apart from the flavours (`name___what`) of types that differ between kernels.
 */
#ifndef GADGET_KERNEL_H
#define GADGET_KERNEL_H

#ifndef __VMLINUX_H__

#include <linux/types.h>
#include <linux/bpf.h>
#include <stdbool.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s8 s8;
typedef __s16 s16;
typedef __s32 s32;
typedef __s64 s64;

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef int pid_t;
typedef u8 blk_status_t;

struct ns_common {
	unsigned int inum;
};

struct mnt_namespace {
	struct ns_common ns;
};

struct pid_namespace {
	struct ns_common ns;
};

struct nsproxy {
	struct mnt_namespace *mnt_ns;
};

typedef struct {
	unsigned int val;
} kuid_t;

typedef struct {
	unsigned int val;
} kgid_t;

struct cred {
	kuid_t uid;
	kgid_t gid;
};

struct qstr {
	u32 len;
	const unsigned char *name;
};

struct super_block {
	u32 s_dev;
	unsigned long s_magic;
};

struct inode {
	unsigned long i_ino;
	unsigned short i_mode;
	struct super_block *i_sb;
};

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
};

struct vfsmount {
	struct dentry *mnt_root;
	struct super_block *mnt_sb;
};

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct file {
	struct path f_path;
	struct inode *f_inode;
};

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

struct fs_struct {
	struct path root;
	struct path pwd;
};

struct mm_struct {
	unsigned long arg_start;
	unsigned long arg_end;
	struct file *exe_file;
};

struct upid {
	int nr;
	struct pid_namespace *ns;
};

struct pid {
	unsigned int level;
	struct upid numbers[1];
};

struct tty_driver {
	int major;
	int minor_start;
};

struct tty_struct {
	struct tty_driver *driver;
	int index;
};

struct signal_struct {
	struct tty_struct *tty;
};

struct task_struct {
	pid_t pid;
	pid_t tgid;
	char comm[16];
	struct task_struct *real_parent;
	const struct cred *cred;
	struct nsproxy *nsproxy;
	struct mm_struct *mm;
	struct fs_struct *fs;
	struct files_struct *files;
	struct pid *thread_pid;
	struct signal_struct *signal;
	kuid_t loginuid;
	unsigned int sessionid;
};

struct linux_binprm {
	struct file *file;
	int argc;
	const char *filename;
	const char *interp;
	char buf[256];
};

struct kernel_siginfo {
	int si_errno;
	int si_code;
};

struct gendisk {
	int major;
	int first_minor;
	char disk_name[32];
};

struct block_device {
	struct gendisk *bd_disk;
};

struct bio {
	struct block_device *bi_bdev;
	unsigned int bi_opf;
};

struct request_queue {
	struct gendisk *disk;
};

struct request {
	struct request_queue *q;
	struct bio *bio;
	unsigned int cmd_flags;
	unsigned int __data_len;
};

struct trace_event_raw_sys_exit {
	long id;
	long ret;
};

struct seq_file {
	unsigned long count;
};

struct bpf_iter_meta {
	struct seq_file *seq;
	u64 session_id;
	u64 seq_num;
};

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

#pragma clang attribute pop

#endif /* __VMLINUX_H__ */

/* A copy of the kernel's own; not relocated. */
struct gadget_timespec64 {
	s64 tv_sec;
	long tv_nsec;
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* 6.18 and newer: a number that is never given twice, for every kind of namespace. */
struct ns_common___unique {
	u64 ns_id;
};

/* Older kernels number mount namespaces only. */
struct mnt_namespace___numbered {
	u64 seq;
};

/* Kernels built without CONFIG_AUDIT have neither of them. */
struct task_struct___audited {
	kuid_t loginuid;
	unsigned int sessionid;
};

/* The time of a file's last change: two plain members since 6.11, one of two structs before. */
struct inode___mtime_members {
	s64 i_mtime_sec;
	u32 i_mtime_nsec;
};

struct inode___mtime_underscored {
	struct gadget_timespec64 __i_mtime;
};

struct inode___mtime_struct {
	struct gadget_timespec64 i_mtime;
};

/* The same for the time of its last change of content or attributes; two members since 6.11 too. */
struct inode___ctime_members {
	s64 i_ctime_sec;
	u32 i_ctime_nsec;
};

struct inode___ctime_underscored {
	struct gadget_timespec64 __i_ctime;
};

struct inode___ctime_struct {
	struct gadget_timespec64 i_ctime;
};

/* The registers that a system call was entered with, as they lie on the task's kernel stack. */
#if defined(__TARGET_ARCH_x86)
struct pt_regs___saved {
	unsigned long di;
	unsigned long si;
	unsigned long dx;
	unsigned long r10;
	unsigned long r8;
	unsigned long r9;
};
#endif

#pragma clang attribute pop

#endif /* GADGET_KERNEL_H */
