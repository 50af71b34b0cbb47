// SPDX-License-Identifier: GPL-2.0
/* The published name of what map_full.h does: entries that are made when they are first met. */
#ifndef GADGET_MAPS_BPF_H
#define GADGET_MAPS_BPF_H

#include <gadget/map_full.h>

/* The entry of `key`, made from `init` if there is none; NULL (and counted) if the map is full. */
static __always_inline void *bpf_map_lookup_or_try_init(void *map, const void *key,
							const void *init)
{
	return gadget_lookup_or_insert(map, key, init);
}

#endif /* GADGET_MAPS_BPF_H */
