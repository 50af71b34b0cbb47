# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Nodes, seen from the machine: made, started, ended, asked. What happens inside is in `node-init`.

is_node_number() { [[ $1 =~ ^[1-9]$ ]] && [ "$1" -le "$max_nodes" ]; }

# known_nodes: the numbers of the nodes that exist, running or not.
known_nodes() {
  local folder
  for folder in "$run"/node[1-9]; do
    [ ! -d "$folder" ] || echo "${folder#"$run"/node}"
  done
}

# start_node I: starts the processes of node I; await_nodes waits for what comes of it.
start_node() {
  local node=$1 folder=$run/node$1
  local namespaces=(--mount --uts --propagation private)
  make_cgroup "node$node"
  node_network_up "$node"
  if [ ! -d "$folder" ]; then
    mkdir "$folder"
    node_certificates "$folder/pki" "$node"
  fi
  mkdir -p "$folder"/{sys,run,kubelet,containerd,pods,containers}
  # Without a PID namespace the pods that ask for the host's see every process of the machine.
  [ -f "$run/shared-pids" ] || namespaces+=(--pid --fork --mount-proc --kill-child)
  launch "node$node/sys" "node$node" nsenter "--net=$(namespace_of "node$node")" -- \
    unshare "${namespaces[@]}" -- bash "$testbed/node-init" \
    "$node" "$folder" "$programs" "$images" "$run/loaded" "$logs"
}

# init_of I: the first process inside node I.
init_of() {
  local launcher children
  launcher=$(pid_of "node$1") || return 1
  [ ! -f "$run/shared-pids" ] || {
    echo "$launcher"
    return 0
  }
  children=$(cat "/proc/$launcher/task/$launcher/children" 2>/dev/null) || return 1
  [ -n "$children" ] || return 1
  echo "${children%% *}"
}

# in_node I COMMAND...: runs COMMAND as a process of node I.
in_node() {
  local init entered=(--mount --uts --net)
  init=$(init_of "$1") || die "entering node$1: it is not running; ./cluster node up $1"
  shift
  [ -f "$run/shared-pids" ] || entered+=(--pid)
  nsenter --target "$init" "${entered[@]}" -- \
    env "PATH=$inside/programs:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin" "$@"
}

# all_ready I...: waits until each node is Ready, at most a minute for each step.
all_ready() {
  local node
  for node in "$@"; do
    # One at a time: for several names that are not there yet kubectl does not wait.
    kubectl wait --for=create --timeout=60s "node/node$node" || return 1
    kubectl wait --for=condition=Ready --timeout=60s "node/node$node" || return 1
    # A node that was away for less than 20 s counted as Ready all the time: ask itself.
    wait_until 60 kubelet_answers "$node" || return 1
  done
}

kubelet_answers() {
  [ "$(kubectl --request-timeout=2s get --raw "/api/v1/nodes/node$1/proxy/healthz")" = ok ]
}

# await_nodes I...: until each is Ready, or the log of what kept it from that.
await_nodes() {
  local node name watched="apiserver controller-manager scheduler"
  for node in "$@"; do watched+=" node$node"; done
  if watch_over "$watched" all_ready "$@"; then return 0; fi
  for name in $watched; do
    if gone "$name"; then
      last_words "$name" "$logs/$name.log"
      die "starting $name: it ended (see above)"
    fi
  done
  for node in "$@"; do
    last_words "containerd of node$node" "$logs/containerd$node.log"
    last_words "kubelet of node$node" "$logs/kubelet$node.log"
  done
  die "starting the nodes $*: not all are Ready after 60 s (see above)"
}

# stop_node I: ends everything of it at once. The API server says Ready for up to 20 s more.
stop_node() {
  local node=$1
  end_members "node$node" || die "ending node$node: processes are left after 20 s: $(cgroup_members "node$node" | xargs)"
  node_network_down "$node"
  remove_cgroup "node$node" || die "ending node$node: its control groups stay busy"
  rm -f "$run/node$node.pid" "$run/net-node$node.pid"
}
