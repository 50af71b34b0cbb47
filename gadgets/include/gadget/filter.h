// SPDX-License-Identifier: GPL-2.0
/*
 * The one question every gadget asks before it computes anything: does the user want this process?
 * User space fills the maps and sets the read-only variables; a filter that is not in use costs
 * nothing, since the verifier removes its code.
 */
#ifndef GADGET_FILTER_H
#define GADGET_FILTER_H

#include <gadget/kernel.h>
#include <bpf/bpf_helpers.h>
#include <gadget/process.h>

/* Containers: members are kept. Off means: the whole host. */
const volatile bool gadget_filter_by_mntns = false;

/*
 * The host's own mount namespace, if user space knows it and did not select it; 0 otherwise. Most
 * events of a machine are the host's: one comparison drops them and saves two look-ups.
 */
const volatile __u64 gadget_host_mntns = 0;

#define GADGET_MEMBER_ANY 1

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u64);
	__type(value, __u32);
} gadget_mntns_filter_map SEC(".maps");

/*
 * Mount namespaces of containers that were born a moment ago and are not identified yet, with their
 * unique id. User space puts the map of the program that watches births in its place, and decides
 * later about the records that were passed on because of it.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u64);
	__type(value, __u64);
} gadget_mntns_new SEC(".maps");

/* Lists of the user: bit 2k of the flags says that list k has includes, bit 2k+1 excludes. */
enum gadget_filter_list {
	GADGET_FILTER_LIST_PID = 0,
	GADGET_FILTER_LIST_TID = 1,
	GADGET_FILTER_LIST_UID = 2,
	GADGET_FILTER_LIST_GID = 3,
	GADGET_FILTER_LIST_COMM = 4,
};

#define GADGET_FILTER_INCLUDES 1
#define GADGET_FILTER_EXCLUDES 2

const volatile __u32 gadget_filter_flags = 0;

struct gadget_filter_comm_key {
	char comm[TASK_COMM_LEN];
};

#define GADGET_FILTER_LIST_MAP(name, key_type)                                                     \
	struct {                                                                                   \
		__uint(type, BPF_MAP_TYPE_HASH);                                                   \
		__uint(max_entries, 1024);                                                         \
		__uint(map_flags, BPF_F_NO_PREALLOC);                                              \
		__type(key, key_type);                                                             \
		__type(value, __u8);                                                               \
	} name SEC(".maps")

GADGET_FILTER_LIST_MAP(gadget_filter_pid, __u32);
GADGET_FILTER_LIST_MAP(gadget_filter_tid, __u32);
GADGET_FILTER_LIST_MAP(gadget_filter_uid, __u32);
GADGET_FILTER_LIST_MAP(gadget_filter_gid, __u32);
GADGET_FILTER_LIST_MAP(gadget_filter_comm, struct gadget_filter_comm_key);

static __always_inline __u32 gadget_filter_list_use(enum gadget_filter_list list)
{
	return gadget_filter_flags >> (2 * list) & 3;
}

static __always_inline bool gadget_filter_list_drops(void *map, const void *key, __u32 use)
{
	const __u8 *entry = bpf_map_lookup_elem(map, key);

	if (entry && *entry == GADGET_FILTER_EXCLUDES)
		return true;
	return (use & GADGET_FILTER_INCLUDES) && !(entry && *entry == GADGET_FILTER_INCLUDES);
}

#define GADGET_FILTER_DROPS_NUMBER(map, list, number)                                              \
	({                                                                                         \
		__u32 __use = gadget_filter_list_use(list);                                        \
		__u32 __number = __use ? (number) : 0;                                             \
		__use &&gadget_filter_list_drops(map, &__number, __use);                           \
	})

/*
 * Numbers are given again at once, so an entry may still be that of a container that has just
 * ended. Where the namespace's unique id is known (not 0) it has to be the entry's: of members the
 * low half, or 1 if user space does not know it.
 */
