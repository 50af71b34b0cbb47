// SPDX-License-Identifier: GPL-2.0
/*
 * Markers: global variables that nobody reads. Their names, joined by three underscores, tell user
 * space what the object offers.
 */
#ifndef GADGET_MACROS_H
#define GADGET_MACROS_H

#include <gadget/kernel.h>
#include <bpf/bpf_helpers.h>

#define GADGET_MARKER(symbol) const void *symbol __attribute__((unused))

/* Records of `struct type` come out of the ring buffer `map` as the data source `name`. */
#define GADGET_TRACER(name, map, type)                                                             \
	GADGET_MARKER(gadget_tracer_##name##___##map##___##type);                                  \
	const struct type *__gadget_tracer_type_##name __attribute__((unused))

/* A ring buffer of `size` bytes (a power of two, at least a page) and the count of its losses. */
#define GADGET_TRACER_MAP(name, size)                                                              \
	struct {                                                                                   \
		__uint(type, BPF_MAP_TYPE_RINGBUF);                                                \
		__uint(max_entries, size);                                                         \
	} name SEC(".maps");                                                                       \
	struct {                                                                                   \
		__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);                                           \
		__uint(max_entries, 1);                                                            \
		__type(key, __u32);                                                                \
		__type(value, __u64);                                                              \
	} name##_lost_samples SEC(".maps");                                                        \
	GADGET_MARKER(gadget_map_tracer_##name)

/* The user may set the `const volatile` global variable `name`. */
#define GADGET_PARAM(name) GADGET_MARKER(gadget_param_##name)

/* One to three iterator programs write `struct type` one after the other: the data source `name`.
 */
#define GADGET_ITER(name, type, ...)                                                               \
	GADGET_ITER_PICK(__VA_ARGS__, GADGET_ITER_3, GADGET_ITER_2, GADGET_ITER_1)                 \
	(name, type, __VA_ARGS__);                                                                 \
	const struct type *unusedevent_##name##___##type __attribute__((unused))
#define GADGET_SNAPSHOTTER(name, type, ...) GADGET_ITER(name, type, __VA_ARGS__)

#define GADGET_ITER_PICK(_1, _2, _3, chosen, ...) chosen
#define GADGET_ITER_1(name, type, p1)		  GADGET_MARKER(gadget_iter_##name##___##type##___##p1)
#define GADGET_ITER_2(name, type, p1, p2)                                                          \
	GADGET_MARKER(gadget_iter_##name##___##type##___##p1##___##p2)
#define GADGET_ITER_3(name, type, p1, p2, p3)                                                      \
	GADGET_MARKER(gadget_iter_##name##___##type##___##p1##___##p2##___##p3)

/* The hash map `map`, struct to struct, is read at intervals: the data source `name`. */
#define GADGET_MAPITER(name, map) GADGET_MARKER(gadget_mapiter_##name##___##map)

#endif /* GADGET_MACROS_H */
