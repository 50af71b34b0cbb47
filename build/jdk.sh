# SPDX-License-Identifier: Apache-2.0
# Sourced. find_jdk sets JAVA_HOME to a JDK 25 or newer, wherever it is installed, and returns 1 where there is none.

# jdk_release DIR prints the feature release of the JDK in DIR, nothing if DIR is no JDK with a compiler.
jdk_release() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

find_jdk() {
  local candidate release
  for candidate in "${JAVA_HOME:-}" "$(dirname "$(dirname "$(readlink -f "$(command -v javac || echo /)")")")" \
    /usr/lib/jvm/* /usr/java/* /usr/local/*jdk* /opt/*jdk* /opt/java/* "${HOME:-/root}"/.sdkman/candidates/java/* "${HOME:-/root}"/.jdks/*; do
    [ -n "$candidate" ] || continue
    release=$(jdk_release "$candidate")
    if [ -n "$release" ] && [ "$release" -ge 25 ]; then
      export JAVA_HOME="$candidate"
      return 0
    fi
  done
  return 1
}

require_jdk() {
  find_jdk && return 0
  echo "looking for a JDK 25 or newer in JAVA_HOME, PATH, /usr/lib/jvm and /opt: none found; install one, for example Temurin 25 (https://adoptium.net), or set JAVA_HOME" >&2
  exit 1
}
