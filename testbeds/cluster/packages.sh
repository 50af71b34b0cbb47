# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What the test bed needs from the distribution; ig and the tests install theirs by the same rules.

# shellcheck source=../../build/packages.sh
. "$root/build/packages.sh"

cluster_packages=(
  'clang-19|clang|gcc' # for the first process of a pod
  'containerd|containerd.io' 'runc|containerd.io' containernetworking-plugins iptables conntrack
  busybox-static openssl iproute2 procps util-linux
)

# install_packages: asks on a terminal, unless assume_yes.
install_packages() {
  require_packages "the cluster" "${cluster_packages[@]}" || exit 1
}

# missing_packages: one line each, and nothing is changed.
missing_packages() {
  local name alternative alternatives
  for name in "${cluster_packages[@]}"; do
    IFS='|' read -ra alternatives <<<"$name"
    for alternative in "${alternatives[@]}"; do
      ! package_installed "$alternative" || continue 2
    done
    echo "${alternatives[0]}"
  done
}
