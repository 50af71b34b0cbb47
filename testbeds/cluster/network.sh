# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# The networks of the cluster. All of it is in network namespaces of its own: the machine's own
# namespace gets no interface, address, route or rule, only one listening port on its loopback.
#
#   control:  lo, bridge "nodes" 10.99.0.1/24 <- port "nodeI" of each node
#   node I:   lo, eth0 10.99.0.1I/24, and a pair of interfaces for each pod (10.244.I.0/24)
#
# A namespace lives as long as the process "net-NAME" that was started in it. No file names it, so
# none can be left mounted.

# make_namespace GROUP NAME: starts the process that holds a new network namespace.
make_namespace() {
  launch "$1" "net-$2" unshare --net sleep infinity
  wait_until 10 has_own_namespace "$2" ||
    die "making the network namespace of $2: $(tail -n 1 "$logs/net-$2.log")"
  in_namespace "$2" ip link set lo up
}

# namespace_of NAME: the file of the namespace, for as long as its process lives.
namespace_of() {
  local holder
  holder=$(pid_of "net-$1") || return 1
  echo "/proc/$holder/ns/net"
}

has_own_namespace() {
  local namespace
  namespace=$(namespace_of "$1") && namespace=$(readlink "$namespace") || return 1
  [ "$namespace" != "$(readlink /proc/self/ns/net)" ]
}

# in_namespace NAME COMMAND...: not `ip netns exec`, which hides /sys/fs/cgroup from the command.
in_namespace() {
  local namespace
  namespace=$(namespace_of "$1") || die "entering the network of $1: it is not up"
  shift
  nsenter "--net=$namespace" -- "$@"
}

network_up() {
  make_namespace control control
  in_namespace control ip link add nodes type bridge
  in_namespace control ip address add "$control_address/24" dev nodes
  in_namespace control ip link set nodes up
}

# node_network_up I: the node's namespace, its cable to the bridge, and the routes to all pods.
node_network_up() {
  local node=$1 other holder
  make_namespace "node$node/sys" "node$node"
  holder=$(pid_of "net-node$node")
  # A node that was killed a moment ago may still have its end of the old cable plugged in.
  in_namespace control ip link delete "node$node" 2>/dev/null || true
  in_namespace control ip link add "node$node" type veth peer name eth0 netns "$holder"
  in_namespace control ip link set "node$node" master nodes up
  in_namespace control ip route replace "$(node_pods "$node")" via "$(node_address "$node")"
  in_namespace "node$node" ip address add "$(node_address "$node")/24" dev eth0
  in_namespace "node$node" ip link set eth0 up
  in_namespace "node$node" ip route add default via "$control_address"
  for ((other = 1; other <= max_nodes; other++)); do
    [ "$other" = "$node" ] ||
      in_namespace "node$node" ip route add "$(node_pods "$other")" via "$(node_address "$other")"
  done
  # Per namespace: the machine's own setting stays as it is.
  in_namespace "node$node" sysctl --quiet --write net.ipv4.ip_forward=1
}

node_network_down() {
  in_namespace control ip link delete "node$1" 2>/dev/null || true
  in_namespace control ip route delete "$(node_pods "$1")" 2>/dev/null || true
}

port_is_free() { [ -z "$(ss --no-header --listening --tcp --numeric "sport = :$port")" ]; }
