# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# One guest: packs the job into an initramfs, serves the host's files, starts the
# machine, passes the streams on, and tells how it ended.

# What the command line asks for.
kernel=''
results=''
log=''
timeout_s=300
memory_mib=3072
cpus=2

# Processes to end with us, by name, while they run.
declare -A children=()
run_directory=''

# Called under the cache's lock. Each run holds a lock in its own directory, and so
# do its children: what nobody holds was left by a run that was killed.
make_run_directory() {
  local old
  for old in "$CACHE"/runs/*/; do
    [[ ! -e $old/lock ]] || flock --nonblock "$old/lock" rm -rf "$old" || continue
  done
  require_free_space 100
  trap clean_up EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  run_directory=$(mktemp -d "$CACHE/runs/$kernel.XXXXXX")
  exec {run_lock}>"$run_directory/lock"
  flock "$run_lock"
}

clean_up() {
  local name
  trap '' HUP INT TERM
  for name in "${!children[@]}"; do
    kill "${children[$name]}" 2>/dev/null || continue
    wait "${children[$name]}" || continue
  done
  [[ -z $run_directory ]] || rm -rf "$run_directory"
}

run_guest() {
  local status=0
  [[ -z $log ]] || log=$(realpath --canonicalize-missing -- "$log")
  log=${log:-$CACHE/logs/$kernel-$(date +%Y%m%d-%H%M%S)-$$.log}
  { mkdir -p -- "${log%/*}" && : >"$log"; } ||
    stop_with 125 "writing the kernel's messages to $log: the file cannot be made"
  forget_old_logs
  if [[ -n $results ]]; then
    results=$(realpath --canonicalize-missing -- "$results")
    mkdir -p -- "$results" ||
      stop_with 125 "sharing the results folder $results: it cannot be made"
  fi
  pack_job "$@"
  pack_initramfs
  start_pumps
  # Without submounts: an overlay does not go over a mount point of its lower layer.
  start_share root / -o cache=always
  if [[ -n $results ]]; then
    start_share results "$results"
  fi
  start_machine
  await_machine || status=$?
  exit "$status"
}

forget_old_logs() {
  find "$CACHE/logs" -name '*.log' -printf '%T@ %p\0' | sort -z --numeric-sort --reverse |
    tail -z -n +21 | cut -z -d ' ' -f 2- | xargs -0 --no-run-if-empty rm -f --
}

# pack_job COMMAND ARG...: every text ends with a NUL byte, so that any of them may
# hold blanks, quotes and newlines.
pack_job() {
  local job=$run_directory/initramfs/job keep=() path
  case $PWD/ in
    /dev/* | /proc/* | /run/* | /sys/*)
      stop_with 125 "running in $PWD: the guest has its own ${PWD:0:4}…; start from the checkout"
      ;;
  esac
  for path in "$CHECKOUT" "$PWD"; do
    [[ $path == /tmp/* || $path == /var/tmp/* ]] && keep+=("$path")
  done
  mkdir -p "$job"
  printf '%s\0' "$@" >"$job/argv"
  INSPEKTOR_GADGET_KERNEL=$kernel env --null >"$job/environment"
  printf '%s\0' "$PWD" >"$job/directory"
  printf '%s\0' "$(readlink -f "$CACHE/$kernel")/files/lib/modules/$(release_of "$kernel")" \
    >"$job/modules"
  : >"$job/keep"
  ((${#keep[@]} == 0)) || printf '%s\0' "${keep[@]}" >"$job/keep"
  printf '%s\0' "$results" >"$job/results"
}

# What the kernel needs before it sees the host's file system: busybox, and the
# modules of the devices (built into some kernels) in the order of their needs.
pack_initramfs() {
  local root=$run_directory/initramfs line file name
  mkdir -p "$root/bin" "$root/modules"
  cp "$CACHE/busybox/files/bin/busybox" "$root/bin/"
  cp "$BED/guest/init" "$BED/guest/start" "$root/"
  : >"$root/modules/order"
  while IFS= read -r line; do
    [[ $line == insmod\ * ]] || continue
    file=${line#insmod }
    file=${file% }
    name=$(basename "$file" .xz)
    [[ ! -e $root/modules/$name ]] || continue
    if [[ $file == *.xz ]]; then
      xz --decompress --stdout "$file" >"$root/modules/$name"
    else
      cp "$file" "$root/modules/$name"
    fi
    echo "$name" >>"$root/modules/order"
  done < <(modprobe --dirname "$CACHE/$kernel/files" --set-version "$(release_of "$kernel")" \
    --show-depends --all virtio_pci virtio_console virtiofs overlay)
  (cd "$root" && find . | "$CACHE/busybox/files/bin/busybox" cpio -o -H newc -R 0:0 \
    >../initrd 2>/dev/null) ||
    stop_with 125 "packing the initramfs into $run_directory: the disk may be full"
}

# The machine writes the command's output into named pipes.
start_pumps() {
  mkfifo "$run_directory/stdout" "$run_directory/stderr"
  cat "$run_directory/stdout" &
  children[stdout]=$!
  cat "$run_directory/stderr" >&2 &
  children[stderr]=$!
}

# start_share NAME SOURCE [OPTION...]: starts a file server and waits for its socket.
start_share() {
  local name=$1 i
  (
    cd "$run_directory" || exit
    exec setpriv --pdeathsig TERM unshare --mount --propagation private \
      "$BED/share" "$VIRTIOFSD" "$@" </dev/null >"$name.log" 2>&1
  ) &
  children[$name]=$!
  for ((i = 0; i < 500; i++)); do
    [[ ! -S $run_directory/$name.socket ]] || return 0
    kill -0 "${children[$name]}" 2>/dev/null || break
    sleep 0.02
  done
  stop_with 125 "serving files to the guest ($name): $(tail -n 1 "$run_directory/$name.log")"
}

# bpf must be named in lsm= before the kernel takes BPF LSM programs. Emulation:
# it needs no /dev/kvm and is the same everywhere.
start_machine() {
  local devices=(
    -chardev 'socket,id=root,path=root.socket'
    -device 'vhost-user-fs-pci,queue-size=1024,chardev=root,tag=host'
    -device virtio-serial-pci
  ) name
  if [[ -n $results ]]; then
    devices+=(
      -chardev 'socket,id=results,path=results.socket'
      -device 'vhost-user-fs-pci,queue-size=1024,chardev=results,tag=results'
    )
  fi
  for name in stdout stderr status; do
    devices+=(-chardev "file,id=$name,path=$name" -device "virtserialport,chardev=$name,name=$name")
  done
  # Through a link, since the names of qemu's options cannot hold every path.
  ln -s "$log" "$run_directory/kernel.log"
  (
    cd "$run_directory" || exit
    exec setpriv --pdeathsig TERM timeout --kill-after=5 "$timeout_s" \
      qemu-system-x86_64 -nodefaults -no-user-config -no-reboot -display none \
      -machine q35 -accel tcg -cpu max -smp "$cpus" -m "${memory_mib}M" \
      -object "memory-backend-memfd,id=memory,size=${memory_mib}M,share=on" \
      -numa node,memdev=memory -serial file:kernel.log \
      -kernel "../../$kernel/files/boot/vmlinuz-$(release_of "$kernel")" -initrd initrd \
      -append "console=ttyS0 panic=-1 lsm=landlock,lockdown,yama,bpf" \
      "${devices[@]}" </dev/null >machine.log 2>&1
  ) &
  children[machine]=$!
}

# Waits for the end; whoever reads our output may leave first (`| head`), and then
# the guest ends too, as a command in a pipe does.
await_machine() {
  local ended machine_status=0
  while [[ -n ${children[machine]:-} ]]; do
    local status=0
    wait -n -p ended "${children[machine]}" ${children[stdout]:+"${children[stdout]}"} \
      ${children[stderr]:+"${children[stderr]}"} || status=$?
    case $ended in
      "${children[machine]}") machine_status=$status && unset 'children[machine]' ;;
      *) ((status == 0)) || return 141 ;;
    esac
    [[ $ended != "${children[stdout]:-}" ]] || unset 'children[stdout]'
    [[ $ended != "${children[stderr]:-}" ]] || unset 'children[stderr]'
  done
  if [[ ! -e $run_directory/status ]]; then
    stop_with 125 "starting the machine: $(tail -n 1 "$run_directory/machine.log")"
  fi
  await_rest
  conclude "$machine_status"
}

# The rest of the output, and the last writes to the results folder.
await_rest() {
  local name status
  for name in stdout stderr root results; do
    [[ -n ${children[$name]:-} ]] || continue
    status=0
    wait "${children[$name]}" || status=$?
    unset "children[$name]"
    ((status == 0)) || [[ $name == root || $name == results ]] || exit 141
  done
}

# conclude MACHINE_STATUS: the command's status, or why there is none.
conclude() {
  local status
  status=$(<"$run_directory/status")
  [[ ! $status =~ ^[0-9]+$ ]] || return "$status"
  if (($1 == 124 || $1 == 137)); then
    say "$kernel: the time limit of $timeout_s s is over, the guest was ended; kernel messages: $log"
    return 124
  fi
  say "$kernel: the guest ended before the command did: $(reason); the end of $log:"
  tail -n 15 "$log" | tr -d '\r' >&2
  return 125
}

# reason: why a guest ended early, in its own or in the machine's words.
reason() {
  local line
  line=$(tr -d '\r' <"$log" | grep -aE 'guest: |Kernel panic|BUG: ' | tail -n 1)
  [[ -n $line ]] || line=$(tail -n 1 "$run_directory/machine.log")
  echo "${line:-no reason is in its log}"
}
