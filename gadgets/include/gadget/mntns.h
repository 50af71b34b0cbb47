// SPDX-License-Identifier: GPL-2.0
/* The published name of this header; everything is in process.h. */
#ifndef GADGET_MNTNS_H
#define GADGET_MNTNS_H

#include <gadget/process.h>

#endif /* GADGET_MNTNS_H */
