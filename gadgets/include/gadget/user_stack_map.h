// SPDX-License-Identifier: GPL-2.0
/* Stacks of processes for gadgets that take them only if the user asks for them. */
#ifndef GADGET_USER_STACK_MAP_H
#define GADGET_USER_STACK_MAP_H

#include <gadget/user_stack.h>

const volatile bool collect_ustack = false;
GADGET_PARAM(collect_ustack);

/* Takes the current process's stack if the user asked for it; writes every byte of `stack`. */
static __always_inline void gadget_get_user_stack(void *ctx, struct gadget_user_stack *stack)
{
	if (collect_ustack)
		gadget_take_user_stack(ctx, stack);
	else
		__builtin_memset(stack, 0, sizeof(*stack));
}

#endif /* GADGET_USER_STACK_MAP_H */
