// SPDX-License-Identifier: GPL-2.0
/* Files that processes open: open, openat, openat2 and creat, each at its end. */
#include <gadget/kernel.h>
#include <bpf/bpf_helpers.h>
#include <gadget/args.h>
#include <gadget/buffer.h>
#include <gadget/filter.h>
#include <gadget/macros.h>
#include <gadget/paths.h>
#include <gadget/process.h>
#include <gadget/record.h>
#include <gadget/types.h>
#include <gadget/user_stack_map.h>

#define FILE_NAME_MAX_BYTES 4096

/* Flags of open(2) that decide what the other arguments mean. */
#define OPEN_WRITE_ONLY	   00000001
#define OPEN_CREATE	   00000100
#define OPEN_TRUNCATE	   00001000
#define OPEN_TEMPORARY_BIT 020000000

/* Only opens that did not work. */
const volatile bool failed = false;
GADGET_PARAM(failed);

/* The opened file's whole path as well. */
const volatile bool paths = false;
GADGET_PARAM(paths);

struct event {
	gadget_timestamp timestamp_raw;
	struct gadget_process proc;
	gadget_errno error_raw;
	__u32 fd;
	gadget_file_flags flags_raw;
	gadget_file_mode mode_raw;
	gadget_string fname;
	gadget_string fpath;
	/* Without --collect-ustack the strings begin in its place. */
	struct gadget_user_stack ustack_raw;
};

/* What the caller asked for; file names a string in its memory. */
struct request_to_open {
	const void *file;
	__u64 flags;
	__u64 mode;
};

/* openat2's third argument, as the system call's documentation has it. */
struct open_how_head {
	__u64 flags;
	__u64 mode;
};

GADGET_TRACER_MAP(events, 8 * 1024 * 1024);
GADGET_TRACER(open, events, event);

static __always_inline bool uninteresting(long result)
{
	return gadget_should_discard_data_current() || (failed && result >= 0);
}

static __always_inline int report(struct trace_event_raw_sys_exit *ctx, long result,
				  const struct request_to_open *request)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct event *event = gadget_record_begin();
	__u32 used = __builtin_offsetof(struct event, ustack_raw);

	if (!event)
		return 0;
	if (collect_ustack) {
		gadget_take_user_stack(ctx, &event->ustack_raw);
		used = sizeof(*event);
	}
	event->timestamp_raw = bpf_ktime_get_boot_ns();
	gadget_process_of_task(&event->proc, task);
	event->error_raw = result < 0 ? -result : 0;
	event->fd = result < 0 ? 0 : result;
	event->flags_raw = request->flags;
	/* Without one of these flags the mode is whatever lay in the register. */
	event->mode_raw = request->flags & (OPEN_CREATE | OPEN_TEMPORARY_BIT) ? request->mode : 0;
	used = gadget_append_user_string(event, used, FILE_NAME_MAX_BYTES, request->file,
					 &event->fname);
	event->fpath.offset = used;
	event->fpath.length = 0;
	if (paths && result >= 0) {
		struct file *file = gadget_file_of_fd(task, result);

		if (file)
			used = gadget_append_path(event, used, task, &file->f_path, &event->fpath);
	}
	gadget_output_scratch(ctx, &events, event, used);
	return 0;
}

SEC("tracepoint/syscalls/sys_exit_open")
int ig_open(struct trace_event_raw_sys_exit *ctx)
{
	struct pt_regs___saved *registers;
	long result = ctx->ret;

	if (uninteresting(result))
		return 0;
	registers = gadget_syscall_registers();
	struct request_to_open request = {
		.file = (const void *)GADGET_SYSCALL_ARG1(registers),
		.flags = GADGET_SYSCALL_ARG2(registers),
		.mode = GADGET_SYSCALL_ARG3(registers),
	};
	return report(ctx, result, &request);
}

SEC("tracepoint/syscalls/sys_exit_openat")
int ig_openat(struct trace_event_raw_sys_exit *ctx)
{
	struct pt_regs___saved *registers;
	long result = ctx->ret;

	if (uninteresting(result))
		return 0;
	registers = gadget_syscall_registers();
	struct request_to_open request = {
		.file = (const void *)GADGET_SYSCALL_ARG2(registers),
		.flags = GADGET_SYSCALL_ARG3(registers),
		.mode = GADGET_SYSCALL_ARG4(registers),
	};
	return report(ctx, result, &request);
}

SEC("tracepoint/syscalls/sys_exit_openat2")
int ig_openat2(struct trace_event_raw_sys_exit *ctx)
{
	struct pt_regs___saved *registers;
	struct open_how_head how = {};
	long result = ctx->ret;

	if (uninteresting(result))
		return 0;
	registers = gadget_syscall_registers();
	/* A pointer that cannot be read leaves zeroes: the call has failed with EFAULT. */
	bpf_probe_read_user(&how, sizeof(how), (const void *)GADGET_SYSCALL_ARG3(registers));
	struct request_to_open request = {
		.file = (const void *)GADGET_SYSCALL_ARG2(registers),
		.flags = how.flags,
		.mode = how.mode,
	};
	return report(ctx, result, &request);
}

SEC("tracepoint/syscalls/sys_exit_creat")
int ig_creat(struct trace_event_raw_sys_exit *ctx)
{
	struct pt_regs___saved *registers;
	long result = ctx->ret;

	if (uninteresting(result))
		return 0;
	registers = gadget_syscall_registers();
	struct request_to_open request = {
		.file = (const void *)GADGET_SYSCALL_ARG1(registers),
		.flags = OPEN_CREATE | OPEN_WRITE_ONLY | OPEN_TRUNCATE,
		.mode = GADGET_SYSCALL_ARG2(registers),
	};
	return report(ctx, result, &request);
}

char LICENSE[] SEC("license") = "GPL";
