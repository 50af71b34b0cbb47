# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# The cluster's own authority and who has a certificate of it. Who somebody is to Kubernetes is in
# the subject: CN is the user, O is a group.

certificate_days=30

# new_key_and_certificate NAME SUBJECT USAGE [NAMES]: NAMES are the addresses of a server.
new_key_and_certificate() {
  local extensions=(-addext "basicConstraints=critical,CA:false"
    -addext "keyUsage=critical,digitalSignature,keyEncipherment" -addext "extendedKeyUsage=$3")
  [ -z "${4:-}" ] || extensions+=(-addext "subjectAltName=$4")
  openssl req -new -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days "$certificate_days" \
    -CA "$pki/ca.crt" -CAkey "$pki/ca.key" -subj "$2" "${extensions[@]}" \
    -keyout "$pki/$1.key" -out "$pki/$1.crt" 2>"$pki/$1.err" ||
    die "making the certificate of $1: $(tail -n 1 "$pki/$1.err")"
  rm "$pki/$1.err"
}

# write_kubeconfig FILE NAME SERVER: whole in one file, so that it works wherever it is copied to.
write_kubeconfig() {
  cat >"$1" <<KUBECONFIG
apiVersion: v1
kind: Config
current-context: ig-cluster
contexts:
- name: ig-cluster
  context: {cluster: ig-cluster, user: $2}
clusters:
- name: ig-cluster
  cluster:
    server: https://$3
    certificate-authority-data: $(base64 --wrap=0 "$pki/ca.crt")
users:
- name: $2
  user:
    client-certificate-data: $(base64 --wrap=0 "$pki/$2.crt")
    client-key-data: $(base64 --wrap=0 "$pki/$2.key")
KUBECONFIG
}

certificates_up() {
  local inside_control=127.0.0.1:6443 made
  local addresses="IP:127.0.0.1,IP:$service_address,IP:$control_address"
  mkdir -m 0700 "$pki"
  openssl req -new -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days "$certificate_days" \
    -subj /CN=ig-cluster -addext keyUsage=critical,keyCertSign,cRLSign \
    -keyout "$pki/ca.key" -out "$pki/ca.crt" 2>"$pki/ca.err" ||
    die "making the cluster's authority: $(tail -n 1 "$pki/ca.err")"
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$pki/accounts.key" 2>/dev/null
  openssl pkey -in "$pki/accounts.key" -pubout -out "$pki/accounts.pub"
  new_key_and_certificate apiserver /CN=kube-apiserver serverAuth \
    "DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:localhost,$addresses"
  new_key_and_certificate apiserver-to-kubelet /O=ig-cluster/CN=apiserver-to-kubelet clientAuth
  new_key_and_certificate admin /O=system:masters/CN=admin clientAuth
  new_key_and_certificate scheduler /CN=system:kube-scheduler clientAuth
  new_key_and_certificate proxy /CN=system:kube-proxy clientAuth
  for made in admin scheduler; do write_kubeconfig "$pki/$made.kubeconfig" "$made" "$inside_control"; done
}

# node_certificates FOLDER I: what node I holds, and no more: its own key, kube-proxy's, the authority.
node_certificates() {
  local node=node$2
  # One certificate for both roles: client of the API server, and server of its own kubelet.
  new_key_and_certificate "$node" "/O=system:nodes/CN=system:node:$node" clientAuth,serverAuth \
    "DNS:$node,IP:$(node_address "$2"),IP:127.0.0.1"
  mkdir "$1"
  chmod 0700 "$1"
  cp "$pki/ca.crt" "$pki/$node.crt" "$pki/$node.key" "$1/"
  write_kubeconfig "$1/kubelet.kubeconfig" "$node" "$control_address:6443"
  write_kubeconfig "$1/proxy.kubeconfig" proxy "$control_address:6443"
}
