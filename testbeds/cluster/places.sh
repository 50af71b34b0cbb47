# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Where everything is: folders, addresses, names. No other file of the test bed spells one out.

# Who asked. Under sudo the cache is the calling user's, and what needs no root runs as that user.
if [ "$EUID" = 0 ] && [ -n "${SUDO_USER:-}" ] && [ "$SUDO_USER" != root ]; then
  caller=$SUDO_USER
  caller_home=$(getent passwd "$caller" | cut -d: -f6)
  cache_home=${XDG_CACHE_HOME:-$caller_home/.cache}
else
  caller=
  cache_home=${XDG_CACHE_HOME:-${HOME:?"set HOME or XDG_CACHE_HOME: the cluster keeps its files there"}/.cache}
fi

cache=$cache_home/inspektor-gadget/cluster
run=$cache/run # one running cluster; `down` removes it
pki=$run/pki
logs=$run/logs
kubeconfig=$cache/kubeconfig

sources=$testbed/kubernetes    # Go module of the programs
port=${IG_CLUSTER_PORT:-16443} # of the API server, on the machine's own loopback interface

# Inside: three networks that exist only in namespaces of the cluster.
control_address=10.99.0.1 # etcd, API server, controllers, scheduler
service_range=10.96.0.0/16
service_address=10.96.0.1 # `kubernetes.default`
dns_address=10.96.0.10    # nothing answers there: a cluster of tests has no DNS
pod_range=10.244.0.0/16
max_nodes=9

node_address() { echo "10.99.0.1$1"; }
node_pods() { echo "10.244.$1.0/24"; }

# Every process of the cluster lives below this name in each cgroup hierarchy.
cgroup_name=ig-cluster
# Where a node finds the folder `run` and the programs: the same on every machine.
inside=/run/ig-cluster

as_caller() {
  if [ -n "$caller" ]; then
    runuser -u "$caller" -- "$@"
  else
    "$@"
  fi
}
