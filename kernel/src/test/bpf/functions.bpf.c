// SPDX-License-Identifier: GPL-2.0
/*
 * One program for each kind of hook on a kernel function. All look at getpgid(2) of a process,
 * which asks the security modules in task_getpgid, and only at processes of the tests' own:
 * `watched_tgid` must match. None is loaded unless a test asks for it, since no kernel without the
 * feature takes it.
 */
#include <linux/bpf.h>
#include <linux/errno.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

const volatile __u32 watched_tgid = 0;

__u64 calls = 0;
__u64 last_argument_tgid = 0;
__s64 last_result = -1;

struct task_struct {
	int tgid;
} __attribute__((preserve_access_index));

static __always_inline int is_watched(void)
{
	return bpf_get_current_pid_tgid() >> 32 == watched_tgid;
}

static __always_inline void saw_argument(struct task_struct *task)
{
	int tgid = 0;

	bpf_probe_read_kernel(&tgid, sizeof(tgid), __builtin_preserve_access_index(&task->tgid));
	last_argument_tgid = tgid;
	__sync_fetch_and_add(&calls, 1);
}

static __always_inline void saw_result(int result)
{
	last_result = result;
	__sync_fetch_and_add(&calls, 1);
}

SEC("?kprobe/security_task_getpgid")
int BPF_KPROBE(on_kprobe, struct task_struct *task)
{
	if (is_watched())
		saw_argument(task);
	return 0;
}

SEC("?kretprobe/security_task_getpgid")
int BPF_KRETPROBE(on_kretprobe, int result)
{
	if (is_watched())
		saw_result(result);
	return 0;
}

SEC("?ksyscall/getpgid")
int on_ksyscall(void *ctx)
{
	if (is_watched())
		__sync_fetch_and_add(&calls, 1);
	return 0;
}

SEC("?fentry/security_task_getpgid")
int BPF_PROG(on_fentry, struct task_struct *task)
{
	if (is_watched())
		saw_argument(task);
	return 0;
}

SEC("?fexit/security_task_getpgid")
int BPF_PROG(on_fexit, struct task_struct *task, int result)
{
	if (is_watched()) {
		saw_argument(task);
		last_result = result;
	}
	return 0;
}

SEC("?fmod_ret/security_task_getpgid")
int BPF_PROG(on_fmod_ret, struct task_struct *task, int result)
{
	if (!is_watched())
		return 0;
	saw_argument(task);
	return -EACCES;
}

SEC("?lsm/task_getpgid")
int BPF_PROG(on_lsm, struct task_struct *task, int result)
{
	if (result || !is_watched())
		return result;
	saw_argument(task);
	return -EPERM;
}
