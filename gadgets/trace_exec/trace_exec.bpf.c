// SPDX-License-Identifier: GPL-2.0
/* Programs that processes execute; those that could not be executed too, if asked for. */
#include <gadget/kernel.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include <gadget/args.h>
#include <gadget/buffer.h>
#include <gadget/filter.h>
#include <gadget/macros.h>
#include <gadget/paths.h>
#include <gadget/process.h>
#include <gadget/record.h>
#include <gadget/types.h>

#define FILE_NAME_MAX_BYTES   4096
#define ARGUMENTS_LIMIT_BYTES 12288
/* A failed execution's arguments are collected one by one. */
#define ARGUMENTS_LIMIT_COUNT 256
#define ARGUMENT_CHUNK_BYTES  256

#define OVERLAYFS_SUPER_MAGIC 0x794c7630
#define NS_PER_S	      1000000000ULL
/* Newer kernels keep in the highest bit whether somebody has looked at the time. */
#define CTIME_NSEC_MASK 0x7fffffff
/* The first four bytes of a program that is no script: \177ELF. */
#define ELF_MAGIC	    0x464c457f
#define SCRIPTS_MAX_ENTRIES 1024
#define NO_AUDIT_ID	    0xffffffff

/* Leave out executions that did not work. */
const volatile bool ignore_failed = true;
GADGET_PARAM(ignore_failed);

/* Whole paths: working directory, executable, the parent's executable. */
const volatile bool paths = false;
GADGET_PARAM(paths);

/* How many bytes of arguments are reported, at most ARGUMENTS_LIMIT_BYTES. */
const volatile __u32 args_size_max = 4096;
GADGET_PARAM(args_size_max);

struct event {
	gadget_timestamp timestamp_raw;
	struct gadget_process proc;
	__u32 loginuid;
	__u32 sessionid;
	gadget_errno error_raw;
	__u32 args_count;
	__u32 args_size;
	__s32 tty;
	__u32 dev_major;
	__u32 dev_minor;
	__u64 inode;
	__u64 ctime;
	__u64 fctime;
	__u64 pctime;
	gadget_string_list argv;
	gadget_string file;
	gadget_string cwd;
	gadget_string exepath;
	gadget_string parent_exepath;
	bool args_truncated;
	bool from_rootfs;
	bool file_from_rootfs;
	bool upper_layer;
	bool fupper_layer;
	bool pupper_layer;
	__u8 __zero[6];
};

/* What there is to know of a file that is executed. */
struct executed_file {
	__u64 ctime;
	bool from_rootfs;
	bool upper_layer;
};

/* Scripts on their way, by the address of what the kernel keeps of the execution. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, SCRIPTS_MAX_ENTRIES);
	__type(key, __u64);
	__type(value, struct executed_file);
} scripts SEC(".maps");

GADGET_TRACER_MAP(events, 4 * 1024 * 1024);
GADGET_TRACER(exec, events, event);

/* The device number in the encoding of /proc/PID/stat; 0: no terminal. */
static __always_inline __s32 terminal_of(struct task_struct *task)
{
	struct tty_struct *tty = task->signal->tty;
	__u32 major, minor;

	if (!tty)
		return 0;
	major = tty->driver->major;
	minor = tty->driver->minor_start + tty->index;
	return (minor & 0xff) | major << 8 | (minor & ~0xffU) << 12;
}

/*
 * Whether the file was written by the container: it lies in the upper directory of an overlay. The
 * overlay's own inode ends with the pointer to the upper entry, directly behind the general part.
 */
static __always_inline bool in_upper_layer(struct inode *inode)
{
	void *upper = 0;

	if (!inode || BPF_CORE_READ(inode, i_sb, s_magic) != OVERLAYFS_SUPER_MAGIC)
		return false;
	bpf_probe_read_kernel(&upper, sizeof(upper),
			      (void *)inode + bpf_core_type_size(struct inode));
	return upper != 0;
}

