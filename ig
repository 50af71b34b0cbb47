#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs ig from this checkout: builds what is out of date, then starts it at once.
set -euo pipefail
script=$0
[ -L "$script" ] && script=$(readlink -f "$script")
case $script in /*) ;; *) script=$PWD/$script ;; esac
root=${script%/*}

# What needs neither root nor a package, nor the kernel.
needs_root=true
for argument in "$@"; do
  case $argument in
  -h | --help | --version | help | version | completion | list-gadgets | doctor) needs_root=false ;;
  esac
done
[ $# -eq 0 ] && needs_root=false
if $needs_root && [ "$EUID" -ne 0 ]; then
  printf 'needs root: sudo' >&2
  printf ' %q' "$0" "$@" >&2
  echo >&2
  exit 1
fi

# shellcheck source=build/launch.sh
. "$root/build/launch.sh"
launch ig "$@"
