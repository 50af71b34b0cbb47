# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What the test bed says, all of it on standard error: standard output belongs to answers.

say() { printf '%s\n' "$*" >&2; }

die() {
  printf 'cluster: %s\n' "$*" >&2
  exit 1
}

# last_words TITLE FILE: the end of a log, as the reason for what just went wrong.
last_words() {
  [ -s "$2" ] || {
    say "($1: its log is empty)"
    return 0
  }
  say "--- the end of the log of $1:"
  tail -n 25 "$2" | cut -c 1-400 | sed 's/^/    /' >&2
  say "---"
}

# progress TEXT: one line that rewrites itself on a terminal; silent elsewhere.
progress() { [ ! -t 2 ] || printf '\r\033[K%s' "$*" >&2; }

# seconds_since START: for times in messages; START is a value of EPOCHREALTIME.
seconds_since() {
  local now_us=${EPOCHREALTIME/[.,]/} start_us=${1/[.,]/}
  local elapsed_ms=$(((now_us - start_us) / 1000))
  printf '%d.%d' $((elapsed_ms / 1000)) $((elapsed_ms % 1000 / 100))
}

# wait_until SECONDS COMMAND...: tries COMMAND every 50 ms until it succeeds; 1 when time is up.
wait_until() {
  local deadline_us=$((${EPOCHREALTIME/[.,]/} + $1 * 1000000))
  shift
  until "$@"; do
    [ "${EPOCHREALTIME/[.,]/}" -lt "$deadline_us" ] || return 1
    sleep 0.05
  done
}
