// SPDX-License-Identifier: GPL-2.0
/*
 * A gadget of others that is watched: an iterator and a map that are read several times, a default
 * that only gadget.yaml gives, and a program that gadget.yaml switches off.
 */
#include <gadget/kernel.h>
#include <bpf/bpf_helpers.h>
#include <gadget/macros.h>
#include <gadget/types.h>

const volatile __u32 most = 1000000;
GADGET_PARAM(most);

struct row {
	gadget_pid pid;
	gadget_comm comm[TASK_COMM_LEN];
};

struct number {
	__u64 of;
};

struct count {
	__u64 walks;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, struct number);
	__type(value, struct count);
} counts SEC(".maps");

GADGET_SNAPSHOTTER(rows, row, others_rows);
GADGET_MAPITER(sums, counts);

SEC("iter/task")
int others_rows(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct number number = {};
	struct count first = {.walks = 1};
	struct row row = {};

	if (!task || ctx->meta->seq_num >= most)
		return 0;
	bpf_map_update_elem(&counts, &number, &first, BPF_ANY);
	row.pid = task->tgid;
	bpf_probe_read_kernel_str(row.comm, sizeof(row.comm), &task->comm);
	bpf_seq_write(ctx->meta->seq, &row, sizeof(row));
	return 0;
}

/* No kernel has this hook: if it were attached, the run could not start. */
SEC("tracepoint/syscalls/sys_enter_no_such_call")
int others_elsewhere(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
