# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# The test bed's own tests. A test is a function test_NAME; it runs in a shell of its own with
# `set -e`. Each asks for what it needs in the cluster, which is there already when one before it did.

# expect WHAT WANTED SEEN
expect() {
  [ "$2" = "$3" ] || {
    echo "$1: wanted '$2', saw '$3'"
    return 1
  }
}

# expect_words WHAT TEXT WORDS...: each of WORDS is somewhere in TEXT.
expect_words() {
  local what=$1 text=$2 word
  shift 2
  for word in "$@"; do
    [[ $text == *"$word"* ]] || {
      echo "$what: '$word' is not in: $text"
      return 1
    }
  done
}

# expect_failure STATUS COMMAND...: prints what COMMAND said.
expect_failure() {
  local wanted=$1 output status=0
  shift
  output=$("$@" 2>&1) || status=$?
  [ "$status" = "$wanted" ] || {
    echo "$*: wanted exit status $wanted, saw $status: $output" >&2
    return 1
  }
  echo "$output"
}

cluster() { "$root/cluster" "$@"; }

# pod_on I APP: the name of the pod of a DaemonSet on node I.
pod_on() {
  kubectl get pods --selector "app=$2" --field-selector "spec.nodeName=node$1" -o 'jsonpath={.items[*].metadata.name}'
}

apply() { kubectl apply -f "$tests/$1" >/dev/null; }

# new_pod NAME: a pod of its own that is Ready within SECONDS.
new_pod() { # NAME SECONDS
  sed "s/NAME/$1/" "$tests/single.yaml" | kubectl apply -f - >/dev/null
  kubectl wait --for=condition=Ready "--timeout=$2s" "pod/$1" >/dev/null || {
    kubectl describe pod "$1"
    echo "pod $1 is not Ready after $2 s"
    return 1
  }
}

# with_web: a web server on each node.
with_web() {
  apply web.yaml
  kubectl rollout status daemonset/web --timeout=60s
}

# with_probe: the image localhost/probe:1 on each node.
with_probe() {
  local image=$scratch/image applet
  if [ ! -f "$scratch/probe.tar" ]; then
    mkdir -p "$image/bin"
    compile_static "$tests/probe.c" "$image/bin/probe"
    cp "$(command -v busybox)" "$image/bin/busybox"
    for applet in sh sleep grep cat; do ln -s busybox "$image/bin/$applet"; done
    pack_image "$scratch/probe.tar" localhost/probe:1 "$image" null
  fi
  cluster load "$scratch/probe.tar"
}

# with_agent: on each node a pod like the gadget pod.
with_agent() {
  with_probe
  apply agent.yaml
  kubectl rollout status daemonset/agent --timeout=60s
}

test_up() {
  cluster up 2 --yes
  expect "status of ./cluster status" 0 "$(
    cluster status >/dev/null
    echo $?
  )"
}

test_up_twice_says_so() {
  expect_words "the second up" "$(cluster up 2>&1)" "is up already" "node1 node2" "$kubeconfig"
}

# What the other tests rest on: a file that was not there before does not go unnoticed.
test_a_change_of_the_machine_is_seen() {
  local left=$cache/left-by-a-test output status=0
  same_machine "$before"
  touch "$left"
  output=$(same_machine "$before") || status=$?
  rm "$left"
  expect "status of the comparison" 1 "$status"
  expect_words "the comparison" "$output" "+file $left"
}

test_machine_is_untouched_while_it_runs() {
  local differences
  differences=$(diff "$before" <(describe_machine) |
    grep -vE "^[<>] (process|cgroup|controllers|port|file $cache/(run|kubeconfig)\$)" | grep '^[<>]' || true)
  expect "changes of the machine" "" "$differences"
}

test_pods_on_each_node() {
  local node
  with_web
  for node in 1 2; do
    expect_words "the pod on node$node" \
      "$(kubectl get pod "$(pod_on "$node" web)" -o 'jsonpath={.status.phase} {.status.podIP}')" Running "10.244.$node."
  done
}

test_a_service_reaches_the_pods_of_both_nodes() {
  local node wanted
  with_web
  wanted=$(printf '%s\n' "$(pod_on 1 web)" "$(pod_on 2 web)" | sort | xargs)
  for node in 1 2; do
    # A node learns of the pods behind a service a moment after they are Ready.
    wait_until 20 service_answers "$(pod_on "$node" web)" "$wanted" ||
      expect "answers seen from node$node" "$wanted" "$(who_answers "$(pod_on "$node" web)")"
  done
}

# who_answers POD: the pods that answer for the service when POD asks, each once.
who_answers() {
  # shellcheck disable=SC2016 # the variables are the pod's
  kubectl exec "$1" -- sh -c \
    'for i in $(seq 40); do wget -q -O - http://$WEB_SERVICE_HOST:$WEB_SERVICE_PORT/; done' | sort -u | xargs
}

