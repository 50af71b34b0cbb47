// SPDX-License-Identifier: GPL-2.0
/*
 * A system call's arguments at its end: the registers that it was entered with are still saved on
 * the task's kernel stack. Memory that they point to is the process's own and may have changed.
 */
#ifndef GADGET_ARGS_H
#define GADGET_ARGS_H

#include <gadget/kernel.h>
#include <bpf/bpf_helpers.h>

#if defined(__TARGET_ARCH_x86)
#define GADGET_SYSCALL_ARG1(regs) ((regs)->di)
#define GADGET_SYSCALL_ARG2(regs) ((regs)->si)
#define GADGET_SYSCALL_ARG3(regs) ((regs)->dx)
#define GADGET_SYSCALL_ARG4(regs) ((regs)->r10)
#define GADGET_SYSCALL_ARG5(regs) ((regs)->r8)
#define GADGET_SYSCALL_ARG6(regs) ((regs)->r9)
#else
#error "gadget/args.h: add the registers of this architecture's system call arguments"
#endif

static __always_inline struct pt_regs___saved *gadget_syscall_registers(void)
{
	return (struct pt_regs___saved *)bpf_task_pt_regs(bpf_get_current_task_btf());
}

#endif /* GADGET_ARGS_H */
