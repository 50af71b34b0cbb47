// SPDX-License-Identifier: GPL-2.0
/* How long block devices take for their requests, as histograms. */
#include <gadget/kernel.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <gadget/bits.h>
#include <gadget/blockio.h>
#include <gadget/macros.h>
#include <gadget/map_full.h>
#include <gadget/types.h>

#define REQUESTS_MAX_ENTRIES   10240
#define HISTOGRAMS_MAX_ENTRIES 1024
#define SLOTS		       27
#define NS_PER_US	       1000
#define DEVICE_MINOR_BITS      20

/* The kernel's numbers for what a request does; they have been the same since 5.15. */
enum block_operation {
	read = 0,
	write = 1,
	flush = 2,
	discard = 3,
	secure_erase = 5,
	zone_append = 7,
	write_zeroes = 9,
	zone_open = 11,
	zone_close = 13,
	zone_finish = 15,
	zone_reset = 17,
	zone_reset_all = 19,
	driver_in = 34,
	driver_out = 35,
};

struct key {
	char device[GADGET_DEVICE_NAME_BYTES];
	enum block_operation operation_raw;
	__u32 cmd_flags;
	__u32 dev;
};

struct histogram {
	gadget_histogram_slot__u32 latency[SLOTS];
};

/* When the device was given a request. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, REQUESTS_MAX_ENTRIES);
	__type(key, __u64);
	__type(value, __u64);
} issued SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, HISTOGRAMS_MAX_ENTRIES);
	__type(key, struct key);
	__type(value, struct histogram);
} histograms SEC(".maps");

GADGET_MAPITER(blockio, histograms);

SEC("tp_btf/block_rq_issue")
int BPF_PROG(ig_issue, struct request *request)
{
	__u64 address = (__u64)request;
	__u64 now_ns = bpf_ktime_get_ns();

	if (bpf_map_update_elem(&issued, &address, &now_ns, BPF_ANY))
		gadget_count_map_full();
	return 0;
}

SEC("tp_btf/block_rq_complete")
int BPF_PROG(ig_complete, struct request *request, blk_status_t error, unsigned int bytes)
{
	static const struct histogram none;
	struct histogram *histogram;
	__u64 address = (__u64)request, duration_ns, slot;
	__u64 *start_ns = bpf_map_lookup_elem(&issued, &address);
	struct gendisk *disk = request->q->disk;
	struct key key;

	/* Only the last part of a request that completes in parts ends it. */
	if (!start_ns || bytes < request->__data_len)
		return 0;
	duration_ns = bpf_ktime_get_ns() - *start_ns;
	bpf_map_delete_elem(&issued, &address);

	__builtin_memset(&key, 0, sizeof(key));
	gadget_block_device_name(request, key.device);
	key.operation_raw = gadget_block_operation(request);
	key.cmd_flags = key.operation_raw;
	key.dev = disk->major << DEVICE_MINOR_BITS | disk->first_minor;
	histogram = gadget_lookup_or_insert(&histograms, &key, &none);
	if (!histogram)
		return 0;
	slot = log2l(duration_ns / NS_PER_US);
	if (slot >= SLOTS)
		slot = SLOTS - 1;
	__sync_fetch_and_add(&histogram->latency[slot], 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
