#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs ig from this checkout: builds what is out of date, then starts it at once.
set -euo pipefail
script=$0
[ -L "$script" ] && script=$(readlink -f "$script")
case $script in /*) ;; *) script=$PWD/$script ;; esac
root=${script%/*}
launch=$root/target/launch

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

if [ ! -f "$launch/stamp" ] || [ -n "$(cd "$root" && find pom.xml .mvn build gadgets third-party programs ./*/src ./*/pom.xml \
  \( -name target -o -name test -o -name testing \) -prune -o -newer target/launch/stamp -type f -print -quit 2>/dev/null)" ]; then
  # Under sudo the build belongs to the caller, so that nothing of root's is left in the checkout.
  if [ "$EUID" -eq 0 ] && [ -n "${SUDO_USER:-}" ] && [ "$SUDO_USER" != root ]; then
    sudo -u "$SUDO_USER" -H "$root/build/prepare"
  else
    "$root/build/prepare"
  fi
fi

# The JVM does not notice that a jar is another than the one it was trained with, so the cache's name must.
for jar in "$root"/programs/ig/target/ig-*.jar "$root"/programs/ig/target/lib/*.jar; do
  if [ "$jar" -nt "$launch/ig" ]; then
    "$root/build/write-launch" "$launch"
    break
  fi
done

# Sets java, java_flags, class_path and aot_name.
# shellcheck disable=SC1091
. "$launch/ig"
if [ ! -x "$java" ]; then
  # The JDK of the last build has gone; another one may have come.
  "$root/build/write-launch" "$launch"
  # shellcheck disable=SC1091
  . "$launch/ig"
fi
if [ "${IG_AOT:-on}" = on ]; then
  aot=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/inspektor-gadget/aot/$aot_name
  # Without root less can be learned, so the two have caches of their own.
  [ "$EUID" -eq 0 ] || aot=${aot%.aot}-user.aot
  [ -f "$aot" ] || "$root/build/train-aot" "$launch/ig" "$aot"
  [ -f "$aot" ] && java_flags+=("-XX:AOTCache=$aot" "-Dig.kernel-types=${aot%.aot}.btf")
fi
exec "$java" "${java_flags[@]}" -cp "$class_path" io.inspektorgadget.ig.IgMain "$@"