service_answers() { [ "$(who_answers "$1")" = "$2" ]; }

test_logs() {
  local node pod
  with_web
  for node in 1 2; do
    pod=$(pod_on "$node" web)
    expect "the log of $pod" "serving as $pod" "$(kubectl logs "$pod")"
  done
}

# Exec is how streams come from the nodes: over both protocols, standard input, output and error
# kept apart, the exit status passed on.
test_exec() {
  local node pod websockets output errors=$scratch/errors status
  with_web
  for node in 1 2; do
    pod=$(pod_on "$node" web)
    for websockets in true false; do
      export KUBECTL_REMOTE_COMMAND_WEBSOCKETS=$websockets
      status=0
      output=$(kubectl exec -i "$pod" -- sh -c 'cat; echo complaint >&2; exit 7' <<<"from outside" 2>"$errors") || status=$?
      expect "status of exec in $pod" 7 "$status"
      expect "output of exec in $pod" "from outside" "$output"
      expect_words "errors of exec in $pod" "$(cat "$errors")" complaint
    done
  done
}

test_port_forward() {
  local forward local_port
  with_web
  kubectl port-forward "pod/$(pod_on 1 web)" :8080 >"$scratch/forward" 2>&1 &
  forward=$!
  wait_until 10 grep -q '^Forwarding from 127' "$scratch/forward" || {
    cat "$scratch/forward"
    return 1
  }
  local_port=$(sed -n 's/^Forwarding from 127.0.0.1:\([0-9]*\) .*/\1/p' "$scratch/forward")
  expect "the page through port $local_port" "$(pod_on 1 web)" "$(busybox wget -q -O - "http://127.0.0.1:$local_port/")"
  kill "$forward"
}

test_custom_resource_with_status() {
  local object="recipe/broth"
  apply recipe.yaml
  kubectl wait --for=condition=Established --timeout=30s crd/recipes.tests.example
  expect_words "a recipe for nobody" "$(recipe 0 soup | expect_failure 1 kubectl apply -f -)" spec.portions
  expect_words "a recipe of no course" "$(recipe 2 bread | expect_failure 1 kubectl apply -f -)" spec.course
  recipe 2 soup | kubectl apply -f -
  kubectl patch "$object" --type=merge -p '{"status": {"state": "not through here"}}' >/dev/null
  expect "status after a patch of the object" "" "$(kubectl get "$object" -o 'jsonpath={.status.state}')"
  kubectl patch "$object" --subresource=status --type=merge -p '{"spec": {"portions": 9}, "status": {"state": "cooking"}}'
  expect "object after a patch of its status" "2 cooking" \
    "$(kubectl get "$object" -o 'jsonpath={.spec.portions} {.status.state}')"
  # Deleting waits for the finalizer.
  kubectl delete "$object" --wait=false
  expect_words "time of deletion" "$(kubectl get "$object" -o 'jsonpath={.metadata.deletionTimestamp}')" T
  kubectl patch "$object" --type=merge -p '{"metadata": {"finalizers": null}}'
  kubectl wait --for=delete --timeout=10s "$object"
}

recipe() { # PORTIONS COURSE
  echo "{apiVersion: tests.example/v1, kind: Recipe, metadata: {name: broth, finalizers: [tests.example/washing-up]}," \
    "spec: {portions: $1, course: $2}}"
}

test_a_pod_may_do_what_its_role_says_and_no_more() {
  local pod
  apply reader.yaml
  for pod in reader reader-on-host; do
    kubectl wait --for=condition=Ready --timeout=30s "pod/$pod"
    expect_words "pods as $pod sees them" "$(kubectl exec "$pod" -- /programs/kubectl get pods -o name)" "pod/reader"
    expect_words "secrets asked for by $pod" "$(expect_failure 1 kubectl exec "$pod" -- /programs/kubectl get secrets)" \
      Forbidden "system:serviceaccount:default:reader"
  done
}

test_a_loaded_image_is_on_every_node() {
  local node
  with_probe
  for node in 1 2; do
    expect_words "images of node$node" "$(cluster node exec "$node" ctr -n k8s.io images list -q)" localhost/probe:1
  done
  echo "no archive" >"$scratch/broken.tar"
  expect_words "a broken archive" "$(expect_failure 1 "$root/cluster" load "$scratch/broken.tar")" "containerd refused it"
}

# with_gadget_image: the gadget pods' image of this build, on every node. Packed anew only when something in it has changed.
with_gadget_image() {
  local image=$root/target/gadget-image.tar
  if [ ! -f "$image" ] || [ -n "$(find "$root/agent/target"/agent-*.jar "$root/agent/target/lib" "$root/agent/target/bin" "$root"/build/image \
    "$root"/build/pack-image.sh "$root/pom.xml" -newer "$image" -print -quit)" ]; then
    "$root/build/image" "$image"
  fi
  cluster load "$image" >/dev/null
}

