# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Sourced. Finds the compiler of C: clang 16 or newer; the variable CLANG names another one.

# clang_release PROGRAM prints its major version, nothing where it is no clang.
clang_release() {
  command -v "$1" >/dev/null 2>&1 || return 0
  "$1" --version 2>/dev/null | sed -n 's/.*clang version \([0-9]*\).*/\1/p' | head -n 1
}

# require_clang WHAT_FOR sets clang to the program and release to its major version.
require_clang() {
  local candidate
  clang=
  for candidate in ${CLANG:-clang clang-22 clang-21 clang-20 clang-19 clang-18 clang-17 clang-16}; do
    release=$(clang_release "$candidate")
    if [ -n "$release" ] && [ "$release" -ge 16 ]; then
      # shellcheck disable=SC2034
      clang=$candidate
      return 0
    fi
  done
  echo "$1: no clang 16 or newer found; install one (apt-get install clang-19) or set CLANG" >&2
  return 1
}
