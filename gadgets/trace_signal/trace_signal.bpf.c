// SPDX-License-Identifier: GPL-2.0
/* Signals: every one that is generated, or only the system calls that ask for one. */
#include <gadget/kernel.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include <gadget/args.h>
#include <gadget/buffer.h>
#include <gadget/filter.h>
#include <gadget/macros.h>
#include <gadget/process.h>
#include <gadget/types.h>

/* Below this the kernel passes a marker instead of a pointer to what is known about the signal. */
#define SIGINFO_FIRST_POINTER 2

/* Only this signal; 0: all. */
const volatile gadget_signal target_signal = 0;
GADGET_PARAM(target_signal);

/* Only signals that were not sent. */
const volatile bool failed = false;
GADGET_PARAM(failed);

/* Look at the system calls kill, tkill and tgkill instead of at every signal. */
const volatile bool kill_only = false;
GADGET_PARAM(kill_only);

/* What became of the signal. */
enum signal_result {
	delivered = 0,
	ignored = 1,
	already_pending = 2,
	overflow_failed = 3,
	overflow_lost_details = 4,
};

struct event {
	gadget_timestamp timestamp_raw;
	struct gadget_process proc;
	/* Who gets it; a system call's numbers are those of the sender's PID namespace. */
	__u32 tpid;
	__u32 ttid;
	gadget_signal sig_raw;
	gadget_errno error_raw;
	enum signal_result result_raw;
};

GADGET_TRACER_MAP(events, 1024 * 1024);
GADGET_TRACER(signal, events, event);

static __always_inline bool unwanted(__u32 signal, long error)
{
	return (target_signal && signal != target_signal) || (failed && !error);
}

static __always_inline int report(void *ctx, __u32 tpid, __u32 ttid, __u32 signal, __u32 error,
				  enum signal_result result)
{
	struct event *event = gadget_reserve_buf(&events, sizeof(*event));

	if (!event)
		return 0;
	event->timestamp_raw = bpf_ktime_get_boot_ns();
	gadget_process_populate(&event->proc);
	event->tpid = tpid;
	event->ttid = ttid;
	event->sig_raw = signal;
	event->error_raw = error;
	event->result_raw = result;
	gadget_submit_buf(ctx, &events, event, sizeof(*event));
	return 0;
}

SEC("tp_btf/signal_generate")
int BPF_PROG(ig_signal, int signal, struct kernel_siginfo *info, struct task_struct *target,
	     int for_process, int result)
{
	__u32 error = 0;

	if (kill_only || gadget_should_discard_data_current())
		return 0;
	if ((__u64)info >= SIGINFO_FIRST_POINTER)
		error = BPF_CORE_READ(info, si_errno);
	if (unwanted(signal, error))
		return 0;
	return report(ctx, target->tgid, target->pid, signal, error, result);
}

static __always_inline int report_call(struct trace_event_raw_sys_exit *ctx, __u32 tpid, __u32 ttid,
				       __u32 signal)
{
	__u32 error = ctx->ret < 0 ? -ctx->ret : 0;

	if (unwanted(signal, error))
		return 0;
	return report(ctx, tpid, ttid, signal, error, delivered);
}

static __always_inline bool unwanted_caller(void)
{
	return !kill_only || gadget_should_discard_data_current();
}

SEC("tracepoint/syscalls/sys_exit_kill")
int ig_kill(struct trace_event_raw_sys_exit *ctx)
{
	struct pt_regs___saved *registers;

	if (unwanted_caller())
		return 0;
	registers = gadget_syscall_registers();
	/* A process is asked, not one of its threads. */
	return report_call(ctx, GADGET_SYSCALL_ARG1(registers), GADGET_SYSCALL_ARG1(registers),
			   GADGET_SYSCALL_ARG2(registers));
}

SEC("tracepoint/syscalls/sys_exit_tkill")
int ig_tkill(struct trace_event_raw_sys_exit *ctx)
{
	struct pt_regs___saved *registers;

	if (unwanted_caller())
		return 0;
	registers = gadget_syscall_registers();
	/* The call names a thread only. */
	return report_call(ctx, GADGET_SYSCALL_ARG1(registers), GADGET_SYSCALL_ARG1(registers),
			   GADGET_SYSCALL_ARG2(registers));
}

SEC("tracepoint/syscalls/sys_exit_tgkill")
int ig_tgkill(struct trace_event_raw_sys_exit *ctx)
{
	struct pt_regs___saved *registers;

	if (unwanted_caller())
		return 0;
	registers = gadget_syscall_registers();
	return report_call(ctx, GADGET_SYSCALL_ARG1(registers), GADGET_SYSCALL_ARG2(registers),
			   GADGET_SYSCALL_ARG3(registers));
}

char LICENSE[] SEC("license") = "GPL";
