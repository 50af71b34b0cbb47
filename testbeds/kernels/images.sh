# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# The kernels: Debian's own cloud kernels, unpacked into the cache and never
# installed. $CACHE/NAME is a link to the release that guests boot.

readonly KERNELS=(6.1 6.12)

require_known_kernel() {
  [[ " ${KERNELS[*]} " == *" $1 "* ]] ||
    usage_error "choosing kernel '$1': there are ${KERNELS[*]}"
}

# metapackage NAME: the package whose dependency names the newest release.
metapackage() {
  case $1 in
    6.1) echo linux-image-cloud-amd64 ;;
    *) echo "linux-image-$1-cloud-amd64" ;;
  esac
}

# prepare_kernel NAME: what is in the cache and intact is used as it is, without
# a question to the network, so that runs stay comparable and work offline.
prepare_kernel() {
  if [[ -e $CACHE/$1 ]]; then
    is_intact "$CACHE/$1" && return
    say "$1 in $CACHE is damaged, fetching it again"
  fi
  fetch_kernel "$1"
}

fetch_kernel() {
  local package directory
  refresh_lists
  package=$(newest_package "$1")
  [[ -n $package ]] || stop_with 125 \
    "fetching $1: apt knows no $(metapackage "$1"); Debian 12 with its security archive is needed"
  directory=$(unpack_package "$package") || exit
  ln -sfn "packages/${directory##*/}" "$CACHE/$1"
  say "$1 is ready: $(release_of "$1")"
}

newest_package() {
  LC_ALL=C apt-cache depends "$(metapackage "$1")" 2>/dev/null |
    sed -n 's/^ *Depends: \(linux-image-[0-9].*\)$/\1/p' | head -n 1
}

prepare_busybox() {
  is_intact "$CACHE/busybox" || fetch_busybox
}

# Unpacked and not installed: it would push out a host's dynamic busybox.
fetch_busybox() {
  local directory
  refresh_lists
  directory=$(unpack_package busybox-static) || exit
  ln -sfn "packages/${directory##*/}" "$CACHE/busybox"
}

# release_of NAME: what `uname -r` says in the guest.
release_of() {
  local image
  image=$(find "$CACHE/$1/files/boot" -name 'vmlinuz-*')
  echo "${image##*/vmlinuz-}"
}

list_kernels() {
  local kernel
  printf '%-7s %-9s %-27s %s\n' KERNEL STATE RELEASE SIZE
  for kernel in "${KERNELS[@]}"; do
    if [[ ! -e $CACHE/$kernel ]]; then
      printf '%-7s %-9s %-27s %s\n' "$kernel" absent - -
    elif is_intact "$CACHE/$kernel"; then
      printf '%-7s %-9s %-27s %s\n' "$kernel" ready "$(release_of "$kernel")" \
        "$(du --summarize --dereference-args --human-readable "$CACHE/$kernel" | cut -f 1)"
    else
      printf '%-7s %-9s %-27s %s\n' "$kernel" damaged "$(release_of "$kernel")" -
    fi
  done
  printf 'cache: %s\n' "$CACHE"
}
