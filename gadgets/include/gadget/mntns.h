// SPDX-License-Identifier: GPL-2.0
/* The published name of this header; what it has is in process.h. */
#ifndef GADGET_MNTNS_H
#define GADGET_MNTNS_H

#include <gadget/process.h>

/* The older of two published names. */
static __always_inline gadget_mntns_id gadget_get_mntns_id(void)
{
	return gadget_get_current_mntns_id();
}

#endif /* GADGET_MNTNS_H */
