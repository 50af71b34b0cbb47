// SPDX-License-Identifier: GPL-2.0
/*
 * A gadget of others as they write it: the whole vmlinux.h, the published names of headers, and the
 * calls in them. `ig run` makes the one and has the others.
 */
#include <vmlinux.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include <gadget/bits.bpf.h>
#include <gadget/buffer.h>
#include <gadget/common.h>
#include <gadget/core_fixes.bpf.h>
#include <gadget/filesystem.h>
#include <gadget/filter.h>
#include <gadget/kernel_stack_map.h>
#include <gadget/macros.h>
#include <gadget/maps.bpf.h>
#include <gadget/mntns.h>
#include <gadget/mntns_filter.h>
#include <gadget/types.h>
#include <gadget/user_stack_map.h>

/* Records of this size, for each open of a flood, would need a larger ring. */
#define REPORTED_EVERY 256

enum fd_size : u8 {
	tiny,
	larger,
};

struct event {
	gadget_timestamp timestamp_raw;
	struct gadget_process proc;
	gadget_kernel_stack kstack_raw;
	struct gadget_user_stack ustack_raw;
	__u64 log2_fd;
	enum fd_size class_raw;
	char fpath[GADGET_PATH_MAX];
	char cwd[GADGET_PATH_MAX];
};

struct opener {
	gadget_mntns_id mntns_id;
	gadget_pid pid;
};

struct opened {
	gadget_counter__u64 opens;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, struct opener);
	__type(value, struct opened);
} counts SEC(".maps");

GADGET_TRACER_MAP(events, 1024 * 256);
GADGET_TRACER(open, events, event);
GADGET_MAPITER(sums, counts);

static const struct opened none = {};

/* How many opens the process has made since the map was read. */
static __always_inline __u64 count(gadget_mntns_id mntns_id, __u32 pid)
{
	struct opener opener = {.mntns_id = mntns_id, .pid = pid};
	struct opened *opened = bpf_map_lookup_or_try_init(&counts, &opener, &none);

	return opened ? __sync_fetch_and_add(&opened->opens, 1) : 0;
}

SEC("tracepoint/syscalls/sys_exit_openat")
int others_open(struct trace_event_raw_sys_exit *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	gadget_mntns_id mntns_id = gadget_get_current_mntns_id();
	__u64 ids = bpf_get_current_pid_tgid();
	__u64 owners = bpf_get_current_uid_gid();
	gadget_comm comm[TASK_COMM_LEN];
	struct path directory = BPF_CORE_READ(task, fs, pwd);
	struct event *event;
	char *path;

	bpf_get_current_comm(comm, sizeof(comm));
	if (gadget_should_discard_data(mntns_id, ids >> 32, ids, comm, owners, owners >> 32))
		return 0;
	if (ctx->ret < 0)
		return 0;
	if (count(gadget_get_mntns_id(), ids >> 32) % REPORTED_EVERY)
		return 0;
	event = gadget_reserve_buf(&events, sizeof(*event));
	if (!event)
		return 0;
	if (get_task_state(task) != 0) {
		gadget_discard_buf(event);
		return 0;
	}
	event->timestamp_raw = bpf_ktime_get_boot_ns();
	gadget_process_populate(&event->proc);
	event->kstack_raw = gadget_get_kernel_stack(ctx);
	gadget_get_user_stack(ctx, &event->ustack_raw);
	event->log2_fd = log2l(ctx->ret);
	event->class_raw = ctx->ret < 16 ? tiny : larger;
	read_full_path_of_open_file_fd(ctx->ret, event->fpath, sizeof(event->fpath));
	path = get_path_str(&directory);
	if (path)
		bpf_probe_read_kernel_str(event->cwd, sizeof(event->cwd), path);
	gadget_submit_buf(ctx, &events, event, sizeof(*event));
	return 0;
}

/* Loaded by nobody: shows that it compiles. */
SEC("?tp_btf/block_rq_issue")
int BPF_PROG(others_issue, struct request *request)
{
	return BPF_CORE_READ(get_disk(request), major) +
	       BPF_CORE_READ(get_gendisk(request->bio), major);
}

char LICENSE[] SEC("license") = "GPL";
