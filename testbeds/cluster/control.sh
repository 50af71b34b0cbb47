# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# The control plane, in the namespace "control": etcd, API server, controllers, scheduler; and the
# relay that lets the machine's own namespace reach the API server.

control_names="etcd apiserver controller-manager scheduler relay"

launch_in_control() { # NAME COMMAND...
  local name=$1 namespace
  namespace=$(namespace_of control) || die "starting $name: the network of the control plane is not up"
  shift
  launch control "$name" nsenter "--net=$namespace" -- "$@"
}

start_etcd() {
  local client=http://127.0.0.1:2379 peer=http://127.0.0.1:2380
  # No fsync: the cluster does not outlive the machine, and a test must not wait for its disk.
  launch_in_control etcd etcd --data-dir "$run/etcd" --unsafe-no-fsync \
    --listen-client-urls "$client" --advertise-client-urls "$client" \
    --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" --initial-cluster "default=$peer"
}

start_apiserver() {
  local flags=(
    --etcd-servers=http://127.0.0.1:2379
    --bind-address=0.0.0.0 --secure-port=6443 "--advertise-address=$control_address"
    "--service-cluster-ip-range=$service_range"
    --allow-privileged=true
    "--tls-cert-file=$pki/apiserver.crt" "--tls-private-key-file=$pki/apiserver.key"
    "--client-ca-file=$pki/ca.crt" --anonymous-auth=false
    "--authorization-mode=Node,RBAC" --enable-admission-plugins=NodeRestriction
    --service-account-issuer=https://kubernetes.default.svc
    "--service-account-key-file=$pki/accounts.pub" "--service-account-signing-key-file=$pki/accounts.key"
    "--kubelet-certificate-authority=$pki/ca.crt" --kubelet-preferred-address-types=InternalIP
    "--kubelet-client-certificate=$pki/apiserver-to-kubelet.crt"
    "--kubelet-client-key=$pki/apiserver-to-kubelet.key"
    --enable-aggregator-routing=false
    # Asked to end it would wait a minute for open watches.
    --shutdown-watch-termination-grace-period=2s
  )
  launch_in_control apiserver kube-apiserver "${flags[@]}"
}

start_controllers() {
  local flags=(
    "--kubeconfig=$pki/admin.kubeconfig" --bind-address=127.0.0.1 --leader-elect=false
    "--root-ca-file=$pki/ca.crt" "--service-account-private-key-file=$pki/accounts.key"
    "--cluster-signing-cert-file=$pki/ca.crt" "--cluster-signing-key-file=$pki/ca.key"
    # One account for all controllers: with one each, they start one after the other for 4 s.
    --use-service-account-credentials=false
    --allocate-node-cidrs=false
    # It makes this folder, which would otherwise be the machine's /usr/libexec/kubernetes.
    "--flex-volume-plugin-dir=$run/volumeplugins"
    # A lost node is known as lost after 20 s; the usual 40 s are a long time for a test.
    --node-monitor-grace-period=20s
  )
  launch_in_control controller-manager kube-controller-manager "${flags[@]}"
}

start_scheduler() {
  launch_in_control scheduler kube-scheduler "--kubeconfig=$pki/scheduler.kubeconfig" \
    --bind-address=127.0.0.1 --leader-elect=false
}

start_relay() {
  launch control relay relay "127.0.0.1:$port" "$(namespace_of control)" 127.0.0.1:6443
}

kubectl() { KUBECONFIG=$kubeconfig "$programs/kubectl" "$@" 9>&-; }

apiserver_listens() {
  in_namespace control bash -c 'exec 3<>/dev/tcp/127.0.0.1/6443' 2>/dev/null
}

# apiserver_is_ready: the cheap question first; kubectl costs a tenth of a second of a processor
# that the API server needs to start.
apiserver_is_ready() { apiserver_listens && kubectl --request-timeout=2s get --raw /readyz >/dev/null 2>&1; }

# apiserver_is_decided: it is ready, or it has ended and never will be.
apiserver_is_decided() { gone etcd || gone apiserver || gone relay || apiserver_is_ready; }

await_apiserver() {
  local name
  if wait_until 60 apiserver_is_decided && apiserver_is_ready; then return 0; fi
  for name in etcd apiserver relay; do
    if gone "$name"; then
      last_words "$name" "$logs/$name.log"
      die "starting $name: it ended (see above)"
    fi
  done
  last_words apiserver "$logs/apiserver.log"
  die "starting the API server: not ready after 60 s (see above); ./cluster logs apiserver has all"
}

# start_control: what the nodes wait for; certificates_up and network_up came before.
start_control() {
  start_etcd
  start_apiserver
  write_kubeconfig "$kubeconfig" admin "127.0.0.1:$port"
  chmod 0600 "$kubeconfig"
  [ -z "$caller" ] || chown "$caller" "$kubeconfig"
  start_relay
}

# finish_control: once the API server answers, what needs it.
finish_control() {
  start_controllers
  start_scheduler
  # Lets the API server use the kubelets: exec, logs, attach, port-forward.
  kubectl create clusterrolebinding apiserver-to-kubelet --user=apiserver-to-kubelet \
    --clusterrole=system:kubelet-api-admin >/dev/null
}
