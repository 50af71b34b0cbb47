# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# The programs of the cluster, built from the pinned Go modules into the cache, once per state of
# their sources: etcd, the control plane, kubelet, kube-proxy and kubectl in one static file.

programs= # folder of the programs, set by find_programs
program_names="etcd kube-apiserver kube-controller-manager kube-proxy kube-scheduler kubectl kubelet relay"
build_space_mib=5120 # module cache 0.6 GiB, build cache 3.2 GiB, the result, some air

kubernetes_version() { sed -n 's/^require k8s.io\/kubernetes v//p' "$sources/go.mod"; }

# link_flags: the version that the programs report; without it they call themselves v0.0.0-master.
link_flags() {
  local version package flags="-s -w"
  version=$(kubernetes_version)
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    flags+=" -X $package.gitVersion=v$version -X $package.gitMajor=${version%%.*}"
    flags+=" -X $package.gitMinor=$(cut -d. -f2 <<<"$version") -X $package.gitTreeState=clean"
    flags+=" -X $package.buildDate=1970-01-01T00:00:00Z"
  done
  echo "$flags"
}

# find_programs: sets `programs` to the folder for the present sources, whether it exists or not.
find_programs() {
  local digest
  digest=$(cd "$sources" && { cat go.mod go.sum ./*.go && link_flags; } | sha256sum | cut -c 1-16)
  programs=$cache/programs-$digest-$(uname -m)
}

have_programs() { [ -x "$programs/kubernetes" ]; }

require_go() {
  local found folder missing="Go is missing"
  # Where Go is put by its own archive and by Debian's backports; sudo's PATH has neither.
  for folder in /usr/local/go/bin /usr/lib/go-1.*/bin; do
    [ ! -x "$folder/go" ] || PATH=$PATH:$folder
  done
  if found=$(GOTOOLCHAIN=local go env GOVERSION 2>/dev/null); then
    [[ ! $found =~ ^go1\.([0-9]+) ]] || [ "${BASH_REMATCH[1]}" -lt 24 ] || return 0
    missing="$found is too old"
  fi
  die "building Kubernetes $(kubernetes_version): $missing; install Go 1.24 or newer (https://go.dev/dl)"
}

require_space() { # FOLDER MIB WHAT
  local free_mib
  free_mib=$(df --output=avail -BM "$1" | tail -1 | tr -dc 0-9)
  [ "$free_mib" -ge "$2" ] ||
    die "$3: $1 has $free_mib MiB free, $2 MiB are needed; make room or set XDG_CACHE_HOME to another disk"
}

# report_build TOTAL: turns the package names that `go build -v` prints into progress; other lines
# are errors and go to standard error as they are.
report_build() {
  local total=$1 count=0 shown=0 percent line started=$SECONDS
  while IFS= read -r line; do
    case $line in
    *' '* | *:*) say "$line" ;;
    *)
      count=$((count + 1))
      percent=$((count * 100 / total))
      progress "building Kubernetes: $count of $total packages, $((SECONDS - started)) s"
      if [ ! -t 2 ] && [ "$percent" -ge $((shown + 10)) ]; then
        shown=$((percent / 10 * 10))
        say "  $shown % of the packages after $((SECONDS - started)) s"
      fi
      ;;
    esac
  done
  progress ""
}

build_programs() {
  local version started=$EPOCHREALTIME scratch=$cache/build total name
  have_programs && return 0
  require_go
  version=$(kubernetes_version)
  mkdir -p "$scratch" "$programs.new"
  # What an interrupted build left there is not needed again.
  require_space "$cache" $((build_space_mib - $(du -sm "$scratch" | cut -f1))) "building Kubernetes $version"
  say "building Kubernetes $version, once; on two cores this takes 4 to 8 minutes"

  # Caches that the caller named are the caller's to keep; ours would be 4 GB of no more use.
  local go=(nice -n 15 env -C "$sources" CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-modcacherw GOWORK=off
    "GOCACHE=${GOCACHE:-$scratch/objects}" "GOMODCACHE=${GOMODCACHE:-$scratch/modules}" go)

  progress "fetching the modules of Kubernetes $version"
  total=$("${go[@]}" list -mod=readonly -deps . 2>"$scratch/list.log" | wc -l) || {
    last_words "go list" "$scratch/list.log"
    die "building Kubernetes $version: its modules could not be had; is there a network, and is GOPROXY right?"
  }
  "${go[@]}" build -v -mod=readonly -buildvcs=false -trimpath -ldflags "$(link_flags)" \
    -o "$programs.new/kubernetes" . 2>&1 | report_build "$total" ||
    die "building Kubernetes $version: the compiler stopped (see above); run it again to go on from there"
  for name in $program_names; do ln -sf kubernetes "$programs.new/$name"; done
  mv -T "$programs.new" "$programs"
  rm -rf "$scratch"
  say "built Kubernetes $version in $(seconds_since "$started") s"
}
