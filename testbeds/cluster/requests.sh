# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What can be asked of a cluster that is up: faults and repairs, images, logs.

# request_node up|down|exec I [COMMAND...]
request_node() {
  local verb=${1:-} node=${2:-} started=$EPOCHREALTIME
  case $verb in up | down | exec) ;; *) usage_error "node: up, down or exec, not '$verb'" ;; esac
  is_node_number "$node" || usage_error "node $verb: a number from 1 to $max_nodes, not '$node'"
  require_root "node $verb $node"
  require_up
  case $verb in
  up)
    lock_cluster
    if alive "node$node"; then
      say "node$node is up already"
      return 0
    fi
    if alive "net-node$node"; then stop_node "$node"; fi
    start_node "$node"
    await_nodes "$node"
    say "node$node is up, $(seconds_since "$started") s"
    ;;
  down)
    [ -d "$run/node$node" ] || die "ending node$node: there is none; there are: $(known_nodes | xargs)"
    lock_cluster
    stop_node "$node"
    say "node$node is down, as if its power had been cut; the API server notices after 20 s"
    ;;
  exec)
    shift 2
    [ "${1:-}" != -- ] || shift
    [ $# -gt 0 ] || usage_error "node exec $node: which command?"
    in_node "$node" "$@"
    ;;
  esac
}

# request_apiserver restart|kill
request_apiserver() {
  local verb=${1:-} started=$EPOCHREALTIME
  case $verb in restart | kill) ;; *) usage_error "apiserver: restart or kill, not '$verb'" ;; esac
  require_root "apiserver $verb"
  require_up
  lock_cluster
  if [ "$verb" = kill ]; then
    alive apiserver || die "killing the API server: it is not running; ./cluster apiserver restart"
    end_process apiserver KILL 10 || die "killing the API server: it is still there after 10 s"
    say "the API server is killed; ./cluster apiserver restart brings it back"
    return 0
  fi
  # It may wait for requests that are open; one that hangs must not hang this.
  if ! end_process apiserver TERM 20; then
    say "the API server did not end within 20 s of being asked; it is killed"
    end_process apiserver KILL 10 || die "killing the API server: it is still there after 10 s"
  fi
  start_apiserver
  await_apiserver
  # In a cluster with leader election they too would end and begin anew. Ours would try again, but
  # only after pauses that have grown to half a minute.
  if ! end_process controller-manager KILL 10 || ! end_process scheduler KILL 10; then
    die "restarting the controllers: they do not end"
  fi
  start_controllers
  start_scheduler
  say "the API server is back, $(seconds_since "$started") s"
}

# request_load IMAGE.tar: onto every node, and onto those that come later.
request_load() {
  local archive=${1:-} node copy
  [ -n "$archive" ] || usage_error "load: which image archive?"
  [ -r "$archive" ] || die "loading $archive: it cannot be read"
  require_root "load $archive"
  require_up
  lock_cluster
  copy=$run/loaded/$(sha256sum "$archive" | cut -c 1-16).tar
  cp "$archive" "$copy.new"
  mv "$copy.new" "$copy"
  for node in $(known_nodes); do
    alive "node$node" || continue
    in_node "$node" ctr --namespace k8s.io images import "$inside/loaded/$(basename "$copy")" || {
      rm -f "$copy"
      die "loading $archive on node$node: containerd refused it (see above); it takes what 'docker save' writes"
    }
  done
}

# request_logs [COMPONENT [TAIL-OPTION...]]
request_logs() {
  local component=${1:-} log
  # Of one that did not come up, too: that is when logs matter.
  [ -d "$logs" ] || die "showing logs: no cluster is up; ./cluster up brings one up"
  if [ -z "$component" ]; then
    for log in "$logs"/*.log; do basename "$log" .log; done
    return 0
  fi
  shift
  [ -f "$logs/$component.log" ] ||
    die "showing the log of $component: there is none; './cluster logs' lists those there are"
  if [ $# -gt 0 ]; then
    exec tail "$@" "$logs/$component.log"
  fi
  exec cat "$logs/$component.log"
}
