# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# The long-lived processes that the test bed starts on the machine itself: each has a name, a log
# and a pid file in the folder `run`.

# launch GROUP NAME COMMAND...: starts COMMAND in ig-cluster/GROUP, away from the terminal.
launch() {
  local group=$1 name=$2
  shift 2
  (
    exec 9>&- # the lock of this run is not the process's to hold
    enter_cgroup "$group"
    export IG_CLUSTER_RUN=$run PATH=$programs:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin
    exec setsid "$@"
  ) </dev/null >>"$logs/$name.log" 2>&1 &
  local pid=$!
  disown "$pid" # how it ends is told by those who wait for it, not by the shell
  echo "$pid" >"$run/$name.pid"
  # From here on the process can be known by its group; one that has ended already never was there.
  until grep -q "/$cgroup_name/" "/proc/$pid/cgroup" 2>/dev/null || ! kill -0 "$pid" 2>/dev/null; do
    sleep 0.005
  done
}

# pid_of NAME: the process, if it is still the one that was started and alive; nothing and 1 else.
# A number is given to other processes in time; ours are known by their control group. A killed
# process that nobody has reaped yet is gone.
pid_of() {
  local pid
  pid=$(cat "$run/$1.pid" 2>/dev/null) || return 1
  grep -q "/$cgroup_name/" "/proc/$pid/cgroup" 2>/dev/null || return 1
  ! grep -q '^State:[[:space:]]*Z' "/proc/$pid/status" 2>/dev/null || return 1
  echo "$pid"
}

alive() { pid_of "$1" >/dev/null; }

gone() { ! alive "$1"; }

# end_process NAME SIGNAL SECONDS: sends the signal and waits for the end.
end_process() {
  local pid
  pid=$(pid_of "$1") || return 0
  kill "-$2" "$pid" 2>/dev/null || true
  wait_until "$3" gone "$1"
}

# watch_over "NAMES" COMMAND...: runs COMMAND and returns its status; 1 as soon as one of the
# processes NAMES has ended, because then COMMAND would wait in vain.
watch_over() {
  local names=$1 name command
  shift
  "$@" >>"$logs/waiting.log" 2>&1 9>&- &
  command=$!
  while kill -0 "$command" 2>/dev/null; do
    for name in $names; do
      if gone "$name"; then
        kill "$command" 2>/dev/null || true
        return 1
      fi
    done
    sleep 0.05
  done
  wait "$command"
}
