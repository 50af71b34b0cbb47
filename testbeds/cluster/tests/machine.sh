# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What the machine looks like from outside the cluster, to compare before and after.

# describe_machine: everything a cluster could have touched, one fact a line, sorted.
describe_machine() {
  {
    ip -oneline address | sed -E 's/ (valid_lft|preferred_lft) [0-9a-z]+//g; s/^[0-9]+: /address /'
    ip route show table all | sed 's/^/route /; s/ expires [0-9a-z]*//'
    ip rule | sed 's/^/rule /'
    iptables-save | sed '/^#/d; s/\[[0-9:]*\]$//; s/^/filter /'
    settings | sed 's/^/setting /'
    sed -E 's/^([^ ]+ +){4}([^ ]+) .*/mount \2/' /proc/self/mountinfo
    find /sys/fs/cgroup -name 'ig-cluster*' | sed 's/^/cgroup /'
    sed 's/^/controllers /' /sys/fs/cgroup/cgroup.subtree_control 2>/dev/null || true
    for folder in /etc/cni /var/lib/cni /var/lib/kubelet /var/lib/containerd /var/log/pods /var/log/containers \
      /run/netns /run/containerd /run/ig-cluster /run/cni /usr/libexec/kubernetes; do
      [ ! -e "$folder" ] || find "$folder" -maxdepth 2 -printf 'file %p\n'
    done
    find "$cache" -maxdepth 1 -printf 'file %p\n'
    ss --no-header --listening --tcp --numeric "sport = :$port" | sed 's/^/port /'
    cluster_processes | sed 's/^/process /'
  } | sort
}

# settings: of the kernel, such as nodes change.
settings() {
  local setting
  for setting in /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/conf/{all,default,lo}/{forwarding,route_localnet,rp_filter,arp_ignore} \
    /proc/sys/net/bridge/bridge-nf-call-iptables /proc/sys/net/netfilter/nf_conntrack_{max,tcp_timeout_established} \
    /proc/sys/vm/overcommit_memory /proc/sys/kernel/{panic,panic_on_oops,hostname}; do
    [ ! -r "$setting" ] || echo "$setting $(cat "$setting")"
  done
}

# cluster_processes: known by three signs that do not depend on how `down` finds them: a word in
# their environment, their control group, and the files they have mapped or mounted. What has ended
# and only waits to be reaped is gone.
cluster_processes() {
  local file folder
  {
    grep --files-with-matches --no-messages --null-data '^IG_CLUSTER_RUN=' /proc/[0-9]*/environ || true
    grep --files-with-matches --no-messages '/ig-cluster/' /proc/[0-9]*/cgroup || true
    grep --files-with-matches --no-messages --fixed-strings "$cache/programs-" /proc/[0-9]*/maps || true
    grep --files-with-matches --no-messages --fixed-strings "$cache/run" /proc/[0-9]*/mountinfo || true
  } | while read -r file; do
    folder=${file%/*}
    ! grep -qs '^State:[[:space:]]*[^Z[:space:]]' "$folder/status" ||
      echo "$(cat "$folder/comm" 2>/dev/null) (pid ${folder#/proc/})"
  done | sort -u
}

# same_machine BEFORE: fails, and says what differs, unless the machine is as the file BEFORE says.
same_machine() {
  local now differences
  now=$(describe_machine)
  # diff ends with 1 when there are differences: its status says nothing here.
  differences=$(diff --unified=0 "$1" <(echo "$now") | grep -E '^[-+][a-z]' || true)
  [ -n "$differences" ] || return 0
  echo "the machine is not as it was ('+' is new, '-' is gone):"
  echo "$differences"
  return 1
}
