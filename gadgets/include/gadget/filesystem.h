// SPDX-License-Identifier: GPL-2.0
/*
 * Paths by their published names, for programs that want them as strings of a fixed size. They are
 * built as in paths.h, which programs of ours use: seen from the process's root directory.
 */
#ifndef GADGET_FILESYSTEM_H
#define GADGET_FILESYSTEM_H

#include <gadget/kernel.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <gadget/paths.h>

#define GADGET_PATH_MAX 512

/*
 * The path as a string that ends with a NUL, NULL if there is none. It lies in the CPU's scratch
 * area: copy it before the next path is asked for.
 */
static __always_inline void *get_path_str(const struct path *path)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct gadget_path_window *window;
	__u32 zero = 0;

	window = bpf_map_lookup_elem(&gadget_path_scratch, &zero);
	if (!window)
		return 0;
	if (gadget_path_build((__u64)BPF_CORE_READ(path, dentry), (__u64)BPF_CORE_READ(path, mnt),
			      (__u64)BPF_CORE_READ(task, fs, root.dentry),
			      (__u64)BPF_CORE_READ(task, fs, root.mnt)))
		return 0;
	window->bytes[GADGET_PATH_MAX_BYTES] = 0;
	return &window->bytes[gadget_at_most(window->start, GADGET_PATH_MAX_BYTES)];
}

/* The open file behind a descriptor of the current process; NULL if there is none. */
static __always_inline struct file *get_struct_file_for_fd(int fd)
{
	return fd < 0 ? 0 : gadget_file_of_fd(bpf_get_current_task_btf(), fd);
}

/* Copies the path of an open file; its length with the NUL, negative if there is none. */
static __always_inline long read_full_path_of_open_file_fd(int fd, char *to, __u64 size_bytes)
{
	struct file *file = get_struct_file_for_fd(fd);
	char *path = file ? get_path_str(&file->f_path) : 0;

	return path ? bpf_probe_read_kernel_str(to, size_bytes, path) : -1;
}

#endif /* GADGET_FILESYSTEM_H */
