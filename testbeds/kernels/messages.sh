# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# What ./kernels itself says goes to standard error under its name, so that the
# command's own output stays clean.

say() { printf 'kernels: %s\n' "$*" >&2; }

# stop_with STATUS MESSAGE
stop_with() {
  say "$2"
  exit "$1"
}
