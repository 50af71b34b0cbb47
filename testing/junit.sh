# SPDX-License-Identifier: Apache-2.0
# Sourced by the layers that run JUnit tests from the built test class path: no Maven, no network, no writable checkout.
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
# shellcheck source=build/jdk.sh
. "$root/build/jdk.sh"
require_jdk

# find_class_path: sets class_path to what the tests of every module run with.
find_class_path() {
  local module
  class_path=$(cat "$root/programs/ig/target/test.classpath")
  for module in "$root"/*/target/test-classes "$root"/programs/*/target/test-classes; do
    # Classes too: those of a module that ig does not need are not in its class path.
    [ ! -d "$module" ] || class_path=$module:${module%/test-classes}/classes:$class_path
  done
  # And their libraries.
  for module in "$root"/*/target/test.classpath; do
    [ ! -f "$module" ] || class_path=$class_path:$(cat "$module")
  done
}

# run_tagged TAG RESULTS_DIR FILTER: runs the tests of every module that carry the tag; FILTER is a part of a class's name, as a regular expression.
# Scenarios are chosen by the gadget's name instead, in the variable IG_SCENARIO.
# The variable java_flags, an array, adds flags of the JVM.
java_flags=()
run_tagged() {
  local tag=$1 results=$2 filter=$3 module arguments=()
  find_class_path
  for module in "$root"/*/target/test-classes "$root"/programs/*/target/test-classes; do
    [ -d "$module" ] || continue
    arguments+=(--scan-classpath="$module")
  done
  # -Xbatch: what the JIT has not compiled yet allocates, so tests that count bytes wait for it.
  "$JAVA_HOME/bin/java" -XX:+UseSerialGC -Xbatch -Xmx1g --enable-native-access=ALL-UNNAMED \
    "${java_flags[@]}" -Dig.checkout="$root" -cp "$class_path" org.junit.platform.console.ConsoleLauncher execute \
    "${arguments[@]}" --include-tag="$tag" --include-classname="${filter:+.*$filter}.*Test" --reports-dir="$results" \
    --disable-banner --details=tree --fail-if-no-tests
}
