// SPDX-License-Identifier: GPL-2.0
// A program that the verifier must refuse: it reads through a pointer that may be NULL.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
} lookups SEC(".maps");

SEC("raw_tp/sys_enter")
int reads_unchecked(void *ctx)
{
	__u32 key = 1;
	__u64 *value = bpf_map_lookup_elem(&lookups, &key);

	return *value != 0;
}
