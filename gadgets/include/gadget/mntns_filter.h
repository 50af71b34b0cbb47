// SPDX-License-Identifier: GPL-2.0
/* The published name of this header; everything is in filter.h. */
#ifndef GADGET_MNTNS_FILTER_H
#define GADGET_MNTNS_FILTER_H

#include <gadget/filter.h>

#endif /* GADGET_MNTNS_FILTER_H */
