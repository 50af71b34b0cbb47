# SPDX-License-Identifier: Apache-2.0
# Sourced. Installs the distribution's packages that are missing, after saying so; on a terminal it asks first.

# Set by --yes of ./ig and ./test.
assume_yes=${assume_yes:-false}

# as_root COMMAND...: runs it as root, through sudo if need be.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "installing packages: needs root and there is no sudo; run as root: $*" >&2
    return 1
  fi
}

# package_installed NAME
package_installed() {
  dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed
}

# require_packages WHAT_FOR NAME...: a NAME a|b is satisfied by either, and a is what gets installed.
require_packages() {
  local purpose=$1 name missing=() found alternative
  shift
  for name in "$@"; do
    found=false
    for alternative in ${name//|/ }; do
      package_installed "$alternative" && found=true && break
    done
    $found || missing+=("${name%%|*}")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  if ! command -v apt-get >/dev/null; then
    echo "$purpose needs these packages (Debian's names): ${missing[*]}; install them and run again" >&2
    return 1
  fi
  echo "$purpose needs packages that are missing: ${missing[*]}" >&2
  if [ -t 0 ] && [ "$assume_yes" != true ]; then
    local answer
    read -r -p "Install them with apt-get? [Y/n] " answer
    case $answer in [nN]*) echo "not installed; install them and run again" >&2 && return 1 ;; esac
  fi
  echo "installing ${missing[*]} (apt-get install; about a minute)" >&2
  local log
  log=$(mktemp)
  # Another apt may be running on a fresh machine: wait for its lock.
  if ! { as_root apt-get -o DPkg::Lock::Timeout=120 update &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    echo "installing ${missing[*]}: apt-get reports the errors above" >&2
    return 1
  fi
  rm -f "$log"
}

# What compiles and loads kernel programs. A newer clang than 16 will do; bpftool writes vmlinux.h for gadgets that want it.
require_build_packages() {
  require_packages "building" 'clang-19|clang-18|clang-17|clang-16|clang' libbpf-dev libbpf1 linux-libc-dev libc6-dev bpftool
}

# What the tests run, and what checks the repository.
require_test_packages() {
  require_packages "testing" runc crun 'containerd|containerd.io' podman conmon 'docker.io|docker-ce' busybox-static shellcheck 'clang-format-19|clang-format' \
    gcc libc6-dev iproute2 util-linux e2fsprogs python3 zsh fish
}

# What the benchmark compares with.
require_bench_packages() {
  require_packages "the benchmark" gcc libc6-dev util-linux python3 libbpf-tools bpftrace runc busybox-static
}