/* Nanoseconds since 1970; 0 without an inode. */
static __always_inline __u64 ctime_of(struct inode *inode)
{
	if (!inode)
		return 0;
	if (bpf_core_field_exists(struct inode___ctime_members, i_ctime_sec)) {
		struct inode___ctime_members *times = (void *)inode;

		return BPF_CORE_READ(times, i_ctime_sec) * NS_PER_S +
		       (BPF_CORE_READ(times, i_ctime_nsec) & CTIME_NSEC_MASK);
	}
	struct gadget_timespec64 ctime = {};

	if (bpf_core_field_exists(struct inode___ctime_underscored, __i_ctime)) {
		struct inode___ctime_underscored *times = (void *)inode;

		bpf_core_read(&ctime, sizeof(ctime), &times->__i_ctime);
	} else if (bpf_core_field_exists(struct inode___ctime_struct, i_ctime)) {
		struct inode___ctime_struct *times = (void *)inode;

		bpf_core_read(&ctime, sizeof(ctime), &times->i_ctime);
	}
	return ctime.tv_sec * NS_PER_S + ctime.tv_nsec;
}

static __always_inline void look_at(struct executed_file *seen, struct task_struct *task,
				    struct file *file)
{
	struct inode *inode = BPF_CORE_READ(file, f_inode);

	seen->ctime = ctime_of(inode);
	seen->from_rootfs = BPF_CORE_READ(file, f_path.mnt) == BPF_CORE_READ(task, fs, root.mnt);
	seen->upper_layer = in_upper_layer(inode);
}

/*
 * A script's own file is closed before its interpreter starts: the check that every file passes
 * which is to be executed is the last that sees it. What the kernel has read of the file tells a
 * program from a script.
 */
static __always_inline int note_script(struct linux_binprm *binprm)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct executed_file script = {};
	__u64 address = (__u64)binprm;
	__u32 magic = 0;

	bpf_core_read(&magic, sizeof(magic), &binprm->buf);
	/* The second time round it is the interpreter's turn. */
	if (magic == ELF_MAGIC || BPF_CORE_READ(binprm, interp) != BPF_CORE_READ(binprm, filename))
		return 0;
	if (gadget_should_discard_mntns_id(gadget_task_mntns_id(task)))
		return 0;
	look_at(&script, task, BPF_CORE_READ(binprm, file));
	bpf_map_update_elem(&scripts, &address, &script, BPF_ANY);
	return 0;
}

SEC("fentry/security_bprm_check")
int BPF_PROG(ig_check_fentry, struct linux_binprm *binprm)
{
	return note_script(binprm);
}

SEC("kprobe/security_bprm_check")
int BPF_KPROBE(ig_check_kprobe, struct linux_binprm *binprm)
{
	return note_script(binprm);
}

static __always_inline void fill_identity(struct event *event, struct task_struct *task)
{
	struct inode *parent_inode = BPF_CORE_READ(task, real_parent, mm, exe_file, f_inode);

	event->timestamp_raw = bpf_ktime_get_boot_ns();
	gadget_process_of_task(&event->proc, task);
	event->loginuid = NO_AUDIT_ID;
	event->sessionid = NO_AUDIT_ID;
	if (bpf_core_field_exists(struct task_struct___audited, loginuid)) {
		struct task_struct___audited *audited = (void *)task;

		event->loginuid = audited->loginuid.val;
		event->sessionid = audited->sessionid;
	}
	event->tty = terminal_of(task);
	event->pupper_layer = in_upper_layer(parent_inode);
	event->pctime = ctime_of(parent_inode);
	__builtin_memset(event->__zero, 0, sizeof(event->__zero));
}

