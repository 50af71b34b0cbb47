// SPDX-License-Identifier: GPL-2.0
/*
 * Paths as the process itself would see them: from its root directory, across mount points, down to
 * the file. The kernel's own bpf_d_path is not to be had in tracepoint programs.
 */
#ifndef GADGET_PATHS_H
#define GADGET_PATHS_H

#include <gadget/kernel.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <gadget/record.h>

#define GADGET_PATH_MAX_BYTES	   4096
#define GADGET_PATH_MAX_COMPONENTS 128
#define GADGET_NAME_MAX_BYTES	   255

/* A path is written from its end to its start; a name that begins in the last byte still fits. */
struct gadget_path_window {
	char bytes[GADGET_PATH_MAX_BYTES + GADGET_NAME_MAX_BYTES + 1];
	/* Where the path begins so far. Kept here, since the verifier follows a register's range
	 * through every combination of the loop's branches, and a map's memory not at all. */
	__u32 start;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct gadget_path_window);
} gadget_path_scratch SEC(".maps");

/* Puts "/NAME" in front of the path; false if it is too long. */
static __always_inline bool gadget_path_prepend(struct gadget_path_window *window,
						struct dentry *dentry)
{
	__u32 length = BPF_CORE_READ(dentry, d_name.len) & GADGET_NAME_MAX_BYTES;
	__u32 start = window->start;

	if (start < length + 1)
		return false;
	start -= length + 1;
	window->start = start;
	start = gadget_at_most(start, GADGET_PATH_MAX_BYTES - 1);
	window->bytes[start] = '/';
	bpf_probe_read_kernel(&window->bytes[start + 1], length,
			      BPF_CORE_READ(dentry, d_name.name));
	return true;
}

/* What is written when the walk has ended and no name was met on the way. */
static __always_inline void gadget_path_of_root(struct gadget_path_window *window,
						struct dentry *dentry, bool is_root)
{
	char first = 0;

	/*
	 * The root of a container's file system is often a directory of another one and has a name
	 * there. A file that lies in no directory has a real name too, and no root has its dentry.
	 */
	bpf_probe_read_kernel(&first, 1, BPF_CORE_READ(dentry, d_name.name));
	if (!is_root && first != '/') {
		gadget_path_prepend(window, dentry);
		return;
	}
	window->bytes[GADGET_PATH_MAX_BYTES - 1] = '/';
	window->start = GADGET_PATH_MAX_BYTES - 1;
}

/* What is written in front of a path whose first directories are missing. */
static __always_inline void gadget_path_mark_cut(struct gadget_path_window *window)
{
	__u32 start = window->start;

	start = start < 3 ? 0 : start - 3;
	window->start = start;
	start = gadget_at_most(start, GADGET_PATH_MAX_BYTES - 1);
	window->bytes[start] = '.';
	window->bytes[start + 1] = '.';
	window->bytes[start + 2] = '.';
}

/*
 * Writes the path into the CPU's window; it begins at window->start, ends at GADGET_PATH_MAX_BYTES
 * and, if it is too long or too deep, has "..." in the place of its first directories. A function
 * of its own, verified once: that is why it takes plain numbers. Not 0: nothing was written.
 */
__noinline int gadget_path_build(__u64 dentry_address, __u64 mount_address, __u64 root_dentry,
				 __u64 root_mount)
{
	struct gadget_path_window *window;
	struct dentry *dentry = (struct dentry *)dentry_address;
	struct vfsmount *vfsmount = (struct vfsmount *)mount_address;
	__u32 zero = 0;
	bool whole = false, is_root = false;

	window = bpf_map_lookup_elem(&gadget_path_scratch, &zero);
	if (!window || !dentry || !vfsmount)
		return -1;
	window->start = GADGET_PATH_MAX_BYTES;

	for (int i = 0; i < GADGET_PATH_MAX_COMPONENTS; i++) {
		struct dentry *parent = BPF_CORE_READ(dentry, d_parent);

		if ((__u64)dentry == root_dentry && (__u64)vfsmount == root_mount) {
			whole = is_root = true;
			break;
		}
		if (dentry == parent || dentry == BPF_CORE_READ(vfsmount, mnt_root)) {
			struct mount *mount =
				(void *)vfsmount - bpf_core_field_offset(struct mount, mnt);
			struct mount *outer = BPF_CORE_READ(mount, mnt_parent);

			if (!outer || outer == mount) {
				whole = true;
				break;
			}
			dentry = BPF_CORE_READ(mount, mnt_mountpoint);
			vfsmount = (void *)outer + bpf_core_field_offset(struct mount, mnt);
			continue;
		}
		if (!gadget_path_prepend(window, dentry))
			break;
		dentry = parent;
	}
	if (!whole)
		gadget_path_mark_cut(window);
	else if (window->start == GADGET_PATH_MAX_BYTES)
		gadget_path_of_root(window, dentry, is_root);
	return 0;
}

/* Appends the path of `path` (in kernel memory), as seen by `task`. */
static __always_inline __u32 gadget_append_path(void *record, __u32 used, struct task_struct *task,
						const struct path *path, gadget_string *field)
{
	struct gadget_path_window *window;
	__u32 zero = 0, start, length;

	field->offset = used;
	field->length = 0;
	window = bpf_map_lookup_elem(&gadget_path_scratch, &zero);
	if (!window)
		return used;
	if (gadget_path_build((__u64)BPF_CORE_READ(path, dentry), (__u64)BPF_CORE_READ(path, mnt),
			      (__u64)BPF_CORE_READ(task, fs, root.dentry),
			      (__u64)BPF_CORE_READ(task, fs, root.mnt)))
		return used;
	start = gadget_at_most(window->start, GADGET_PATH_MAX_BYTES - 1);
	length = gadget_at_most(GADGET_PATH_MAX_BYTES - start, GADGET_PATH_MAX_BYTES);
	used = gadget_at_most(used, GADGET_RECORD_MAX_BYTES - GADGET_PATH_MAX_BYTES);
	if (bpf_probe_read_kernel(record + used, length, &window->bytes[start]))
		return used;
	field->length = length;
	return used + length;
}

/* The open file behind a descriptor of the task; NULL if there is none. */
static __always_inline struct file *gadget_file_of_fd(struct task_struct *task, __u32 fd)
{
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file **slots = BPF_CORE_READ(table, fd);
	struct file *file = 0;

	if (fd < BPF_CORE_READ(table, max_fds))
		bpf_probe_read_kernel(&file, sizeof(file), slots + fd);
	return file;
}

#endif /* GADGET_PATHS_H */
