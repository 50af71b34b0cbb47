// SPDX-License-Identifier: Apache-2.0
//
// What may a process of this pod do? One line an operation, "NAME ok" or "NAME ERRNO-NAME", so that
// a test can compare them. It needs no library beside it: the image holds this one static file.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/syscall.h>
#include <unistd.h>

static long bpf(enum bpf_cmd command, union bpf_attr *attributes)
{
	return syscall(SYS_bpf, command, attributes, sizeof(*attributes));
}

static void tell(const char *operation, long result)
{
	printf("%s %s\n", operation, result < 0 ? strerrorname_np(errno) : "ok");
}

static long create_ring_buffer(void)
{
	union bpf_attr attributes;

	memset(&attributes, 0, sizeof(attributes));
	attributes.map_type = BPF_MAP_TYPE_RINGBUF;
	attributes.max_entries = 64 * 1024;
	return bpf(BPF_MAP_CREATE, &attributes);
}

static long load_program(void)
{
	// r0 = 0; exit
	struct bpf_insn program[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K},
		{.code = BPF_JMP | BPF_EXIT},
	};
	union bpf_attr attributes;

	memset(&attributes, 0, sizeof(attributes));
	attributes.prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT;
	attributes.insns = (uintptr_t)program;
	attributes.insn_cnt = sizeof(program) / sizeof(program[0]);
	attributes.license = (uintptr_t)"GPL";
	return bpf(BPF_PROG_LOAD, &attributes);
}

static long attach_program(long program)
{
	union bpf_attr attributes;

	memset(&attributes, 0, sizeof(attributes));
	attributes.raw_tracepoint.name = (uintptr_t)"sched_process_exec";
	attributes.raw_tracepoint.prog_fd = program;
	return bpf(BPF_RAW_TRACEPOINT_OPEN, &attributes);
}

static long sample_processor(void)
{
	struct perf_event_attr attributes = {
		.size = sizeof(attributes),
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_CPU_CLOCK,
		.sample_period = 1000 * 1000,
	};

	return syscall(SYS_perf_event_open, &attributes, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
}

int main(void)
{
	long program;

	tell("bpf-map", create_ring_buffer());
	program = load_program();
	tell("bpf-program", program);
	tell("bpf-attach", attach_program(program));
	tell("perf-event", sample_processor());
	tell("fanotify-content",
	     fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC, O_RDONLY | O_LARGEFILE));
	tell("kernel-btf", open("/sys/kernel/btf/vmlinux", O_RDONLY | O_CLOEXEC));
	tell("tracing", open("/sys/kernel/tracing/events", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	return 0;
}