/* The file that was named: the executable itself, or a script, if the kernel let us see it. */
static __always_inline void fill_named_file(struct event *event, struct linux_binprm *binprm,
					    const struct executed_file *executable)
{
	__u64 address = (__u64)binprm;
	const struct executed_file *named = executable;
	struct executed_file unknown = {};

	if (binprm->interp != binprm->filename) {
		named = bpf_map_lookup_elem(&scripts, &address);
		if (!named)
			named = &unknown;
	}
	event->fctime = named->ctime;
	event->file_from_rootfs = named->from_rootfs;
	event->fupper_layer = named->upper_layer;
}

static __always_inline void fill_file(struct event *event, struct task_struct *task,
				      struct linux_binprm *binprm)
{
	struct file *file = binprm->file;
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	__u32 device = BPF_CORE_READ(inode, i_sb, s_dev);
	struct executed_file executable = {};

	event->dev_major = device >> 20;
	event->dev_minor = device & 0xfffff;
	event->inode = BPF_CORE_READ(inode, i_ino);
	look_at(&executable, task, file);
	event->ctime = executable.ctime;
	event->from_rootfs = executable.from_rootfs;
	event->upper_layer = executable.upper_layer;
	fill_named_file(event, binprm, &executable);
}

static __always_inline __u32 append_paths(struct event *event, __u32 used, struct task_struct *task,
					  struct file *file)
{
	struct file *parent_file;

	event->cwd.offset = event->exepath.offset = event->parent_exepath.offset = used;
	event->cwd.length = event->exepath.length = event->parent_exepath.length = 0;
	if (!paths)
		return used;
	used = gadget_append_path(event, used, task, &task->fs->pwd, &event->cwd);
	if (file)
		used = gadget_append_path(event, used, task, &file->f_path, &event->exepath);
	parent_file = BPF_CORE_READ(task, real_parent, mm, exe_file);
	if (parent_file)
		used = gadget_append_path(event, used, task, &parent_file->f_path,
					  &event->parent_exepath);
	return used;
}

static __always_inline __u32 arguments_room(void)
{
	return args_size_max < ARGUMENTS_LIMIT_BYTES ? args_size_max : ARGUMENTS_LIMIT_BYTES;
}

/* Closes the list behind `length` bytes that were read; a word that was cut gets its NUL. */
static __always_inline __u32 close_arguments(struct event *event, __u32 length, bool truncated)
{
	length = gadget_at_most(length, ARGUMENTS_LIMIT_BYTES);
	if (truncated && length > 0)
		((char *)event)[sizeof(*event) + length - 1] = 0;
	event->argv.offset = sizeof(*event);
	event->argv.length = length;
	event->args_truncated = truncated;
	return sizeof(*event) + length;
}

/* The longest readable beginning of `length` bytes, in chunks. */
static __always_inline __u32 read_what_is_there(struct event *event, unsigned long from,
						__u32 length)
{
	__u32 done = 0;

	for (int i = 0; i < ARGUMENTS_LIMIT_BYTES / ARGUMENT_CHUNK_BYTES; i++) {
		done = i * ARGUMENT_CHUNK_BYTES;
		if (done + ARGUMENT_CHUNK_BYTES > length)
			break;
		if (bpf_probe_read_user((char *)event + sizeof(*event) + done, ARGUMENT_CHUNK_BYTES,
					(void *)(from + done)))
			break;
	}
	return done;
}

/* The arguments as the new program finds them: one block of strings in its own memory. */
static __always_inline __u32 append_arguments(struct event *event, struct task_struct *task)
{
	unsigned long from = task->mm->arg_start;
	unsigned long size = task->mm->arg_end - from;
	__u32 length = arguments_room();
	bool truncated = size > length;

	event->args_size = size;
	if (size < length)
		length = size;
	length = gadget_at_most(length, ARGUMENTS_LIMIT_BYTES);
	if (length > 0 &&
	    bpf_probe_read_user((char *)event + sizeof(*event), length, (void *)from)) {
		length = read_what_is_there(event, from, length);
		truncated = true;
	}
	return close_arguments(event, length, truncated);
}

