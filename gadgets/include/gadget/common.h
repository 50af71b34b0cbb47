// SPDX-License-Identifier: GPL-2.0
/* The published name of this header; everything is in process.h. */
#ifndef GADGET_COMMON_H
#define GADGET_COMMON_H

#include <gadget/process.h>

#endif /* GADGET_COMMON_H */
