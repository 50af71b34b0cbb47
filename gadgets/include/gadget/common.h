// SPDX-License-Identifier: GPL-2.0
/*
 * The published name of process.h. Programs of others rely on it for the kernel's types too, where
 * their folder or `ig run` has a vmlinux.h.
 */
#ifndef GADGET_COMMON_H
#define GADGET_COMMON_H

#if __has_include(<vmlinux.h>)
#include <vmlinux.h>
#endif
#include <gadget/process.h>

#endif /* GADGET_COMMON_H */
