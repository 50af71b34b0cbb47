// SPDX-License-Identifier: GPL-2.0
/* Reads and writes of block devices, added up by process and device. */
#include <gadget/kernel.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <gadget/blockio.h>
#include <gadget/filter.h>
#include <gadget/macros.h>
#include <gadget/map_full.h>
#include <gadget/process.h>
#include <gadget/types.h>

#define MAX_ENTRIES 10240
#define NS_PER_US   1000

enum direction {
	read = 0,
	write = 1,
} __attribute__((packed));

/* A request on its way. */
struct in_flight {
	struct gadget_process proc;
	__u64 start_ns;
};

struct key {
	struct gadget_process proc;
	char device[GADGET_DEVICE_NAME_BYTES];
	__s32 major;
	__s32 minor;
	enum direction rw_raw;
};

struct value {
	__u64 bytes;
	__u64 us;
	__u32 io;
};

/*
 * Keyed by the request where the kernel tells when a request is made for a process (6.5 and newer),
 * else by its first bio: the allocation of a request is announced without naming the request.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_ENTRIES);
	__type(key, __u64);
	__type(value, struct in_flight);
} requests SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_ENTRIES);
	__type(key, struct key);
	__type(value, struct value);
} counts SEC(".maps");

GADGET_MAPITER(blockio, counts);

static __always_inline void submitted(__u64 address)
{
	struct in_flight request = {};

	if (gadget_should_discard_data_current())
		return;
	gadget_process_populate(&request.proc);
	request.start_ns = bpf_ktime_get_ns();
	if (bpf_map_update_elem(&requests, &address, &request, BPF_ANY))
		gadget_count_map_full();
}

SEC("tp_btf/block_io_start")
int BPF_PROG(ig_io_start, struct request *request)
{
	submitted((__u64)request);
	return 0;
}

SEC("tp_btf/block_getrq")
int BPF_PROG(ig_getrq, struct bio *bio)
{
	submitted((__u64)bio);
	return 0;
}

/* Sets `address` to the key that was found. */
static __always_inline struct in_flight *find(struct request *request, __u64 *address)
{
	struct in_flight *found;

	*address = (__u64)request;
	found = bpf_map_lookup_elem(&requests, address);
	if (found)
		return found;
	*address = (__u64)request->bio;
	return bpf_map_lookup_elem(&requests, address);
}

/* The time counts from here: what the device takes, without the wait in the queue. */
SEC("tp_btf/block_rq_issue")
int BPF_PROG(ig_issue, struct request *request)
{
	__u64 address;
	struct in_flight *found = find(request, &address);

	if (found)
		found->start_ns = bpf_ktime_get_ns();
	return 0;
}

/* A request may complete in parts; its length still tells what was left before this part. */
SEC("tp_btf/block_rq_complete")
int BPF_PROG(ig_complete, struct request *request, blk_status_t error, unsigned int bytes)
{
	struct key key;
	struct value none = {}, *value;
	struct in_flight *found;
	__u64 address;

	found = find(request, &address);
	if (!found)
		return 0;
	__builtin_memset(&key, 0, sizeof(key));
	key.proc = found->proc;
	gadget_block_device_name(request, key.device);
	key.major = request->q->disk->major;
	key.minor = request->q->disk->first_minor;
	key.rw_raw = request->cmd_flags & GADGET_BLOCK_WRITES;
	value = gadget_lookup_or_insert(&counts, &key, &none);
	if (value)
		__sync_fetch_and_add(&value->bytes, bytes);
	if (bytes < request->__data_len)
		return 0;
	if (value) {
		__sync_fetch_and_add(&value->us,
				     (bpf_ktime_get_ns() - found->start_ns) / NS_PER_US);
		__sync_fetch_and_add(&value->io, 1);
	}
	bpf_map_delete_elem(&requests, &address);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