test_the_controller_performs_traces() {
  [ -f "$root/agent/target/test.classpath" ] || {
    echo "the tests in Java are not built: ./test cluster builds them"
    return 1
  }
  with_gadget_image
  # Its results stand beside this layer's own.
  (
    # shellcheck source=/dev/null
    . "$root/testing/junit.sh"
    KUBECONFIG=$kubeconfig run_tagged cluster "${results:-$scratch}" ""
  )
}

test_the_gadget_pods_capabilities_are_enough() {
  local node answers
  with_agent
  for node in 1 2; do
    answers=$(kubectl exec "$(pod_on "$node" agent)" -- probe)
    expect "what a gadget pod on node$node may do" \
      "bpf-map ok bpf-program ok bpf-attach ok perf-event ok fanotify-content ok kernel-btf ok tracing ok" "$(xargs <<<"$answers")"
    expect_words "its capabilities" "$(kubectl exec "$(pod_on "$node" agent)" -- grep CapEff /proc/self/status)" 000000c400281004
  done
  kubectl wait --for=condition=Ready --timeout=30s pod/ordinary
  answers=$(kubectl exec ordinary -- probe | xargs)
  expect_words "what an ordinary pod may do" "$answers" "bpf-map EPERM" "bpf-program EPERM" "fanotify-content EPERM"
}

# A host's PID namespace is the node's: its pods see the node's processes and no others.
test_a_node_sees_its_own_processes_only() {
  local node other seen
  with_agent
  for node in 1 2; do
    other=$((3 - node))
    seen=$(kubectl exec "$(pod_on "$node" agent)" -- sh -c 'cat /proc/[0-9]*/cmdline 2>/dev/null; true' |
      tr '\0' '\n' | grep -e --hostname-override= | sort -u)
    expect_words "kubelets that node$node sees" "$seen" "node$node"
    [[ $seen != *node$other* ]] || {
      echo "node$node sees a process of node$other: $seen"
      return 1
    }
  done
}

test_a_killed_api_server_comes_back() {
  local pod
  with_web
  pod=$(pod_on 1 web)
  cluster apiserver kill
  expect "status of ./cluster status" 1 "$(
    cluster status >/dev/null
    echo $?
  )"
  expect_failure 1 kubectl --request-timeout=5s get --raw /readyz
  cluster apiserver restart
  expect "restarts of $pod" 0 "$(kubectl get pod "$pod" -o 'jsonpath={.status.containerStatuses[0].restartCount}')"
  expect "exec after it" hello "$(kubectl exec "$pod" -- echo hello)"
  # Kubelets come back by themselves, each at its own pace.
  new_pod after-kill 90
}

test_a_restarted_api_server_does_not_wait_for_watches() {
  local watch started=$SECONDS
  with_web
  kubectl get pods --watch >"$scratch/watch" 2>&1 &
  watch=$!
  wait_until 10 grep -q web "$scratch/watch"
  cluster apiserver restart
  [ $((SECONDS - started)) -lt 30 ] || {
    echo "it took $((SECONDS - started)) s with one watch open"
    return 1
  }
  wait "$watch" || true # a watch ends with its server; a client has to begin another
  kubectl get pods >/dev/null
}

test_a_node_is_lost_and_found_again() {
  local pod
  with_web
  pod=$(pod_on 2 web)
  cluster node down 2
  expect_words "exec on a lost node" "$(expect_failure 1 kubectl exec "$pod" -- true)" "10.99.0.12:10250"
  kubectl wait --for=condition=Ready=Unknown --timeout=60s node/node2
  cluster node up 2
  kubectl wait --for=condition=Ready --timeout=60s "pod/$pod"
  wait_until 30 answers_exec "$pod"
  expect "name of the pod that came back" "$pod" "$(pod_on 2 web)"
  # Once at least: a kubelet that finds its sandboxes gone may have to try again.
  wait_until 10 has_restarted "$pod"
}

has_restarted() {
  local count
  count=$(kubectl get pod "$1" -o 'jsonpath={.status.containerStatuses[0].restartCount}')
  [ "$count" -ge 1 ]
}

answers_exec() { [ "$(kubectl exec "$1" -- echo hello 2>&1)" = hello ]; }

test_a_third_node_joins() {
  with_agent
  with_web
  cluster node up 3
  wait_until 30 has_pod_on 3 web
  wait_until 30 has_pod_on 3 agent
  kubectl wait --for=condition=Ready --timeout=60s "pod/$(pod_on 3 web)" "pod/$(pod_on 3 agent)"
  expect_words "the pod of a loaded image on node3" "$(kubectl exec "$(pod_on 3 agent)" -- probe)" "bpf-map ok"
}

