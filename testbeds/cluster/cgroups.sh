# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# The control groups of the cluster, in every hierarchy that the machine has:
#   ig-cluster/control        etcd, the control plane, the relay
#   ig-cluster/nodeI/sys      containerd, kubelet and kube-proxy of a node
#   ig-cluster/nodeI/kubepods its pods (made by the kubelet)
# They are also how the cluster is found again and ended: a process cannot leave them by itself.

# cgroup_roots: the hierarchies, one a line; with cgroup v2 alone it is one.
cgroup_roots() { findmnt --raw --noheadings --output TARGET --types cgroup,cgroup2; }

cgroup_v2_alone() { [ "$(stat --file-system --format %T /sys/fs/cgroup)" = cgroup2fs ]; }

cgroup_exists() {
  local root
  while read -r root; do [ ! -d "$root/$cgroup_name" ] || return 0; done < <(cgroup_roots)
  return 1
}

# enable_controllers GROUP: lets the groups below GROUP be limited (v2 only).
enable_controllers() {
  local controller controllers
  read -ra controllers <"$1/cgroup.controllers"
  for controller in "${controllers[@]}"; do
    echo "+$controller" >"$1/cgroup.subtree_control"
  done
}

# make_cgroup NAME: makes ig-cluster/NAME and, for a node, what its processes and pods need below.
make_cgroup() {
  local root group file
  while read -r root; do
    mkdir -p "$root/$cgroup_name/$1"
    case $1 in node*) mkdir -p "$root/$cgroup_name/$1/sys" ;; esac
    if [ -f "$root/cpuset.cpus" ]; then
      # In v1 a new cpuset allows no processor and no memory, and takes no process.
      for group in "$cgroup_name" "$cgroup_name/$1" "$cgroup_name/$1/sys"; do
        [ ! -d "$root/$group" ] || for file in cpuset.cpus cpuset.mems; do
          cat "$root/$file" >"$root/$group/$file"
        done
      done
    fi
  done < <(cgroup_roots)
  cgroup_v2_alone || return 0
  remember_controllers
  enable_controllers /sys/fs/cgroup
  enable_controllers "/sys/fs/cgroup/$cgroup_name"
  case $1 in node*) enable_controllers "/sys/fs/cgroup/$cgroup_name/$1" ;; esac
}

# remember_controllers: the kubelet wants every controller at the root of a v2 tree; those that were
# off are switched off again by `down`.
remember_controllers() {
  [ -f "$run/controllers" ] || cp /sys/fs/cgroup/cgroup.subtree_control "$run/controllers"
}

restore_controllers() {
  [ -f "$run/controllers" ] || return 0
  local controller controllers before
  before=" $(cat "$run/controllers") "
  read -ra controllers </sys/fs/cgroup/cgroup.subtree_control
  for controller in "${controllers[@]}"; do
    case $before in
    *" $controller "*) ;;
    *) echo "-$controller" >/sys/fs/cgroup/cgroup.subtree_control ;;
    esac
  done
}

# enter_cgroup NAME: moves the calling shell, so that all it starts is there.
enter_cgroup() {
  local root
  while read -r root; do
    echo "$BASHPID" >"$root/$cgroup_name/$1/cgroup.procs"
  done < <(cgroup_roots)
}

# cgroup_members [NAME]: the processes below ig-cluster/NAME, each once.
cgroup_members() {
  local root
  while read -r root; do
    find "$root/$cgroup_name/${1:-}" -name cgroup.procs -exec cat {} + 2>/dev/null || true
  done < <(cgroup_roots) | sort -un
}

# end_members [NAME]: kills what is below ig-cluster/NAME, again and again until nothing is left.
end_members() {
  local members deadline=$((SECONDS + 20))
  while members=$(cgroup_members "${1:-}") && [ -n "$members" ]; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    # shellcheck disable=SC2086 # a list of numbers; some may have ended already
    kill -KILL $members 2>/dev/null || true
    sleep 0.02
  done
}

# remove_cgroup [NAME]: removes ig-cluster/NAME, from the leaves on. A group stays busy for some
# milliseconds after its last process was killed.
remove_cgroup() {
  local name=${1:+/$1}
  wait_until 20 remove_cgroup_once "$cgroup_name$name"
}

remove_cgroup_once() {
  local root left=0
  while read -r root; do
    [ ! -d "$root/$1" ] || find "$root/$1" -depth -type d -exec rmdir {} + 2>/dev/null || left=1
  done < <(cgroup_roots)
  return "$left"
}
