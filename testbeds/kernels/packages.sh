# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# Debian packages: the few that the host must have installed, and those that are
# only unpacked into the cache, under the digest that apt's signed lists give.

readonly VIRTIOFSD=/usr/lib/qemu/virtiofsd

# kmod is for the guest: the kernel calls the modprobe of its root file system.
install_host_packages() {
  require_packages "./kernels" qemu-system-x86 qemu-system-common kmod xz-utils || exit 125
  [[ -x $VIRTIOFSD ]] || stop_with 125 \
    "looking for virtiofsd: qemu-system-common has no $VIRTIOFSD; that of Debian 12 is needed"
}

apt_quietly() {
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 \
    -o APT::Sandbox::User=root "$@" </dev/null >"$CACHE/logs/apt.log" 2>&1
}

# refresh_lists: once per call of ./kernels. Old lists name packages that the archive no
# longer has; where they cannot be renewed, they may still do.
lists_are_fresh=false
refresh_lists() {
  ! $lists_are_fresh || return 0
  lists_are_fresh=true
  say "reading Debian's package lists (apt-get update)"
  apt_quietly -o APT::Update::Error-Mode=any update || say \
    "going on with old package lists: $(grep -m 1 '^[WE]: ' "$CACHE/logs/apt.log")"
}

# package_field PACKAGE FIELD: from the candidate version's record.
package_field() {
  LC_ALL=C apt-cache show --no-all-versions "$1" 2>/dev/null |
    sed -n "s/^$2: //p" | head -n 1
}

# require_free_space MIB: before anything is written.
require_free_space() {
  local free_mib
  free_mib=$(df --output=avail --block-size=1M "$CACHE" | tail -n 1)
  ((free_mib >= $1)) ||
    stop_with 125 "writing to $CACHE: $((free_mib)) MiB are free, $1 MiB are needed"
}

# unpack_package PACKAGE: downloads, checks and unpacks it; prints the directory,
# named by the package's digest, that holds `files/` and their `digests`.
unpack_package() {
  local package=$1 digest size directory work deb
  digest=$(package_field "$package" SHA256)
  size=$(package_field "$package" Size)
  [[ $digest =~ ^[0-9a-f]{64}$ ]] ||
    stop_with 125 "downloading $package: apt's lists tell no digest for it"
  directory=$CACHE/packages/$digest
  if is_intact "$directory"; then
    echo "$directory"
    return
  fi
  require_free_space 400
  say "downloading $package ($(((size + 999999) / 1000000)) MB)"
  work=$(mktemp -d "$CACHE/packages/unfinished.XXXXXX")
  (cd "$work" && apt_quietly download "$package") ||
    stop_with 125 "downloading $package: $(grep -m 1 '^E: ' "$CACHE/logs/apt.log")"
  deb=$(find "$work" -name '*.deb')
  echo "$digest  $deb" | sha256sum --quiet --check >&2 ||
    stop_with 125 "checking $package: its digest is not the one of apt's lists"
  dpkg-deb --extract "$deb" "$work/files" ||
    stop_with 125 "unpacking $package into $work: dpkg-deb gave up"
  rm "$deb"
  index_modules "$work/files"
  (cd "$work" && find files -type f -print0 | sort -z | xargs -0 sha256sum >digests)
  rm -rf "$directory"
  mv "$work" "$directory"
  echo "$directory"
}

# depmod's index belongs to what is checked later, so it is made before digests are.
index_modules() {
  local modules
  for modules in "$1"/lib/modules/*/; do
    [[ -d $modules ]] || return 0
    depmod --basedir "$1" "$(basename "$modules")"
  done
}

# is_intact DIRECTORY: every file is there, as it was unpacked.
is_intact() {
  [[ -s $1/digests ]] && (cd "$1" && sha256sum --quiet --check digests >/dev/null 2>&1)
}