has_pod_on() { [ -n "$(pod_on "$1" "$2")" ]; }

test_down_leaves_nothing() {
  cluster down
  expect "status of ./cluster status" 3 "$(
    cluster status >/dev/null
    echo $?
  )"
  same_machine "$before"
}

test_nodes_may_share_the_machines_process_numbers() {
  cluster down
  cluster up 1 --shared-pids
  with_agent
  expect "PID namespace of the node" "$(readlink /proc/self/ns/pid)" \
    "$(cluster node exec 1 readlink /proc/self/ns/pid)"
  expect_words "the node's own view of this test" \
    "$(kubectl exec "$(pod_on 1 agent)" -- grep -ac '' "/proc/$$/cmdline")" 1
  cluster node down 1
  cluster node up 1
  cluster down
  same_machine "$before"
}

test_an_interrupted_up_is_cleaned() {
  local signal up
  cluster down
  for signal in INT KILL; do
    # In a session of its own, so that the signal reaches it as it would from a terminal.
    setsid --fork bash -c "trap - INT; echo \$\$ >'$scratch/up.pid'; exec '$root/cluster' up 1" >"$scratch/up" 2>&1
    wait_until 30 is_starting || {
      cat "$scratch/up"
      echo "no etcd was started"
      return 1
    }
    up=$(cat "$scratch/up.pid")
    kill "-$signal" "$up"
    wait_until 30 process_is_gone "$up" || {
      echo "up goes on after SIG$signal"
      return 1
    }
    if [ "$signal" = KILL ]; then
      expect_words "up after it" "$(expect_failure 1 "$root/cluster" up 1)" remains "./cluster down"
      cluster down
    fi
    same_machine "$before"
  done
}

is_starting() { alive etcd; }

process_is_gone() { ! grep -qs '^State:[[:space:]]*[^Z[:space:]]' "/proc/$1/status"; }

test_clear_errors() {
  local listener
  cluster down
  "$programs/relay" "127.0.0.1:$port" /proc/self/ns/net 127.0.0.1:1 2>"$scratch/listener" &
  listener=$!
  wait_until 10 grep -q relaying "$scratch/listener"
  expect_words "a taken port" "$(expect_failure 1 "$root/cluster" up)" "port $port of 127.0.0.1 is taken" IG_CLUSTER_PORT
  kill "$listener"
  expect_words "not root" "$(expect_failure 1 setpriv --reuid=65534 --regid=65534 --clear-groups \
    env HOME=/nonexistent "$root/cluster" up)" "needs root: sudo ./cluster up"
  expect_words "no cluster" "$(expect_failure 1 "$root/cluster" kubectl get pods)" "no cluster is up" "./cluster up"
  expect_words "ten nodes" "$(expect_failure 2 "$root/cluster" up 10)" "from 1 to 9" "--help"
  expect_words "an unknown command" "$(expect_failure 2 "$root/cluster" upp)" upp "--help"
  wait_until 10 port_is_free
  same_machine "$before"
}

test_go_is_named_when_it_is_missing() {
  local output
  # shellcheck disable=SC2016 # the inner shell's own arguments
  output=$(expect_failure 1 unshare --mount --propagation private bash -c '
        for place in $(type -ap go) /usr/local/go/bin/go /usr/lib/go-1.*/bin/go; do
            [ ! -e "$place" ] || mount --bind /dev/null "$place"
        done
        mkdir "$1/cache"
        XDG_CACHE_HOME=$1/cache exec "$2/cluster" build' - "$scratch" "$root")
  expect_words "building without Go" "$output" "Go is missing" "1.24 or newer"
}

# The build's own reasons to give up, each found out before it has cost minutes.
test_a_build_without_room_or_network_says_so() {
  local output
  mkdir "$scratch/small" "$scratch/offline"
  # shellcheck disable=SC2016 # the inner shell's own arguments
  output=$(expect_failure 1 unshare --mount --propagation private bash -c '
        mount -t tmpfs -o size=50M small "$1/small"
        XDG_CACHE_HOME=$1/small exec "$2/cluster" build' - "$scratch" "$root")
  expect_words "building on a full disk" "$output" "MiB free" "MiB are needed" XDG_CACHE_HOME
  output=$(expect_failure 1 env -u GOMODCACHE -u GOCACHE -u GOFLAGS "XDG_CACHE_HOME=$scratch/offline" \
    unshare --net "$root/cluster" build)
  expect_words "building without network" "$output" "its modules could not be had" "is there a network"
}

test_scripts_are_clean() {
  shellcheck "$root/cluster" "$root/testing/layers/cluster" "$testbed"/*.sh "$testbed/node-init" \
    "$testbed/kubernetes/pin" "$tests"/*.sh
}
