// SPDX-License-Identifier: GPL-2.0
/* The processes there are, each with its parent. */
#include <gadget/kernel.h>
#include <bpf/bpf_helpers.h>
#include <gadget/filter.h>
#include <gadget/macros.h>
#include <gadget/process.h>
#include <gadget/types.h>

/* Every thread instead of every process. */
const volatile bool threads = false;
GADGET_PARAM(threads);

GADGET_ITER(processes, gadget_process, ig_processes);

SEC("iter/task")
int ig_processes(struct bpf_iter__task *ctx)
{
	struct gadget_process process = {};
	struct task_struct *task = ctx->task;

	if (!task)
		return 0;
	if (!threads && task->pid != task->tgid)
		return 0;
	if (gadget_should_discard_task(task))
		return 0;
	gadget_process_of_task(&process, task);
	bpf_seq_write(ctx->meta->seq, &process, sizeof(process));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