/* The arguments that a failed call named: a list of pointers in the caller's memory. */
static __always_inline __u32 append_arguments_of_call(struct event *event, const __u64 *list)
{
	__u32 room = arguments_room();
	__u32 length = 0, count = 0;
	bool truncated = true;

	for (int i = 0; i < ARGUMENTS_LIMIT_COUNT; i++) {
		__u64 word = 0;
		__u32 left, at;
		long size;

		if (bpf_probe_read_user(&word, sizeof(word), &list[i]))
			break;
		if (!word) {
			truncated = false;
			break;
		}
		at = gadget_at_most(length, ARGUMENTS_LIMIT_BYTES);
		left = gadget_at_most(room - length, ARGUMENTS_LIMIT_BYTES);
		size = bpf_probe_read_user_str((char *)event + sizeof(*event) + at, left,
					       (const void *)word);
		if (size <= 0)
			break;
		length = at + size;
		count++;
		/* Filled to the last byte: this word was cut, or it fitted exactly. */
		if (length >= room)
			break;
	}
	event->args_count = count;
	event->args_size = length;
	return close_arguments(event, length, truncated);
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(ig_exec, struct task_struct *task, pid_t old_tid, struct linux_binprm *binprm)
{
	struct event *event;
	__u32 used;

	if (gadget_should_discard_task(task))
		return 0;
	event = gadget_record_begin();
	if (!event)
		return 0;
	fill_identity(event, task);
	event->error_raw = 0;
	event->args_count = binprm->argc;
	fill_file(event, task, binprm);
	used = append_arguments(event, task);
	used = gadget_append_kernel_string(event, used, FILE_NAME_MAX_BYTES, binprm->filename,
					   &event->file);
	used = append_paths(event, used, task, binprm->file);
	gadget_output_scratch(ctx, &events, event, used);
	return 0;
}

static __always_inline int report_failure(struct trace_event_raw_sys_exit *ctx, long result,
					  const void *file, const __u64 *arguments)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct event *event = gadget_record_begin();
	__u32 used;

	if (!event)
		return 0;
	fill_identity(event, task);
	event->error_raw = -result;
	event->dev_major = 0;
	event->dev_minor = 0;
	event->inode = 0;
	event->ctime = 0;
	event->fctime = 0;
	event->from_rootfs = false;
	event->file_from_rootfs = false;
	event->upper_layer = false;
	event->fupper_layer = false;
	used = append_arguments_of_call(event, arguments);
	used = gadget_append_user_string(event, used, FILE_NAME_MAX_BYTES, file, &event->file);
	used = append_paths(event, used, task, 0);
	gadget_output_scratch(ctx, &events, event, used);
	return 0;
}

static __always_inline bool no_failure_to_report(long result)
{
	return ignore_failed || result >= 0 || gadget_should_discard_data_current();
}

SEC("tracepoint/syscalls/sys_exit_execve")
int ig_execve_failed(struct trace_event_raw_sys_exit *ctx)
{
	struct pt_regs___saved *registers;
	long result = ctx->ret;

	if (no_failure_to_report(result))
		return 0;
	registers = gadget_syscall_registers();
	return report_failure(ctx, result, (const void *)GADGET_SYSCALL_ARG1(registers),
			      (const __u64 *)GADGET_SYSCALL_ARG2(registers));
}

SEC("tracepoint/syscalls/sys_exit_execveat")
int ig_execveat_failed(struct trace_event_raw_sys_exit *ctx)
{
	struct pt_regs___saved *registers;
	long result = ctx->ret;

	if (no_failure_to_report(result))
		return 0;
	registers = gadget_syscall_registers();
	return report_failure(ctx, result, (const void *)GADGET_SYSCALL_ARG2(registers),
			      (const __u64 *)GADGET_SYSCALL_ARG3(registers));
}

char LICENSE[] SEC("license") = "GPL";
