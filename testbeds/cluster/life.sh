# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# The cluster as a whole: prepared, brought up, described, taken down.

require_root() {
  [ "$EUID" = 0 ] || die "needs root: sudo ./cluster $1"
}

# lock_cluster: one change of the cluster at a time. Descriptor 9 holds the lock until this ends.
lock_cluster() {
  as_caller mkdir -p "$cache"
  exec 9>"$cache/lock"
  flock --wait 60 9 || die "waiting for another ./cluster command that is at work: still busy after 60 s"
}

# is_up: it came up whole, and nobody has taken it down since.
is_up() { [ -f "$run/up" ] && cgroup_exists; }

# use_what_runs: a cluster keeps the programs and images with which it came up, whatever has become
# of their sources since.
use_what_runs() {
  is_up || return 0
  programs=$(readlink "$run/programs")
  images=$(readlink "$run/images")
}

require_up() {
  is_up || die "no cluster is up; ./cluster up brings one up"
}

prepare_all() {
  find_programs
  install_packages
  find_images
  if ! have_programs || ! have_images; then build_as_caller; fi
  # What was not used for a month is of another state of the sources.
  touch "$programs" "$images"
  find "$cache" -maxdepth 1 \( -name 'programs-*' -o -name 'images-*' \) -mtime +30 -exec rm -r {} +
}

# build_as_caller: compilers need no root, and what they leave in a home must be its owner's.
build_as_caller() {
  if [ -n "$caller" ]; then
    as_caller mkdir -p "$cache"
    as_caller env "HOME=$caller_home" "XDG_CACHE_HOME=$cache_home" \
      "PATH=$PATH" "$root/cluster" build
  else
    build_all
  fi
}

build_all() {
  mkdir -p "$cache"
  exec 8>"$cache/build.lock"
  flock 8
  find_programs
  find_images
  build_programs
  build_images
  exec 8>&-
}

# check_machine: what `up` needs of it and no package brings.
check_machine() {
  [ "$(uname -s)" = Linux ] || die "bringing a cluster up: this is $(uname -s); Kubernetes nodes need Linux"
  [ -n "$(cgroup_roots)" ] || die "bringing a cluster up: no control groups are mounted at /sys/fs/cgroup"
  grep -qw overlay /proc/filesystems || modprobe overlay 2>/dev/null ||
    die "bringing a cluster up: this kernel has no overlay file system"
  require_space "$cache" 600 "bringing a cluster up"
  port_is_free || die "bringing a cluster up: port $port of 127.0.0.1 is taken; name another with IG_CLUSTER_PORT"
}

# cluster_up NODES SHARED_PIDS KEEP
cluster_up() {
  local nodes=$1 shared_pids=$2 keep=$3 started=$EPOCHREALTIME node numbers
  if is_up; then
    say "a cluster is up already, with $(known_nodes | sed 's/^/node/' | xargs); ./cluster down takes it down"
    say "kubeconfig: $kubeconfig"
    return 0
  fi
  if [ -e "$run" ] || cgroup_exists; then
    die "bringing a cluster up: there are remains of one that did not come up whole; first ./cluster down"
  fi
  check_machine
  if [ "$keep" != yes ]; then trap 'give_up $?' EXIT; fi
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  mkdir -p "$logs" "$run/loaded"
  ln -s "$programs" "$run/programs"
  ln -s "$images" "$run/images"
  [ "$shared_pids" != yes ] || touch "$run/shared-pids"
  certificates_up
  make_cgroup control
  network_up
  start_control
  mapfile -t numbers < <(seq "$nodes")
  for node in "${numbers[@]}"; do start_node "$node"; done
  await_apiserver
  say "$(seconds_since "$started") s: the API server is ready"
  finish_control
  await_nodes "${numbers[@]}"
  say "$(seconds_since "$started") s: Ready: $(known_nodes | sed 's/^/node/' | xargs)"
  kubectl wait --for=create --timeout=60s serviceaccount/default >/dev/null || {
    last_words controller-manager "$logs/controller-manager.log"
    die "waiting for the default service account: not there after 60 s (see above)"
  }
  touch "$run/up"
  trap - EXIT INT TERM HUP
  say "$(seconds_since "$started") s: the cluster is up"
  say "kubeconfig: $kubeconfig (API server at https://127.0.0.1:$port)"
}

# give_up STATUS: how `up` ends when it did not get through.
give_up() {
  trap - EXIT
  trap '' INT TERM HUP
  say "taking down what was started (with --keep it is left for a look)"
  remove_everything || true
  exit "$1"
}

# remove_everything: whatever there is of a cluster, complete or not.
remove_everything() {
  end_members || die "taking the cluster down: these processes do not end: $(cgroup_members | xargs)"
  remove_cgroup || die "taking the cluster down: its control groups stay busy"
  ! cgroup_v2_alone || restore_controllers
  # Mounts of the nodes are theirs alone; should there be one all the same, nothing behind it is lost.
  rm -rf --one-file-system "$run"
  rm -f "$kubeconfig"
}

cluster_down() {
  local started=$EPOCHREALTIME
  if [ ! -e "$run" ] && ! cgroup_exists; then
    say "no cluster is up"
    return 0
  fi
  remove_everything
  say "the cluster is down and gone, $(seconds_since "$started") s"
}

# ready_states: a line "NAME=True|False|Unknown" for each node; 1 when nobody answers.
ready_states() {
  local path='{.status.conditions[?(@.type=="Ready")].status}'
  kubectl --request-timeout=5s get nodes \
    -o "jsonpath={range .items[*]}{.metadata.name}=$path{\"\\n\"}{end}" 2>/dev/null
}

# cluster_status: 0 when everything runs, 1 when something does not, 3 when there is no cluster.
cluster_status() {
  local name pid node ready states answered=yes status=0
  if ! is_up; then
    echo "no cluster is up"
    return 3
  fi
  printf '%-20s %-10s %s\n' COMPONENT STATE PID
  for name in $control_names; do
    if pid=$(pid_of "$name"); then
      printf '%-20s %-10s %s\n' "$name" running "$pid"
    else
      printf '%-20s %-10s %s\n' "$name" ended -
      status=1
    fi
  done
  if ! states=$(ready_states); then
    echo "the API server does not answer"
    answered=no status=1
  fi
  for node in $(known_nodes); do
    ready=NotReady
    [ "$answered" = yes ] || ready=unknown
    ! grep -qx "node$node=True" <<<"$states" || ready=Ready
    pid=$(pid_of "node$node") || { pid=- ready=down; }
    [ "$ready" = Ready ] || status=1
    printf '%-20s %-10s %s\n' "node$node" "$ready" "$pid"
  done
  echo "kubeconfig: $kubeconfig"
  return "$status"
}