static __always_inline bool gadget_should_discard_mntns(gadget_mntns_id mntns_id,
							gadget_mntns_unique_id unique_id)
{
	__u64 key = mntns_id;
	__u32 *member;
	__u64 *newborn;

	if (!gadget_filter_by_mntns)
		return false;
	if (gadget_host_mntns && key == gadget_host_mntns)
		return true;
	/*
	 * Newborns first: user space makes one a member before it takes it from here. The other way
	 * round, one that changes over between the two looks would be found in neither place.
	 */
	newborn = bpf_map_lookup_elem(&gadget_mntns_new, &key);
	if (newborn && (!unique_id || *newborn == unique_id))
		return false;
	member = bpf_map_lookup_elem(&gadget_mntns_filter_map, &key);
	return !member ||
	       (unique_id && *member != GADGET_MEMBER_ANY && *member != (__u32)unique_id);
}

static __always_inline bool gadget_should_discard_mntns_id(gadget_mntns_id mntns_id)
{
	return gadget_should_discard_mntns(mntns_id, 0);
}

/* `comm` is read up to its NUL or TASK_COMM_LEN bytes, and may lie in a record or in the kernel. */
static __always_inline bool gadget_should_discard_comm(const char *comm)
{
	struct gadget_filter_comm_key key = {};
	__u32 use = gadget_filter_list_use(GADGET_FILTER_LIST_COMM);

	if (!use)
		return false;
	bpf_probe_read_kernel_str(key.comm, sizeof(key.comm), comm);
	return gadget_filter_list_drops(&gadget_filter_comm, &key, use);
}

static __always_inline bool gadget_should_discard_data(gadget_mntns_id mntns_id, gadget_pid pid,
						       gadget_tid tid, const char *comm,
						       gadget_uid uid, gadget_gid gid)
{
	if (gadget_should_discard_mntns_id(mntns_id))
		return true;
	if (GADGET_FILTER_DROPS_NUMBER(&gadget_filter_pid, GADGET_FILTER_LIST_PID, pid))
		return true;
	if (GADGET_FILTER_DROPS_NUMBER(&gadget_filter_tid, GADGET_FILTER_LIST_TID, tid))
		return true;
	if (GADGET_FILTER_DROPS_NUMBER(&gadget_filter_uid, GADGET_FILTER_LIST_UID, uid))
		return true;
	if (GADGET_FILTER_DROPS_NUMBER(&gadget_filter_gid, GADGET_FILTER_LIST_GID, gid))
		return true;
	return gadget_should_discard_comm(comm);
}

/* The same for a task; members of the task are read only for the filters that are in use. */
static __always_inline bool gadget_should_discard_task(struct task_struct *task)
{
	if (gadget_filter_by_mntns &&
	    gadget_should_discard_mntns(gadget_task_mntns_id(task),
					gadget_task_mntns_unique_id(task)))
		return true;
	if (!gadget_filter_flags)
		return false;
	if (GADGET_FILTER_DROPS_NUMBER(&gadget_filter_pid, GADGET_FILTER_LIST_PID, task->tgid))
		return true;
	if (GADGET_FILTER_DROPS_NUMBER(&gadget_filter_tid, GADGET_FILTER_LIST_TID, task->pid))
		return true;
	if (GADGET_FILTER_DROPS_NUMBER(&gadget_filter_uid, GADGET_FILTER_LIST_UID,
				       task->cred->uid.val))
		return true;
	if (GADGET_FILTER_DROPS_NUMBER(&gadget_filter_gid, GADGET_FILTER_LIST_GID,
				       task->cred->gid.val))
		return true;
	return gadget_should_discard_comm((const char *)&task->comm);
}

static __always_inline bool gadget_should_discard_data_current(void)
{
	return gadget_should_discard_task(bpf_get_current_task_btf());
}

#endif /* GADGET_FILTER_H */
