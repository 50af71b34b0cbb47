# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Sourced by ./ig and ./kubectl-gadget, with the checkout in $root.

# launch PROGRAM ARGUMENTS...: builds what is out of date, then becomes the program.
launch() {
  local program=$1 launch=${root:?}/target/launch jar aot java_flags
  shift
  if [ ! -f "$launch/stamp" ] || [ -n "$(cd "$root" && find pom.xml .mvn build deploy gadgets third-party programs ./*/src ./*/pom.xml \
    \( -name target -o -name test -o -name testing \) -prune -o -newer target/launch/stamp -type f -print -quit 2>/dev/null)" ]; then
    # Under sudo the build belongs to the caller, so that nothing of root's is left in the checkout.
    if [ "$EUID" -eq 0 ] && [ -n "${SUDO_USER:-}" ] && [ "$SUDO_USER" != root ]; then
      sudo -u "$SUDO_USER" -H "$root/build/prepare"
    else
      "$root/build/prepare"
    fi
  fi

  # The JVM does not notice that a jar is another than the one it was trained with, so the cache's name must.
  for jar in "$root/programs/$program/target/$program"-*.jar "$root/programs/$program"/target/lib/*.jar; do
    if [ "$jar" -nt "$launch/$program" ]; then
      "$root/build/write-launch" "$launch"
      break
    fi
  done

  # Sets java, java_flags, class_path, main_class and aot_name.
  # shellcheck disable=SC1090
  . "$launch/$program"
  if [ ! -x "${java:?}" ]; then
    # The JDK of the last build has gone; another one may have come.
    "$root/build/write-launch" "$launch"
    # shellcheck disable=SC1090
    . "$launch/$program"
  fi
  if [ "${IG_AOT:-on}" = on ]; then
    aot=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/inspektor-gadget/aot/${aot_name:?}
    # Without root less can be learned, so the two have caches of their own.
    [ "$EUID" -eq 0 ] || aot=${aot%.aot}-user.aot
    [ -f "$aot" ] || "$root/build/train-aot" "$launch/$program" "$aot"
    [ -f "$aot" ] && java_flags+=("-XX:AOTCache=$aot" "-Dig.kernel-types=${aot%.aot}.btf")
  fi
  exec "${java:?}" "${java_flags[@]}" -cp "${class_path:?}" "${main_class:?}" "$@"
}
